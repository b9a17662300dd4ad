"""When reminders may go out. Pure.

From 8:00 to 20:00 of a weekday in China, never on a public holiday. A weekend stays quiet even where 调休 makes it a
working day: who has to come in on a Saturday is not reminded of an exam on it, and a rule without an exception is the
one that nobody has to explain. Source of the holidays: the stored tables (exams.holiday_tables); of a year for which
none is stored, the days that 《全国年节及纪念日放假办法》 ties to the solar calendar.
"""

from datetime import UTC, date, datetime, time, timedelta

from quizapp.clock import CHINA
from quizapp.exams.holidays import Table

FROM, UNTIL = time(8), time(20)  # 20:00 itself is too late
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})  # 元旦, 劳动节, 国庆节
LOOKED_AT = timedelta(days=60)  # no holiday lasts so long


def is_quiet(day: date, table: Table) -> bool:
    """Whether nothing goes out on this day: a Saturday or Sunday, or a public holiday."""
    return day.weekday() >= 5 or table.get(day) is False or (day.month, day.day) in FIXED


def when_may(now: datetime, table: Table) -> datetime:
    """The first moment from now on at which a reminder may go out: now itself, or 8:00 of the next permitted day.

    Raises ValueError when the table leaves no such day within LOOKED_AT.
    """
    local = now.astimezone(CHINA)
    today = local.date()
    if FROM <= local.time() < UNTIL and not is_quiet(today, table):
        return now
    first = today if local.time() < FROM else today + timedelta(days=1)
    for ahead in range(LOOKED_AT.days):
        day = first + timedelta(days=ahead)
        if not is_quiet(day, table):
            return datetime.combine(day, FROM, CHINA).astimezone(UTC)
    raise ValueError(f"no day within {LOOKED_AT.days} days on which a reminder may go out")


def may(now: datetime, table: Table) -> bool:
    """Whether a reminder may go out at this moment."""
    return when_may(now, table) == now
