"""放假和调休: working days, and the sheet that names every fault at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.db import db
from quizapp.exams import holiday_tables, holidays
from quizapp.exams.models import Holiday
from quizapp.spreadsheets import Row, read

TABLE = {row["day"]: row["working"] for row in holiday_tables.shipped()[2026]}


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-01-04", True),  # a Sunday, 调休上班
        ("2026-02-14", True),
        ("2026-02-16", False),
        ("2026-02-23", False),
        ("2026-02-24", True),
        ("2026-02-28", True),
        ("2026-09-20", True),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-11-27", True),
        ("2026-11-28", False),
    ],
)
def test_days_of_2026(day, works):
    assert holidays.is_working_day(date.fromisoformat(day), TABLE) is works


def test_the_shipped_year_has_as_many_days_as_the_notice_names():
    off = [day for day, working in TABLE.items() if not working]
    assert len(off) == 3 + 9 + 3 + 5 + 3 + 3 + 7
    assert sum(TABLE.values()) == 6
    assert all(day.weekday() >= 5 for day, working in TABLE.items() if working)


def test_working_days_are_counted_only_in_years_that_are_known():
    assert holidays.working_days(date(2026, 9, 30), date(2026, 10, 10), TABLE) == 4
    assert holidays.working_days(date(2026, 10, 2), date(2026, 10, 1), TABLE) == 0
    assert holidays.working_days(date(2026, 12, 30), date(2027, 1, 4), TABLE) is None
    assert holidays.working_days(date(2027, 1, 4), date(2027, 1, 5), {}) is None


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_span_is_the_sum_of_its_parts(first, last):
    if first < last:
        whole = holidays.working_days(first, last, TABLE)
        parts = (
            holidays.working_days(first, first, TABLE),
            holidays.working_days(date.fromordinal(first.toordinal() + 1), last, TABLE),
        )
        assert whole == sum(parts)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-10-01", date(2026, 10, 1)),
        ("2026/10/1", date(2026, 10, 1)),
        ("2026年10月1日", date(2026, 10, 1)),
        ("2026.10.1", date(2026, 10, 1)),
        ("20261001", date(2026, 10, 1)),
        ("2026-02-30", None),
        ("10月1日", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it(text, day):
    assert holidays.day_of(text) == day


def rows(*lines):
    return [Row(n, list(cells), ()) for n, cells in enumerate([("日期", "类型", "名称"), *lines], start=1)]


def test_a_sheet_in_order_is_read():
    plan = holidays.read(rows(("2027-01-01", "休", "元旦"), ("", "", ""), ("2027/1/3", "上班", "")))
    assert plan.problems == []
    assert [(one.day, one.working, one.name) for one in plan.entries] == [
        (date(2027, 1, 1), False, "元旦"),
        (date(2027, 1, 3), True, ""),
    ]
    assert plan.years == {2027: (1, 1)}


def test_every_fault_is_named_at_once():
    plan = holidays.read(
        rows(
            ("2027-13-01", "休", ""),
            ("2027-01-01", "半天", ""),
            ("2027-01-04", "班", ""),
            ("2027-01-02", "休", "名" * 21),
            ("2027-01-02", "休", ""),
        )
    )
    assert [(one.row, one.column) for one in plan.problems] == [
        (2, "日期"),
        (3, "类型"),
        (4, "类型"),
        (5, "名称"),
        (6, "日期"),
    ]
    assert "星期一" in plan.problems[2].message
    assert "与第5行重复" in plan.problems[4].message


def test_a_sheet_without_days_is_a_fault():
    assert [one.message for one in holidays.read(rows()).problems] == ["表头下面没有内容"]


def test_the_shipped_years_fill_what_is_absent_once(app):
    assert holiday_tables.fill() == len(TABLE)
    assert holiday_tables.fill() == 0
    assert holiday_tables.table(date(2026, 5, 1), date(2026, 5, 1)) == TABLE


def test_a_year_is_replaced_as_a_whole_and_its_download_brings_it_back(app):
    holiday_tables.fill()
    before = holiday_tables.sheet(holiday_tables.years()[2026])
    db.session.add(Holiday(day=date(2027, 1, 1), working=False, name="元旦"))
    one = holidays.Entry(2, date(2026, 10, 1), False, "国庆节")
    holiday_tables.replace([one], file_hash="0", actor_id=None)
    assert {year: len(days) for year, days in holiday_tables.years().items()} == {2027: 1, 2026: 1}
    plan = holidays.read(read(before, "节假日.xlsx"))
    assert plan.problems == []
    holiday_tables.replace(plan.entries, file_hash="1", actor_id=None)
    assert holiday_tables.table(date(2026, 1, 1), date(2026, 12, 31)) == TABLE
