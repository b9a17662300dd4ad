"""What a recorded exception says in words: the act, and its details as the audit log keeps them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from quizapp import dates
from quizapp.exams.excuses import KINDS, STATUSES

Detail = Mapping[str, Any]


def _status(detail: Detail) -> str:
    words = f"{_state(detail, 'before')}改为{_state(detail, 'after')}"
    until = _day(detail.get("until"))
    return f"{words}，{until}到期" if until else words


def _state(detail: Detail, name: str) -> str:
    return STATUSES.get(str(detail.get(name)), "—")


def _time(detail: Detail) -> str:
    """What is given now; 取消延长 where nothing is any more."""
    after = detail.get("after") or {}
    parts = [
        f"延长{after['minutes']}分钟" if after.get("minutes") else "",
        f"按比例延长{after['percent']}%" if after.get("percent") else "",
        f"个人截止时间{_closing(after.get('closes_at'))}" if after.get("closes_at") else "",
    ]
    return "，".join(part for part in parts if part) or "取消延长"


def _attempts(detail: Detail) -> str:
    return f"增加{detail.get('after', 0)}次（原增加{detail.get('before', 0)}次）"


def _asked(detail: Detail) -> str:
    words, until = KINDS.get(str(detail.get("kind")), ""), _day(detail.get("until"))
    return f"{words}，{until}到期" if until else words


def _unit_extended(detail: Detail) -> str:
    end = _closing(detail.get("closes_at"))
    return f"{detail.get('unit', '')}及下级单位延至{end}，涉及{detail.get('candidates', 0)}人"


def _duty(detail: Detail) -> str:
    phone = detail.get("phone")
    return f"{detail.get('name') or ''}{f'，电话{phone}' if phone else ''}"


def _extended(detail: Detail) -> str:
    minutes, seconds = divmod(int(detail.get("seconds", 0)), 60)
    span = f"{minutes}分{seconds}秒" if seconds else f"{minutes}分钟"
    return f"延长{span}，涉及{len(detail.get('attempts', ()))}份答卷，恢复作答{len(detail.get('reopened', ()))}份"


def _people(detail: Detail) -> str:
    people = detail.get("people")
    return f"补充{people}人" if people else ""


def _sheets(detail: Detail) -> str:
    sheets = detail.get("sheets")
    return f"{sheets}份答卷，{_closing(detail.get('sat_at'))}交卷" if sheets else ""


def _closed_early(detail: Detail) -> str:
    words = f"截止时间由{_closing(detail.get('before'))}改为{_closing(detail.get('after'))}"
    return f"{words}，未开始{detail.get('waiting', 0)}人，正在作答{detail.get('answering', 0)}人"


def _held(detail: Detail) -> str:
    questions = detail.get("questions")
    return f"与原答卷不同{questions}题" if questions else ""


def _appeal(detail: Detail) -> str:
    number, verdict = detail.get("number"), detail.get("verdict")
    what = "" if number is None else f"第{number}题" if number else "整体成绩"
    return f"{what}，{verdict}" if what and verdict else f"{what}{verdict or ''}"


def _certificates(detail: Detail) -> str:
    before, after = detail.get("before") or {}, detail.get("after") or {}
    holders = detail.get("holders")
    told = f"，已有{holders}人领取" if holders else ""
    if not before.get("issues"):
        return f"开始颁发，{_sheet(after)}{told}" if after else ""
    return f"{_sheet(before)}改为{_sheet(after)}{told}" if after.get("issues") else f"停止颁发{told}"


def _sheet(words: Mapping[str, Any]) -> str:
    return f"“{words.get('title', '')}”（{words.get('issuer', '')}）"


def _acting(detail: Detail) -> str:
    minutes = detail.get("minutes")
    return f"{detail.get('what') or ''}{f'{minutes}分钟' if minutes else ''}"


def _run(detail: Detail) -> str:
    """第3次判分；恢复第1次判分；2道试题；25人的成绩变化. Never a key."""
    number, restores, revisions = (detail.get(name) for name in ("number", "restores", "revisions"))
    changed, trouble = detail.get("changed"), detail.get("trouble")
    parts = [
        f"第{number}次判分" if number else "",
        f"恢复第{restores}次判分" if restores else "",
        f"更正{len(revisions)}道试题" if revisions else "",
        f"{changed}人的成绩变化" if changed is not None else "",
        str(trouble) if trouble else "",
    ]
    return "，".join(part for part in parts if part)


def _nothing(_detail: Detail) -> str:
    return ""


# action: (words, what its detail says). Acts that are no exceptions stand in ROUTINE.
ACTS: dict[str, tuple[str, Callable[[Detail], str]]] = {
    "candidate.status": ("变更考生状态", _status),
    "candidate.excuse_asked": ("申请免考、缓考", _asked),
    "candidate.excuse_refused": ("不批准免考、缓考", _asked),
    "candidate.excuse_withdrawn": ("撤回免考、缓考申请", _asked),
    "candidate.time": ("延长个人考试时间", _time),
    "candidate.attempts": ("增加考试次数", _attempts),
    "candidate.added": ("增加考生", _nothing),
    "candidate.sign_in_reset": ("重置登录", _nothing),
    "exam.unit_extended": ("延长单位考试时间", _unit_extended),
    "exam.duty_named": ("指定值班人员", _duty),
    "exam.duty_removed": ("取消值班人员", _duty),
    "exam.closed_early": ("提前结束考试", _closed_early),
    "exam.certificates_changed": ("改动合格证设置", _certificates),
    "exam.cancelled": ("取消考试", _nothing),
    "exam.voided": ("作废考试", _nothing),
    "exam.list_extended": ("按名册补充考生", _people),
    "exam.paper_results": ("登记纸质考试", _sheets),
    "attempt.extended": ("补时", _extended),
    "attempt.voided": ("答卷作废", _nothing),
    "attempt.restored": ("恢复答卷", _nothing),
    "attempt.held_proposed": ("提请采用滞留答卷", _nothing),
    "attempt.held_accepted": ("批准采用滞留答卷", _held),
    "attempt.held_rejected": ("不采用滞留答卷", _nothing),
    "attempt.held_reopened": ("重新考虑滞留答卷", _nothing),
    "attempt.held_undone": ("撤销采用滞留答卷", _nothing),
    "attempt.intervention_asked": ("申请处理答卷", _acting),
    "attempt.intervention_rejected": ("退回处理答卷的申请", _acting),
    "attempt.intervention_withdrawn": ("撤回处理答卷的申请", _acting),
    "marking_run.prepared": ("提出更正答案", _run),
    "correction.submitted": ("提交更正待批准", _run),
    "correction.approving": ("批准更正答案", _run),
    "correction.approved": ("更正答案生效", _run),
    "correction.failed": ("更正答案没有办成", _run),
    "correction.rejected": ("退回更正答案", _run),
    "correction.withdrawn": ("撤回更正答案", _run),
    "attempt.appeal_answered": ("答复成绩复核申请", _appeal),
    "attempt.appeal_reopened": ("撤销对成绩复核申请的答复", _appeal),
}
# Whose reasons, typed by people, may name the key of a question.
KEYED = {"attempt.appeal_answered", *(one for one in ACTS if one.startswith(("marking_run.", "correction.")))}
VEILED = "涉及标准答案，在更正记录、复核申请中查看"
ROUTINE = {
    "marking_run.activated",  # told by correction.approved
    *("exam.created", "exam.changed", "exam.published", "exam.released", "exam.makeup_arranged"),
    *("exam.replanned", "exam.assembled", "exam.picked", "exam.printed", "exam.archived"),
    *("exam.clues_searched", "attempt.clues_reviewed"),
    *("exam.named_in", "exam.named_out", "exam.unnamed", "exam.units_left_out"),
    *("exam.slot_given", "exam.slot_taken", "exam.slots_spread", "attempt.taken_over"),
}


def words(action: str) -> str:
    """What was done. Raises KeyError for an act that is no exception."""
    return ACTS[action][0]


def told(action: str, detail: Detail) -> str:
    """What exactly, "" where the act says it all. The reason stands apart: see `reason`."""
    return ACTS[action][1](detail)


def reason(detail: Detail) -> str:
    """Why it was done, with the evidence where some was named."""
    parts = (detail.get("reason") or detail.get("answer"), detail.get("evidence"))
    return "；".join(str(part).rstrip("。") if parts[1] else str(part) for part in parts if part)


def veiled(action: str, detail: Detail) -> str:
    """The same for a reader who may not see keys."""
    said = reason(detail)
    return VEILED if said and action in KEYED else said


def other(detail: Detail) -> tuple[int, str] | None:
    """The other of the two people of an act: (person id, what that one did)."""
    for name, did in (("second", "批准"), ("proposed_by", "提出")):
        if isinstance(detail.get(name), int):
            return int(detail[name]), did
    return None


def _closing(moment: Any) -> str:
    return dates.closing(datetime.fromisoformat(moment)) if moment else ""


def _day(moment: Any) -> str:
    """The last day before this moment: midnight is the end of the day before."""
    return _closing(moment).removesuffix(" 24:00")
