"""Whose figures a person may read: those of their own units and of all below. Everything else answers 404."""

from sqlalchemy import select

from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people import access
from quizapp.people.models import Unit

COMPLETION = ("leader", "unit_administrator", "administrator", "exam_administrator")  # who has sat it
SCORES = ("leader", "administrator", "exam_administrator")  # what they scored

WORDING = ("administrator", "exam_administrator", "unit_administrator")  # who words the 通报 of a unit


def exam_or_404(exam_id: int) -> Exam:
    """A published exam; one that was voided has no figures any more. Raises Refused for it."""
    exam = db.session.get(Exam, exam_id)
    if exam is None or exam.published_at is None:
        not_found()
    if exam.state == "voided":
        raise Refused("voided", f"“{exam.title}”已作废，成绩不计入统计。", "如有疑问，请联系主办单位。")
    return exam


def exam_unit_or_404(exam_id: int, unit_id: int | None) -> ExamUnit:
    """A unit of the exam's frozen tree within reach; without a choice the topmost one.

    Reach is judged by where the unit stands today: whoever answers for it now may read what it did then.
    """
    wanted = (
        select(ExamUnit)
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(ExamUnit.exam_id == exam_id, access.within(Unit.lft, *COMPLETION))
        .order_by(ExamUnit.lft)
        .limit(1)
    )
    if unit_id is not None:
        wanted = wanted.where(ExamUnit.unit_id == unit_id)
    return db.session.scalar(wanted) or not_found()


def may_see_scores(unit_id: int) -> bool:
    """Whether names may be shown with what they scored, in this unit."""
    unit = db.session.get(Unit, unit_id)
    return unit is not None and access.covers(unit, *SCORES)


def may_word(unit_id: int) -> bool:
    """Whether the words of this unit's 通报 may be changed."""
    unit = db.session.get(Unit, unit_id)
    return unit is not None and access.covers(unit, *WORDING)


def unit_or_404(unit_id: int | None) -> Unit:
    """A unit of today's tree within reach; without a choice the topmost one."""
    wanted = select(Unit).where(access.within(Unit.lft, *COMPLETION)).order_by(Unit.lft).limit(1)
    if unit_id is not None:
        wanted = wanted.where(Unit.id == unit_id)
    return db.session.scalar(wanted) or not_found()
