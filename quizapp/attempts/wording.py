"""Times and spans as sentences say them: 12月25日24:00截止，还剩6天."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from quizapp.clock import CHINA, today
from quizapp.exams.models import Exam


def moment(at: datetime, now: datetime | None = None) -> str:
    """12月25日9:00; with `now` 今天9:00 or 明天9:00 where it is so near, and the year where it is another one."""
    local = at.astimezone(CHINA)
    return f"{_day(local.date(), now)}{local.hour}:{local.minute:02}"


def _day(day: date, now: datetime | None) -> str:
    if now is None:
        return f"{day.month}月{day.day}日"
    today = now.astimezone(CHINA).date()
    near = {0: "今天", 1: "明天"}.get((day - today).days)
    return near or f"{'' if day.year == today.year else f'{day.year}年'}{day.month}月{day.day}日"


def ending(at: datetime, now: datetime | None = None) -> str:
    """The same for an end: midnight is 24:00 of the day before."""
    local = at.astimezone(CHINA)
    if local.hour == local.minute == 0:
        return f"{_day((local - timedelta(days=1)).date(), now)}24:00"
    return moment(at, now)


def span(first: datetime, last: datetime, now: datetime) -> str:
    """今天9:00至18:00, 12月3日14:00至12月4日24:00."""
    start, end = moment(first, now), ending(last, now)
    same = (last.astimezone(CHINA) - timedelta(microseconds=1)).date() == first.astimezone(CHINA).date()
    return f"{start}至{end.removeprefix(_day(first.astimezone(CHINA).date(), now)) if same else end}"


def days_left(days: int, working: int | None = None) -> str:
    """还剩6天, or 还剩6天（4个工作日）where holidays are known."""
    return f"还剩{days}天" + ("" if working is None else f"（{working}个工作日）")


def deadline(at: datetime, days: int, working: int | None = None) -> str:
    """12月25日24:00截止，还剩6天（4个工作日）; on the last day 今天24:00截止. days: of the calendar that are left.

    working: how many of them are working days, where holidays are known; none: not told.
    """
    if days > 0:
        return f"{ending(at)}截止，{days_left(days, working)}"
    return f"今天{ending(at).partition('日')[2]}截止"


def days_until(end: datetime, now: datetime) -> int:
    """Days of the calendar in China from now until the last moment before `end`; 0 on the last day."""
    return (today(end - timedelta(microseconds=1)) - today(now)).days


def minutes(seconds: float) -> str:
    """12:05, or 1:02:05 from an hour on; never below 0:00."""
    whole = max(int(seconds), 0)
    hours, rest = divmod(whole, 3600)
    minute, second = divmod(rest, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def when(exam: Exam, setting: str, what: str, verb: str = "公布") -> str:
    """成绩将于12月25日24时后公布。 setting: of exams.release, one that does not show yet."""
    return f"{_when(exam, setting, what, verb)}。"


def whens(exam: Exam, waiting: Sequence[tuple[str, str]]) -> str:
    """The same for several things that come at several times: see exams.release.waiting. "" for none."""
    if exam.state == "voided":
        return ""
    sentences = [_when(exam, setting, what, "显示") for setting, what in waiting]
    return f"{'；'.join(sentences)}。" if sentences else ""


def _when(exam: Exam, setting: str, what: str, verb: str) -> str:
    if exam.state == "voided":
        return f"本次考试已作废，不公布{what}"
    if setting == "never":
        return f"本次考试不显示{what}"
    if setting == "closed" and exam.closes_at is not None:
        return f"{what}将于{ending(exam.closes_at)}后{verb}"
    return f"{what}将在考试结束后由主办单位公布"
