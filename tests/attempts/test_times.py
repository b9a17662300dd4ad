"""What a cadre reads and may do where an exam has hours of the day, slots of units and holidays."""

from datetime import date, timedelta

import pytest

from quizapp import clock
from quizapp.attempts import opening, starting, timing
from quizapp.attempts.outcomes import NotOpen
from quizapp.attempts.protocol import OpenBody
from quizapp.clock import CHINA
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Holiday
from tests.attempts.conftest import candidate_of, live_session, own_phone

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hourly(exam):
    """The small exam over five days, each from 9:00 to 18:00."""
    exam.closes_at = clock.end_of(clock.today(exam.opens_at) + timedelta(days=4))
    exam.daily_from, exam.daily_until = 540, 1080
    db.session.commit()
    return exam


def local(exam, hour, minute=0, days=0):
    """A wall-clock time on one of the exam's days."""
    start = exam.opens_at.astimezone(CHINA) + timedelta(days=days)
    return start.replace(hour=hour, minute=minute)


def test_the_list_says_when_one_may_sit_today(hourly, as_jiang, at):
    at(local(hourly, 10))
    page = own_phone(as_jiang).page("/my-exams/")
    assert "年度考试12月29日24:00截止，还剩4天。今天9:00至18:00可以作答" in page.text


def test_after_the_hours_tomorrow_is_named_and_nothing_can_be_started(hourly, as_jiang, at, cast):
    at(local(hourly, 18))
    jiang = own_phone(as_jiang)
    assert "明天9:00至18:00可以作答" in jiang.page("/my-exams/").text
    page = jiang.page(f"/my-exams/{hourly.id}")
    assert "现在不在每天的作答时间内，明天9:00起可以开始。" in page.text
    assert [form for form in page.forms if "开始答题" in str(form.buttons)] == []
    with pytest.raises(Refused, match="明天9:00起可以开始"):
        starting.start(hourly, candidate_of(hourly, cast.jiang), pledge="", now=clock.now())


def test_an_attempt_made_in_time_is_not_opened_after_the_hours(hourly, cast, at):
    attempt = starting.start(hourly, candidate_of(hourly, cast.jiang), pledge="", now=local(hourly, 17, 59))
    late = local(hourly, 18)
    outcome = opening.open_page(attempt.token, OpenBody(), live_session(cast.jiang, late), late)
    assert outcome == NotOpen("outside_hours", "现在不在每天的作答时间内，明天9:00起可以开始。")


def test_a_sitting_ends_with_the_hours_and_says_so_before_it_starts(hourly, as_jiang, at, cast):
    at(local(hourly, 17, 30))
    page = own_phone(as_jiang).page(f"/my-exams/{hourly.id}")
    assert "现在开始，只有30分钟，不足60分钟：考试12月25日18:00截止。" in page.text
    page.press("开始答题", pledge="y", less_time="y")
    assert timing.closing_time(hourly, candidate_of(hourly, cast.jiang), clock.now()) == local(hourly, 18)


def test_extra_minutes_do_not_pass_the_hours(hourly, cast):
    candidate = candidate_of(hourly, cast.jiang)
    candidate.extra_minutes = 30
    assert timing.closing_time(hourly, candidate, local(hourly, 17)) == local(hourly, 18)
    assert timing.closing_time(hourly, candidate, local(hourly, 16)) == local(hourly, 17, 30)


def test_the_own_slot_decides_what_is_due(exam, as_jiang, cast, at):
    candidate = candidate_of(exam, cast.jiang)
    candidate.slot_opens_at, candidate.slot_closes_at = local(exam, 14), local(exam, 16)
    db.session.commit()
    jiang = own_phone(as_jiang)
    at(local(exam, 10))
    assert "年度考试今天14:00开始" in jiang.page("/my-exams/").text
    assert "考试还没有开始，今天14:00起可以开始。" in jiang.page(f"/my-exams/{exam.id}").text
    at(local(exam, 15))
    assert "年度考试今天16:00截止" in jiang.page("/my-exams/").text
    at(local(exam, 16))
    assert "缺考" in jiang.page("/my-exams/").text


def test_working_days_are_told_once_the_years_holidays_are_known(exam, as_jiang, at):
    at(local(exam, 10))
    exam.closes_at = clock.end_of(date(2026, 12, 31))
    db.session.commit()
    jiang = own_phone(as_jiang)
    assert "还剩6天" in jiang.page("/my-exams/").text
    assert "工作日" not in jiang.page("/my-exams/").text
    db.session.add(Holiday(day=date(2026, 10, 1), working=False, name="国庆节"))
    assert "还剩6天（4个工作日）" in jiang.page("/my-exams/").text
    assert "还剩6天（4个工作日）" in jiang.page(f"/my-exams/{exam.id}").text
    exam.closes_at = clock.end_of(date(2027, 1, 4))
    db.session.commit()
    assert "工作日" not in jiang.page("/my-exams/").text
