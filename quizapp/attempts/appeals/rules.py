"""成绩复核: until when it can be asked for, what stands in the way, how it can be answered, and the words. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from quizapp.clock import end_of, today
from quizapp.dates import closing
from quizapp.exams import release, windows

WHOLE = 0  # instead of the number of a question: the result as a whole
STATES = {
    "open": "待答复",
    "kept": "维持原成绩",
    "corrected": "已更正答案",
    "remedied": "已另行处理",
    "withdrawn": "已撤回",
}
VERDICTS = {name: STATES[name] for name in ("kept", "corrected", "remedied")}
READY = {  # sentences to choose from, by verdict
    "kept": (
        "经核对保存记录，交卷时的答案与成绩页面所列一致。",
        "经核对法规条文，标准答案正确。",
        "经重新计算，各题得分和总分无误。",
        "申请的内容不属于成绩复核的范围。",
    ),
    "corrected": ("经核对，原标准答案有误，已更正并为全部考生重新计分。",),
    "remedied": ("经核对，情况属实，已按规定为您另行处理。",),
}


class Settings(release.Settings, Protocol):
    """The columns of an exam that say whether appeals are taken, and until when."""

    state: str
    appeal_days: int
    closes_at: datetime | None
    released_at: datetime | None


def what(number: int) -> str:
    """第3题, or 整体成绩."""
    return f"第{number}题" if number else "整体成绩"


def waits(exam: Settings) -> bool:
    """Whether something is still to be released: the days begin only then."""
    settings = (exam.show_score, *release.in_order(exam).values())
    return exam.released_at is None and "released" in settings


def ends(exam: Settings, latest_personal: datetime | None) -> datetime | None:
    """The moment from which no appeal is taken: 24:00 of the last of so many days after the day of the release, or of
    the end of the exam where nothing waits for a release. None: not known before the release.

    latest_personal: the latest end of any candidate's own time. Raises ValueError for an exam without appeals.
    """
    if not exam.appeal_days or exam.closes_at is None:
        raise ValueError("this exam takes no appeals")
    if waits(exam):
        return None
    over = windows.window_end(exam.closes_at, latest_personal) - windows.INSTANT
    began = max(over, exam.released_at) if exam.released_at else over
    return end_of(today(began) + timedelta(days=exam.appeal_days))


def taken(exam: Settings, latest_personal: datetime | None, now: datetime) -> bool:
    """Whether an exam takes appeals now, as far as its candidates see anything to appeal."""
    if exam.state != "published" or not exam.appeal_days or exam.closes_at is None:
        return False
    until = ends(exam, latest_personal)
    return until is None or now < until


def period(exam: Settings, latest_personal: datetime | None, now: datetime) -> str:
    """Until when, as a sentence; "" for an exam that takes none."""
    if exam.state != "published" or not exam.appeal_days or exam.closes_at is None:
        return ""
    until = ends(exam, latest_personal)
    if until is None:
        return f"成绩复核申请截至公布答案后第{exam.appeal_days}天24:00。"
    return f"成绩复核申请{'截至' if now < until else '已于'}{closing(until)}{'' if now < until else '截止'}。"


def told_before(exam: Settings) -> str:
    """The same among the rules of an exam, before anybody sits it; "" where nothing would be shown to appeal."""
    if not exam.appeal_days or exam.show_score == exam.show_right == "never":
        return ""
    after = "公布答案" if waits(exam) or exam.released_at else "考试结束"
    return f"{after}后{exam.appeal_days}天内可以申请"


def can_be_asked(number: int, shown: release.Shown) -> bool:
    """Whether what is appealed has been shown to this person: of a question right or wrong, of the result anything."""
    return shown.right if number else shown.anything


def bars(number: int, states: Collection[str], shown: release.Shown, *, open_now: bool) -> str:
    """Why this cannot be appealed now, as a sentence; "" if it can. states: of earlier appeals of the same.

    Only what was withdrawn can be asked for again: an answer is final.
    """
    if not open_now:
        return "不在成绩复核的申请时间内，没有提交申请。"
    if not can_be_asked(number, shown):
        return f"{what(number)}还没有公布，没有提交申请。"
    if "open" in states:
        return f"{what(number)}已有一份待答复的申请，没有重复提交。"
    if set(states) & set(VERDICTS):
        return f"{what(number)}的申请已经答复，复核以一次为限。"
    return ""


def answer_of(verdict: str, ready: str, words: str) -> str:
    """An answer as it is stored: the sentence chosen, and what was added. Raises ValueError with a sentence."""
    if verdict not in VERDICTS:
        raise ValueError("请选择处理结果。")
    if ready and ready not in READY[verdict]:
        raise ValueError("所选的常用答复与处理结果不一致。")
    if not (ready or words):
        raise ValueError("请选择常用答复，或填写答复。")
    return f"{ready}{words}"
