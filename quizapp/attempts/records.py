"""Everything that is kept of one attempt, for the day on which somebody disputes a score."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from quizapp.attempts.models import Attempt, Closing, HeldSheet, SheetEvent
from quizapp.db import db
from quizapp.exams.models import Exam
from quizapp.people.models import Person


@dataclass(frozen=True)
class Record:
    """All that is kept of one attempt."""

    attempt: Attempt
    exam: Exam
    person: str
    events: list[SheetEvent]
    closings: list[Closing]
    held: list[HeldSheet]


def record(token_or_receipt: str) -> Record | None:
    """An attempt by its token or by one of its receipts, with its whole journal."""
    wanted = token_or_receipt.strip()
    by_receipt = select(Closing.attempt_id).where(Closing.receipt == wanted.upper())
    row = db.session.execute(
        select(Attempt, Exam, Person.name)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Person, Person.id == Attempt.person_id)
        .where((Attempt.token == wanted) | Attempt.id.in_(by_receipt))
    ).one_or_none()
    if row is None:
        return None
    attempt, exam, person = row
    return Record(
        attempt, exam, person, events(attempt.id), _all(Closing, attempt.id), _all(HeldSheet, attempt.id)
    )


def events(attempt_id: int) -> list[SheetEvent]:
    """The whole journal of an attempt, in its order."""
    return _all(SheetEvent, attempt_id)


def closings(attempt_id: int) -> list[Closing]:
    """Every closing of an attempt, those included that were withdrawn."""
    return _all(Closing, attempt_id)


def _all(model: Any, attempt_id: int) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.attempt_id == attempt_id).order_by(model.id)))
