from datetime import datetime

import pytest

from quizapp.attempts.wording import deadline, ending, minutes, moment, span, when, whens
from quizapp.clock import CHINA
from quizapp.exams.models import Exam


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("time", "words", "as_end"),
    [
        ("2026-12-25 09:00", "12月25日9:00", "12月25日9:00"),
        ("2026-12-25 09:05", "12月25日9:05", "12月25日9:05"),
        ("2026-12-26 00:00", "12月26日0:00", "12月25日24:00"),
        ("2027-01-01 00:00", "1月1日0:00", "12月31日24:00"),
    ],
)
def test_midnight_as_an_end_is_24_of_the_day_before(time, words, as_end):
    assert (moment(at(time)), ending(at(time))) == (words, as_end)


@pytest.mark.parametrize(
    ("days", "words"),
    [(6, "12月25日24:00截止，还剩6天"), (1, "12月25日24:00截止，还剩1天"), (0, "今天24:00截止")],
)
def test_what_is_left_is_told_in_days(days, words):
    assert deadline(at("2026-12-26 00:00"), days) == words


@pytest.mark.parametrize(
    ("seconds", "shown"), [(2535, "42:15"), (3725, "1:02:05"), (59.9, "0:59"), (0, "0:00"), (-5, "0:00")]
)
def test_the_clock_counts_down_to_nothing(seconds, shown):
    assert minutes(seconds) == shown


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("2026-12-31 18:00", "今天18:00"),
        ("2027-01-01 09:00", "明天9:00"),
        ("2026-12-30 09:00", "12月30日9:00"),
        ("2027-01-02 09:05", "2027年1月2日9:05"),
    ],
)
def test_a_moment_seen_from_new_years_eve(time, words):
    """Hazard H14."""
    assert moment(at(time), at("2026-12-31 10:00")) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-12-31 09:00", "2026-12-31 18:00", "今天9:00至18:00"),
        ("2026-12-31 09:00", "2027-01-01 00:00", "今天9:00至24:00"),
        ("2027-01-01 09:00", "2027-01-01 18:00", "明天9:00至18:00"),
        ("2026-12-31 20:00", "2027-01-01 18:00", "今天20:00至明天18:00"),
    ],
)
def test_a_span_names_its_day_once(first, last, words):
    assert span(at(first), at(last), at("2026-12-31 10:00")) == words


def test_working_days_stand_beside_the_days():
    assert deadline(at("2026-12-26 00:00"), 6, 4) == "12月25日24:00截止，还剩6天（4个工作日）"


def test_each_part_that_waits_is_named_with_its_time():
    exam = Exam(closes_at=at("2026-12-26 00:00"))
    waiting = [("closed", "各题对错"), ("released", "答案"), ("never", "依据和解析")]
    assert whens(exam, waiting) == (
        "各题对错将于12月25日24:00后显示；答案将在考试结束后由主办单位公布；本次考试不显示依据和解析。"
    )
    assert whens(exam, []) == ""
    assert when(exam, "closed", "成绩") == "成绩将于12月25日24:00后公布。"
