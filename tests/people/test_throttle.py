"""The lock as a pure rule; its edges to the second (hazard H41)."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.people import throttle

NOW = datetime(2026, 12, 20, 11, 0, tzinfo=UTC)


def locked(*seconds_ago, allowed=5):
    failures = [NOW - timedelta(seconds=seconds) for seconds in seconds_ago]
    return throttle.is_locked(failures, now=NOW, allowed=allowed, minutes=15)


@pytest.mark.parametrize(
    ("seconds_ago", "expected"),
    [
        ((), False),
        ((1, 2, 3, 4), False),
        ((1, 2, 3, 4, 5), True),
        ((899, 4, 3, 2, 1), True),
        ((900, 4, 3, 2, 1), False),
        ((-5, 4, 3, 2, 1), False),
    ],
)
def test_five_within_fifteen_minutes_lock(seconds_ago, expected):
    assert locked(*seconds_ago) is expected


def test_an_address_may_fail_twenty_times_as_often():
    assert not throttle.is_slowed(99, allowed=5)
    assert throttle.is_slowed(100, allowed=5)


def test_the_sentence_tells_what_to_do():
    told = throttle.sentence(15)
    for words in ("账号或口令不正确", "请过15分钟再试", "备用码", "口令条"):
        assert words in told


@pytest.mark.parametrize(
    ("minute", "calls", "seconds"),
    [
        (None, 0, 0),
        (NOW, 2, 0),
        (NOW, 3, 60),
        (NOW, 4, 60),
        (NOW - timedelta(minutes=1), 9, 0),
        (NOW + timedelta(minutes=1), 9, 0),
    ],
)
def test_a_program_waits_for_the_next_minute(minute, calls, seconds):
    assert throttle.seconds_to_wait(minute, calls, now=NOW, allowed=3) == seconds


def test_the_wait_is_never_over_before_the_minute():
    now = NOW + timedelta(seconds=59, microseconds=999_999)
    assert throttle.seconds_to_wait(NOW, 3, now=now, allowed=3) == 1
