"""Exams and candidates that the signed-in person may act on; all others answer 404."""

from sqlalchemy import ColumnElement, select

from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams.models import Candidate, Exam
from quizapp.people import access
from quizapp.people.models import Unit

ROLES = ("exam_administrator", "administrator")


def within_reach() -> ColumnElement[bool]:
    """SQL: the exam's unit (joined as `Unit`) lies in the reach of the person's grants."""
    return access.within(Unit.lft, *ROLES)


def exam_or_404(exam_id: int) -> Exam:
    """An exam held by a unit in the person's reach."""
    exam = db.session.scalar(
        select(Exam).join(Unit, Unit.id == Exam.unit_id).where(Exam.id == exam_id, within_reach())
    )
    if exam is None:
        not_found()
    return exam


def candidate_or_404(exam: Exam, candidate_id: int) -> Candidate:
    """A candidate of an exam that was loaded before."""
    candidate = db.session.get(Candidate, candidate_id)
    if candidate is None or candidate.exam_id != exam.id:
        not_found()
    return candidate
