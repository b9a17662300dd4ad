"""Times and spans as sentences say them: 12月25日24时截止，还剩6天."""

from datetime import datetime, timedelta

from quizapp.clock import CHINA, today
from quizapp.exams.models import Exam


def moment(at: datetime) -> str:
    """12月25日9时, 12月25日9时30分"""
    local = at.astimezone(CHINA)
    return f"{local.month}月{local.day}日{_hour(local.hour, local.minute)}"


def ending(at: datetime) -> str:
    """The same for an end: midnight is 24时 of the day before."""
    local = at.astimezone(CHINA)
    if local.hour == local.minute == 0:
        before = local - timedelta(days=1)
        return f"{before.month}月{before.day}日24时"
    return moment(at)


def _hour(hour: int, minute: int) -> str:
    return f"{hour}时{minute}分" if minute else f"{hour}时"


def deadline(at: datetime, days: int) -> str:
    """12月25日24时截止，还剩6天; on the last day 今天24时截止. days: of the calendar that are left."""
    if days > 0:
        return f"{ending(at)}截止，还剩{days}天"
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


def when(exam: Exam, setting: str, what: str) -> str:
    """成绩将于12月25日24时后公布。 setting: of exams.release, one that does not show yet."""
    if exam.state == "voided":
        return f"本次考试已作废，不公布{what}。"
    if setting == "never":
        return f"本次考试不显示{what}。"
    if setting == "closed" and exam.closes_at is not None:
        return f"{what}将于{ending(exam.closes_at)}后公布。"
    return f"{what}将在考试结束后由主办单位公布。"
