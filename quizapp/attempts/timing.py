"""How long one sitting lasts: the exam's minutes, what this person is given beyond them, and what the window leaves."""

from datetime import datetime, timedelta

from quizapp.exams import windows
from quizapp.exams.models import Candidate, Exam


def closing_time(exam: Exam, candidate: Candidate | None, now: datetime) -> datetime:
    """When an attempt that starts now closes. A trial has its full minutes, whatever the window."""
    if candidate is None or exam.closes_at is None:
        return now + timedelta(minutes=exam.minutes)
    return windows.window_of(exam, candidate).closing_time(
        now,
        minutes=exam.minutes,
        extra_percent=candidate.extra_percent,
        extra_minutes=candidate.extra_minutes,
    )


def full_minutes(exam: Exam, candidate: Candidate) -> int:
    """The minutes that this person is given."""
    return exam.minutes * (100 + candidate.extra_percent) // 100 + candidate.extra_minutes


def minutes_left(exam: Exam, candidate: Candidate, now: datetime) -> int:
    """The whole minutes that are left of them for who starts now."""
    return int((closing_time(exam, candidate, now) - now) / timedelta(minutes=1))
