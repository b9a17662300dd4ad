"""The daily quiz of a person's day, as pages read it. Each function runs a constant number of statements."""

from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy import select

from quizapp import clock, config
from quizapp.db import db
from quizapp.practice.drawing import draw_daily
from quizapp.practice.models import DailyQuiz, PracticeAnswer
from quizapp.practice.queries import memories, practice_pool

SECONDS_A_QUESTION = 25  # for the estimate on the first page


@dataclass(frozen=True)
class Today:
    """The daily quiz of one day as the first page tells it."""

    total: int  # questions; none are needed when 0
    answered: int
    finished: bool  # nothing is left to do
    minutes: int  # estimate for what is left, rounded; at least 1 while something is
    drawn: bool  # it has been begun


def today(person_id: int, day: date) -> Today:
    """What is left of this person's daily quiz of a day."""
    quiz = daily_quiz(person_id, day)
    if quiz is None:
        total, answered = len(plan(person_id, day)), 0
    else:
        total, answered = len(quiz.revisions), len(daily_answers(person_id, day))
    left = total - answered
    minutes = max(1, round(left * SECONDS_A_QUESTION / 60)) if left else 0
    return Today(total, answered, left == 0, minutes, quiz is not None)


def plan(person_id: int, day: date) -> list[int]:
    """The revisions that the daily quiz of this day would ask if it were drawn now: always the same."""
    return draw_daily(
        memories(person_id),
        practice_pool(person_id),
        config.value("DAILY_QUESTIONS"),
        clock.end_of(day),
        Random(f"{person_id} {day.isoformat()}"),
    )


def daily_quiz(person_id: int, day: date) -> DailyQuiz | None:
    """The quiz that was drawn for this day, if it was."""
    return db.session.scalars(
        select(DailyQuiz).where(DailyQuiz.person_id == person_id, DailyQuiz.day == day)
    ).one_or_none()


@dataclass(frozen=True)
class Given:
    """An answer as a result page shows it."""

    revision_id: int
    chosen: str
    correct: bool


def daily_answers(person_id: int, day: date) -> dict[int, Given]:
    """The answers to the daily quiz of a day by revision; of several to one question the first counts."""
    rows = db.session.execute(
        select(PracticeAnswer.revision_id, PracticeAnswer.chosen, PracticeAnswer.correct)
        .where(
            PracticeAnswer.day == day,
            PracticeAnswer.person_id == person_id,
            PracticeAnswer.source == "daily",
        )
        .order_by(PracticeAnswer.id.desc())
    )
    return {row.revision_id: Given(*row) for row in rows}
