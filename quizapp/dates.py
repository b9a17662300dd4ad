"""Dates and times as pages and files print them, in Asia/Shanghai."""

from datetime import date, datetime, timedelta

from quizapp.clock import CHINA


def day(moment: datetime | date) -> str:
    """2026年7月12日"""
    local = moment.astimezone(CHINA) if isinstance(moment, datetime) else moment
    return f"{local.year}年{local.month}月{local.day}日"


def minute(moment: datetime) -> str:
    """2026年7月12日 18:00"""
    return f"{day(moment)} {moment.astimezone(CHINA):%H:%M}"


def second(moment: datetime) -> str:
    """2026年7月12日 18:00:09"""
    return f"{day(moment)} {moment.astimezone(CHINA):%H:%M:%S}"


def closing(moment: datetime) -> str:
    """The end of a window: midnight is 24:00 of the day before."""
    local = moment.astimezone(CHINA)
    if local.hour == local.minute == 0:
        return f"{day(local - timedelta(days=1))} 24:00"
    return minute(moment)


def until(opens: datetime, closes: datetime) -> str:
    """A window by its days: 2026年12月11日至12月25日 24:00; the year once, unless it changes."""
    first, last = day(opens), closing(closes)
    year = f"{opens.astimezone(CHINA).year}年"
    return f"{first}至{last.removeprefix(year)}"


def hour(minutes: int) -> str:
    """A time of the day given in minutes: 540 is 9:00, 1440 is 24:00."""
    return f"{minutes // 60}:{minutes % 60:02d}"
