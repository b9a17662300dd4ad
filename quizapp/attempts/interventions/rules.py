"""答卷处理: what can be done with one attempt, what follows for its candidate, and the words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from quizapp.dates import minute
from quizapp.exams import counting

KINDS = {"void": "作废答卷", "restore": "恢复答卷", "reopen": "补时重开"}
STATES = {"asked": "待批准", "approved": "已批准", "rejected": "已退回", "withdrawn": "已撤回"}
SHEET_STATES = {
    "created": "未开始",
    "in_progress": "答题中",
    "submitted": "本人交卷",
    "expired": "自动交卷",
    "voided": "已作废",
}
MOST_MINUTES = 240
LONGEST = 200  # letters of a reason, of evidence, of an answer
CLOSED = ("submitted", "expired")
OFFERED = {"in_progress": ("reopen", "void"), "voided": ("restore",)} | dict.fromkeys(
    CLOSED, ("void", "reopen")
)
WAYS = {  # what each does, said before it is asked for
    "void": "不计成绩，答卷、交卷回执和保存记录都保留，可以恢复。"
    "作废的答卷仍占考试次数；需要重考的，另在考生页面增加考试次数。",
    "restore": "恢复为作废以前的状态，按规定重新计算成绩。",
    "reopen": "已交卷的恢复作答，交卷前的答案都在；答题中的在原定时间之外增加。"
    "原交卷回执不再有效，重新交卷前没有这份答卷的成绩。",
}


@dataclass(frozen=True)
class Sheet:
    """One attempt of a candidate. total: tenths of a 分, none where nothing is marked; sat: 实考."""

    number: int  # 第N次考试
    state: str
    state_before: str | None
    total: int | None
    sat: bool


def bars(
    kind: str, *, state: str, exam_state: str, trial: bool, answers_seen: bool, another_open: bool
) -> str:
    """Why this cannot be done now, as a sentence; "" if it can.

    answers_seen: its candidate may have seen answers; another_open: another attempt is being answered.
    Raises KeyError for another kind.
    """
    if KINDS[kind] and (exam_state != "published" or trial):
        return "考试没有发布，或已取消、作废，不能处理答卷。"
    if state == "created":
        return "考生还没有开始答题，没有答卷可以处理。"
    if kind == "restore" and state != "voided":
        return "这份答卷没有作废，不需要恢复。"
    if kind != "restore" and state == "voided":
        return "这份答卷已经作废，先恢复才能作其他处理。"
    if kind == "reopen" and answers_seen:
        return "考生已经可以看到对错或答案，不能再恢复作答。"
    if kind != "void" and another_open:
        return "考生还有一份答卷正在作答，交卷后才能办理。"
    return ""


def another_open(sheets: Sequence[Sheet], number: int) -> bool:
    """Whether another attempt than this one is being answered."""
    return any(one.state == "in_progress" and one.number != number for one in sheets)


def counted(sheets: Sequence[Sheet], rule: str) -> Sheet | None:
    """The attempt that counts, by the exam's rule for several; none where none does."""
    found: Sheet | None = None
    for one in sorted(sheets, key=lambda each: each.number):
        if one.state not in CLOSED or not one.sat or one.total is None:
            continue
        if counting.counts(found.total if found else None, one.total, rule):
            found = one
    return found


def after(kind: str, sheets: Sequence[Sheet], number: int) -> list[Sheet]:
    """The attempts as they would be. Raises KeyError for another kind."""
    return [_changed(kind, one) if one.number == number else one for one in sheets]


def _changed(kind: str, one: Sheet) -> Sheet:
    state = {"void": "voided", "restore": one.state_before or one.state, "reopen": "in_progress"}[kind]
    return replace(one, state=state, state_before=one.state if kind == "void" else None)


def longer_by(closes_at: datetime, minutes: int, now: datetime) -> timedelta:
    """By how much the end moves, so that this many minutes are left from now, or from the end where that is to come."""
    return max(now - closes_at, timedelta(0)) + timedelta(minutes=minutes)


def told(
    kind: str, number: int, at: datetime, reason: str, *, minutes: int | None = None, going_on: bool = False
) -> tuple[str, str]:
    """(tone, sentence) for whom the attempt belongs to. going_on: it can still be answered."""
    reason = reason.rstrip("。")
    which = f"您的第{number}次考试答卷已于{minute(at)}"
    if kind == "void":
        return "bad", f"{which}作废，不计成绩。理由：{reason}。如有疑问，请联系考务管理员。"
    if kind == "restore":
        return "ok", f"{which}恢复有效，成绩按规定计算。理由：{reason}。"
    may = "可以继续作答，" if going_on else ""
    return "info", f"{which}补时{minutes}分钟，{may}以重新交卷时的答案计分。理由：{reason}。"
