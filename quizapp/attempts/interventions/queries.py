"""What the pages of 答卷处理 read. Every function runs a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.attempts.interventions import rules
from quizapp.attempts.interventions.models import Intervention
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.db import db
from quizapp.exams import access
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Person, Unit


@dataclass(frozen=True)
class Row:
    """One attempt with whose it is."""

    attempt: Attempt
    candidate: Candidate
    unit: str


def one(exam_id: int, attempt_id: int) -> Row | None:
    """An attempt of a candidate of this exam; no trial."""
    row = db.session.execute(
        select(Attempt, Candidate, ExamUnit.name)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(ExamUnit, access.stands_in())
        .where(Attempt.id == attempt_id, Attempt.exam_id == exam_id, Attempt.trial.is_(False))
    ).one_or_none()
    return Row(*row) if row is not None else None


def sheets(candidate_id: int) -> dict[int, rules.Sheet]:
    """Attempt id → what it is worth by the marking run of now, in the order of their numbers."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.number, Attempt.state, Attempt.state_before, AttemptMark.total)
        .add_columns(or_(Closing.by == "person", Closing.answered > 0))
        .outerjoin(Closing, and_(Closing.attempt_id == Attempt.id, Closing.withdrawn_at.is_(None)))
        .outerjoin(MarkingRun, and_(MarkingRun.exam_id == Attempt.exam_id, MarkingRun.state == "current"))
        .outerjoin(
            AttemptMark, and_(AttemptMark.closing_id == Closing.id, AttemptMark.run_id == MarkingRun.id)
        )
        .where(Attempt.candidate_id == candidate_id, Attempt.trial.is_(False))
        .order_by(Attempt.number)
    )
    return {
        attempt_id: rules.Sheet(number, state, before, total, bool(sat))
        for attempt_id, number, state, before, total, sat in rows
    }


@dataclass(frozen=True)
class Told:
    """What was asked for an attempt, with the names of the two people."""

    row: Intervention
    by: str
    decided_by: str


def of_attempt(attempt_id: int) -> list[Told]:
    """Everything that was ever asked for an attempt, the newest first."""
    decider = aliased(Person)
    rows = db.session.execute(
        select(Intervention, Person.name, func.coalesce(decider.name, ""))
        .join(Person, Person.id == Intervention.asked_by_id)
        .outerjoin(decider, decider.id == Intervention.decided_by_id)
        .where(Intervention.attempt_id == attempt_id)
        .order_by(Intervention.id.desc())
    )
    return [Told(*row) for row in rows]


@dataclass(frozen=True)
class Waiting:
    """What somebody else has asked for and this person may approve."""

    row: Intervention
    exam: Exam
    number: int
    candidate: str
    by: str


def waiting(person_id: int) -> list[Waiting]:
    """What this person, signed in, may decide: asked for by another, in an exam in reach, the oldest first."""
    rows: Any = db.session.execute(
        select(Intervention, Exam, Attempt.number, Candidate.name, Person.name)
        .join(Exam, Exam.id == Intervention.exam_id)
        .join(Unit, Unit.id == Exam.unit_id)
        .join(Attempt, Attempt.id == Intervention.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(Person, Person.id == Intervention.asked_by_id)
        .where(Intervention.state == "asked", Intervention.asked_by_id != person_id)
        .where(Attempt.person_id != person_id, access.within_reach())
        .order_by(Intervention.id)
    )
    return [Waiting(*row) for row in rows]


# What the candidate is told ---------------------------------------------------------------------------------


def _newest(*conditions: Any) -> list[tuple[str, str]]:
    """The last thing that was done to each of these attempts, as (tone, sentence)."""
    later = aliased(Intervention)
    rows = db.session.execute(
        select(Intervention, Attempt.number, Attempt.state)
        .join(Attempt, Attempt.id == Intervention.attempt_id)
        .where(Intervention.state == "approved", *conditions)
        .where(
            ~select(later.id)
            .where(
                later.attempt_id == Intervention.attempt_id,
                later.state == "approved",
                later.id > Intervention.id,
            )
            .exists()
        )
        .order_by(Attempt.number)
    )
    return [
        rules.told(
            row.kind,
            number,
            row.decided_at,
            row.reason,
            minutes=row.minutes,
            going_on=state == "in_progress",
        )
        for row, number, state in rows
        if row.decided_at is not None
    ]


def told(attempt_id: int) -> list[tuple[str, str]]:
    """For the receipt and the result of one's own attempt. One statement."""
    return _newest(Intervention.attempt_id == attempt_id)


def told_of_exam(exam_id: int, person_id: int, _now: datetime) -> Sequence[str]:
    """Registered with the candidate's page of an exam. One statement."""
    found = _newest(Intervention.exam_id == exam_id, Attempt.person_id == person_id)
    return [sentence for _, sentence in found]
