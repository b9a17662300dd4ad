"""Edges of an exam's times: when one may start, when a sitting closes, what the exam is just now."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import windows

OPENS = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 25, 16, 0, tzinfo=UTC)  # 24:00 of the 25th in China
second, minute = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("started", "extra", "closes"),
    [
        (OPENS, {}, OPENS + 60 * minute),
        (CLOSES - 61 * minute, {}, CLOSES - minute),
        (CLOSES - 20 * minute, {}, CLOSES),
        (OPENS, {"extra_percent": 50}, OPENS + 90 * minute),
        (OPENS, {"extra_percent": 33}, OPENS + timedelta(minutes=79, seconds=48)),
        (OPENS, {"extra_minutes": 15}, OPENS + 75 * minute),
        (OPENS, {"extra_percent": 25, "extra_minutes": 5}, OPENS + 80 * minute),
        (CLOSES - 20 * minute, {"extra_minutes": 15}, CLOSES),
        (CLOSES - 20 * minute, {"personal_closes_at": CLOSES + 30 * minute}, CLOSES + 30 * minute),
        (CLOSES - 20 * minute, {"personal_closes_at": CLOSES + 90 * minute}, CLOSES + 40 * minute),
        (CLOSES - 20 * minute, {"personal_closes_at": CLOSES - 10 * minute}, CLOSES),
        (CLOSES - 20 * minute, {"extension": 10 * minute}, CLOSES + 10 * minute),
        (OPENS, {"extension": 10 * minute}, OPENS + 70 * minute),
    ],
)
def test_a_sitting_closes(started, extra, closes):
    assert windows.closing_time(started, minutes=60, closes_at=CLOSES, **extra) == closes


@given(
    st.integers(5, 240), st.integers(0, 100), st.integers(0, 120), st.integers(0, 10**6), st.integers(0, 3600)
)
def test_more_time_never_closes_a_sitting_earlier(minutes, percent, extra, start, extension):
    started = OPENS + timedelta(seconds=start)
    plain = windows.closing_time(started, minutes=minutes, closes_at=CLOSES)
    longer = windows.closing_time(
        started,
        minutes=minutes,
        closes_at=CLOSES,
        extra_percent=percent,
        extra_minutes=extra,
        extension=timedelta(seconds=extension),
    )
    assert plain <= longer
    assert plain <= CLOSES


@pytest.mark.parametrize(
    ("now", "more", "answer"),
    [
        (OPENS - second, {}, "not_open"),
        (OPENS, {}, "open"),
        (CLOSES - second, {}, "open"),
        (CLOSES, {}, "too_late"),
        (CLOSES - 30 * minute, {"last_start_at": CLOSES - 30 * minute}, "too_late"),
        (CLOSES - 31 * minute, {"last_start_at": CLOSES - 30 * minute}, "open"),
        (CLOSES, {"personal_closes_at": CLOSES + minute}, "open"),
        (CLOSES + minute, {"personal_closes_at": CLOSES + minute}, "too_late"),
        (
            CLOSES - 30 * minute,
            {"last_start_at": CLOSES - 30 * minute, "personal_closes_at": CLOSES + minute},
            "open",
        ),
        (
            CLOSES - 29 * minute,
            {"last_start_at": CLOSES - 30 * minute, "personal_closes_at": CLOSES + minute},
            "too_late",
        ),
    ],
)
def test_an_exam_may_be_started(now, more, answer):
    assert windows.may_start(now, opens_at=OPENS, closes_at=CLOSES, **more) == answer


@dataclass
class Exam:
    state: str = "published"
    opens_at: datetime | None = OPENS
    closes_at: datetime | None = CLOSES
    released_at: datetime | None = None


@pytest.mark.parametrize(
    ("exam", "now", "state"),
    [
        (Exam("draft", None, None), OPENS, "draft"),
        (Exam("cancelled"), OPENS, "cancelled"),
        (Exam(), OPENS - second, "published"),
        (Exam(), OPENS, "running"),
        (Exam(), CLOSES - second, "running"),
        (Exam(), CLOSES, "closed"),
        (Exam(released_at=CLOSES + minute), CLOSES + second, "closed"),
        (Exam(released_at=CLOSES + minute), CLOSES + minute, "released"),
    ],
)
def test_an_exam_is(exam, now, state):
    assert windows.state_of(exam, now) == state
    assert state in windows.STATES


@pytest.mark.parametrize(
    ("now", "latest", "over"),
    [
        (CLOSES + 120 * second, None, False),
        (CLOSES + 121 * second, None, True),
        (CLOSES + 121 * second, CLOSES + minute, False),
        (CLOSES + 181 * second, CLOSES + minute, True),
        (CLOSES + 121 * second, CLOSES - minute, True),
    ],
)
def test_it_is_over_when_the_last_person_and_the_grace_are_through(now, latest, over):
    assert windows.is_over(now, closes_at=CLOSES, latest_personal=latest, grace_s=120) is over
