"""When reminders may go out: 8:00 to 20:00 of weekdays that are no holiday."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.clock import CHINA
from quizapp.exams import holiday_tables
from quizapp.reports.reminders import moments

TABLE = {row["day"]: row["working"] for row in holiday_tables.shipped()[2026]}


def china(words):
    return datetime.fromisoformat(words).replace(tzinfo=CHINA).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-12-14 09:30", "2026-12-14 09:30"),  # Monday
        ("2026-12-14 08:00", "2026-12-14 08:00"),
        ("2026-12-14 07:59:59", "2026-12-14 08:00"),
        ("2026-12-14 19:59:59", "2026-12-14 19:59:59"),
        ("2026-12-14 20:00", "2026-12-15 08:00"),
        ("2026-12-14 23:59", "2026-12-15 08:00"),
        ("2026-12-15 00:00", "2026-12-15 08:00"),
        ("2026-12-11 20:00", "2026-12-14 08:00"),  # Friday evening
        ("2026-12-12 10:00", "2026-12-14 08:00"),  # Saturday
        ("2026-09-30 21:00", "2026-10-08 08:00"),  # 国庆节
        ("2026-10-10 10:00", "2026-10-12 08:00"),  # a Saturday of 调休上班 stays quiet
        ("2026-02-14 10:00", "2026-02-24 08:00"),  # and so does one before 春节
        ("2026-02-24 08:00", "2026-02-24 08:00"),
        ("2026-06-18 20:30", "2026-06-22 08:00"),  # 端午节 is a Friday
        ("2026-12-31 20:30", "2027-01-04 08:00"),  # a year that is not stored: 元旦 is known all the same
    ],
)
def test_the_next_moment(now, then):
    assert moments.when_may(china(now), TABLE) == china(then)


@pytest.mark.parametrize("day", ["2027-05-01", "2027-05-02", "2027-10-01", "2027-01-01"])
def test_without_a_table_the_fixed_holidays_are_quiet(day):
    moment = china(f"{day} 09:00")
    assert moments.is_quiet(moment.astimezone(CHINA).date(), {})
    assert moments.when_may(moment, {}) > moment


def test_a_table_without_any_working_day_is_refused():
    first = china("2026-12-14 09:00").date()
    with pytest.raises(ValueError, match="no day"):
        moments.when_may(china("2026-12-14 09:00"), {first + timedelta(days=n): False for n in range(90)})


FIRST = datetime(2026, 1, 1, tzinfo=UTC)
TIMES = st.integers(0, 2 * 365 * 24 * 3600).map(lambda seconds: FIRST + timedelta(seconds=seconds))
DAYS = st.integers(0, 730).map(lambda days: FIRST.date() + timedelta(days=days))
TABLES = st.dictionaries(DAYS, st.booleans(), max_size=20)


@given(TIMES, TABLES)
def test_what_comes_out_is_permitted_and_never_before_now(now, table):
    then = moments.when_may(now, table)
    local = then.astimezone(CHINA)
    assert then >= now
    assert local.weekday() < 5
    assert table.get(local.date()) is not False
    assert time(8) <= local.time() < time(20)
    assert moments.when_may(then, table) == then


@given(TIMES, TABLES, st.floats(0, 1))
def test_no_permitted_moment_is_passed_over(now, table, share):
    then = moments.when_may(now, table)
    between = now + (then - now) * share
    assert between >= then or not moments.may(between, table)
