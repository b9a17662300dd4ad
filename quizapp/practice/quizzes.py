"""The daily quiz of a person's day, as pages read it. Each function runs a constant number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from sqlalchemy import select

from quizapp import clock, config
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams import blueprint
from quizapp.exams.models import Candidate, Exam
from quizapp.practice import aims, coming, plans
from quizapp.practice.drawing import Aims, Entry, draw_daily, needed_for
from quizapp.practice.memory import Memory
from quizapp.practice.models import DailyQuiz, PracticeAnswer
from quizapp.practice.plan_models import DailyWish
from quizapp.practice.queries import memories, practice_pool


@dataclass(frozen=True)
class Today:
    """The daily quiz of one day as the first page tells it."""

    total: int  # questions; none are needed when 0
    answered: int
    finished: bool  # nothing is left to do
    minutes: int  # planned for what is left, rounded; at least 1 while something is
    drawn: bool  # it has been begun
    progress: aims.Progress | None = (
        None  # before the unit's plan; not looked up for a quiz that has been begun
    )

    @property
    def aim_met(self) -> bool:
        """Whether nothing is asked because the plan's aim is reached."""
        return self.total == 0 and self.progress is not None and self.progress.met


def today(person_id: int, day: date) -> Today:
    """What is left of this person's daily quiz of a day."""
    quiz = daily_quiz(person_id, day)
    if quiz is None:
        offer = _offer(person_id, day)
        left = offer.draw()
        kinds = {entry.revision_id: entry.kind for entry in offer.pool}
        planned = needed_for(kinds[revision] for revision in left)
        return Today(len(left), 0, not left, _minutes(planned), False, offer.progress)
    answers = daily_answers(person_id, day)
    left = [revision for revision in quiz.revisions if revision not in answers]
    planned = needed_for(_kinds(left))
    return Today(len(quiz.revisions), len(quiz.revisions) - len(left), not left, _minutes(planned), True)


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60)) if seconds else 0


def _kinds(revisions: Iterable[int]) -> list[str]:
    return list(db.session.scalars(select(Revision.kind).where(Revision.id.in_(list(revisions)))))


def plan(person_id: int, day: date) -> list[int]:
    """The revisions that the daily quiz of this day would ask if it were drawn now: always the same."""
    return _offer(person_id, day).draw()


@dataclass(frozen=True)
class _Offer:
    """Everything from which a person's quiz of a day is drawn."""

    person_id: int
    day: date
    known: Mapping[int, Memory]
    pool: Sequence[Entry]
    minutes: int
    progress: aims.Progress | None
    exams: Sequence[coming.Coming]

    def draw(self) -> list[int]:
        now = clock.end_of(self.day)
        return draw_daily(
            self.known,
            self.pool,
            self.minutes * 60,
            now,
            Random(f"{self.person_id} {self.day.isoformat()}"),
            Aims(
                met=self.progress is not None and self.progress.met,
                regulations=self.progress.plan.regulations if self.progress else None,
                fresh=self.progress.fresh if self.progress else None,
                pulls=coming.pulls(self.exams, self.pool, now),
            ),
        )


def _offer(person_id: int, day: date) -> _Offer:
    known, pool = memories(person_id), practice_pool(person_id)
    found, now = plans.plan_of(person_id, day), clock.end_of(day)
    standing = aims.progress(found, pool, known, day, now) if found else None
    exams = coming_exams(person_id, clock.start_of(day))
    return _Offer(person_id, day, known, pool, minutes_a_day(person_id), standing, exams)


def minutes_a_day(person_id: int) -> int:
    """The minutes that this person chose, or the setting."""
    chosen = db.session.scalar(select(DailyWish.minutes).where(DailyWish.person_id == person_id))
    return chosen if chosen is not None else int(config.value("DAILY_MINUTES"))


def coming_exams(person_id: int, now: datetime) -> list[coming.Coming]:
    """The published exams that this person has still to sit after `now`, the earliest first. One statement."""
    rows = db.session.execute(
        select(
            Exam.id,
            Exam.title,
            Exam.blueprint,
            Exam.opens_at,
            Exam.closes_at,
            Candidate.slot_opens_at,
            Candidate.slot_closes_at,
        )
        .join(Candidate, Candidate.exam_id == Exam.id)
        .where(Candidate.person_id == person_id, Candidate.status == "expected", Candidate.sat.is_(False))
        .where(Exam.state == "published", Exam.closes_at > now, Exam.opens_at.is_not(None))
    )
    found = [
        coming.Coming(
            row.id,
            row.title,
            tuple(blueprint.read(row.blueprint)),
            row.slot_opens_at or row.opens_at,
            row.slot_closes_at or row.closes_at,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.opens_at, one.exam_id))


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
