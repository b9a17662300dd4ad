"""Everything that is kept of one attempt, for the day on which somebody disputes a score."""

from dataclasses import dataclass

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
    of_attempt = [
        list(db.session.scalars(select(model).where(model.attempt_id == attempt.id).order_by(model.id)))
        for model in (SheetEvent, Closing, HeldSheet)
    ]
    return Record(attempt, exam, person, *of_attempt)  # type: ignore[arg-type]
