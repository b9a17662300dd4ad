"""The exam calendar: its weeks, what happens on which day, and whose exams it shows."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import clock
from quizapp.clock import CHINA
from quizapp.db import db
from quizapp.exams import holiday_tables, months
from quizapp.exams.months import Month, Run
from tests.statements import statements


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def day(text):
    return date.fromisoformat(text)


@given(st.integers(2000, 2099), st.integers(1, 12))
def test_the_weeks_hold_the_whole_month_from_monday_to_sunday(year, number):
    month = Month(year, number)
    days = [one for week in month.weeks for one in week]
    assert {month.first, month.last} <= set(days)
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in month.weeks)
    assert [(later - former).days for former, later in zip(days, days[1:], strict=False)] == [1] * (
        len(days) - 1
    )
    assert days[6] >= month.first
    assert days[-7] <= month.last


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.integers(-24, 24))
def test_months_are_shifted_there_and_back(one, by):
    month = Month.of(one)
    assert month.shifted(by).shifted(-by) == month
    assert month.shifted(12) == Month(month.year + 1, month.number)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-12", Month(2026, 12)),
        ("2026-13", None),
        ("2026-00", None),
        ("1999-12", None),
        ("2101-01", None),
        ("x", None),
    ],
)
def test_a_month_is_named_by_year_and_number(text, month):
    assert Month.named(text) == month


RUN = Run(1, at("2026-12-30 09:00"), at("2027-01-02 00:00"))


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2026-12-29", ""),
        ("2026-12-30", "9:00开始"),
        ("2026-12-31", "进行中"),
        ("2027-01-01", "24:00截止"),
        ("2027-01-02", ""),
    ],
)
def test_an_exam_over_new_year_says_what_it_does_on_a_day(on, words):
    """Hazard H14."""
    assert RUN.on(day(on)) == words


def test_an_exam_of_one_day_says_from_when_to_when():
    assert Run(1, at("2026-12-25 09:00"), at("2026-12-26 00:00")).on(day("2026-12-25")) == "9:00至24:00"


def test_days_are_cut_to_what_is_shown():
    found = months.by_day([RUN], day("2026-12-31"), day("2027-01-31"))
    assert found == {day("2026-12-31"): [(1, "进行中")], day("2027-01-01"): [(1, "24:00截止")]}
    assert RUN.meets(day("2027-01-01"), day("2027-01-31"))
    assert not RUN.meets(day("2027-01-02"), day("2027-01-31"))


# The page ----------------------------------------------------------------------------------------------------


def opened(exam, opens, closes):
    exam.opens_at, exam.closes_at = at(opens), at(closes)
    db.session.commit()


def test_the_calendar_shows_what_opens_and_closes_and_the_holidays(as_he, make_exam):
    opened(make_exam(title="国庆测验", purpose="unit"), "2026-10-09 09:00", "2026-10-11 00:00")
    holiday_tables.fill()
    page = as_he.page("/exams/calendar?month=2026-10")
    assert page.h1 == "考试日历"
    for words in ("9:00开始", "24:00截止", "国庆测验", "国庆节", "班", "青石县", "草稿"):
        assert words in page.text
    assert "国庆测验" not in as_he.page("/exams/calendar?month=2026-10&purpose=annual").text
    assert "国庆测验" in as_he.page("/exams/calendar?month=2026-10&purpose=unit").text


def test_the_months_lead_on_and_nonsense_shows_this_month(as_he, cast):
    page = as_he.page("/exams/calendar?month=2026-12")
    assert "/exams/calendar?month=2027-01" in page.html
    assert "/exams/calendar?month=2026-11" in page.html
    this = f"{clock.today().year}年{clock.today().month}月"
    assert this in as_he.page("/exams/calendar?month=2026-99&purpose=x").text


def test_another_units_exams_are_not_shown(as_fang, make_exam, cast):
    from quizapp.people.models import Grant

    db.session.add(
        Grant(person_id=cast.fang, role="exam_administrator", unit_id=cast.town, granted_at=clock.now())
    )
    opened(make_exam(title="县里的考试"), "2026-12-01 00:00", "2026-12-02 00:00")
    assert "县里的考试" not in as_fang.page("/exams/calendar?month=2026-12").text


def test_the_calendar_costs_the_same_however_many_exams(as_he, make_exam):
    def cost():
        with statements() as seen:
            as_he.page("/exams/calendar?month=2026-12")
        return len(seen)

    opened(make_exam(), "2026-12-01 00:00", "2026-12-02 00:00")
    one = cost()
    for _ in range(5):
        opened(make_exam(), "2026-12-01 00:00", "2026-12-20 00:00")
    assert cost() == one
