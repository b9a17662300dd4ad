"""A later end of the window for a unit and all below it, after a power cut: only ever later, never taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, insert, or_, select, true, update

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, preconditions
from quizapp.exams.models import Candidate, Exam, ExamUnit, UnitWindow
from quizapp.people.models import Person


def extend(
    exam: Exam, unit: ExamUnit, closes_at: datetime, *, reason: str, now: datetime, actor_id: int
) -> int:
    """Give the candidates of a unit of the exam's own tree, and of all below it, a later end. Gives how many got it.

    Whose end is as late already keeps it; sittings under way follow. A constant number of statements. Raises Refused.
    """
    preconditions.published(exam)
    preconditions.reason_given(reason)
    if exam.closes_at is None or closes_at <= now:
        raise Refused("past", "新的截止时间应晚于现在，没有改动。", status=422)
    preconditions.answers_hidden(exam, now)
    chosen = select(Candidate.id).where(
        Candidate.exam_id == exam.id, Candidate.lft.between(unit.lft, unit.rgt)
    )
    for hook in actions.before_extension:
        hook(chosen)
    moved = _move(exam, unit, closes_at)
    if not moved:
        raise Refused("not_later", "这些考生的截止时间都不早于所填时间，没有改动。", status=422)
    told = {"unit_id": unit.unit_id, "closes_at": closes_at, "reason": reason, "by_id": actor_id}
    db.session.execute(insert(UnitWindow).values(exam_id=exam.id, kind="extension", at=now, **told))
    audit.record(
        "exam.unit_extended",
        exam,
        actor_id=actor_id,
        unit=unit.name,
        closes_at=closes_at.isoformat(),
        candidates=moved,
        reason=reason,
    )
    for on_extension in actions.on_extension:
        on_extension(exam, chosen, now)
    return moved


def _move(exam: Exam, unit: ExamUnit, closes_at: datetime) -> int:
    """Write the later end to those who have an earlier one, locked by id first; gives how many."""
    later = _has_earlier_end(exam, closes_at)
    below = (Candidate.exam_id == exam.id, Candidate.lft.between(unit.lft, unit.rgt))
    moved = db.session.scalars(
        select(Candidate.id).where(*below, later).order_by(Candidate.id).with_for_update()
    ).all()
    db.session.execute(
        update(Candidate)
        .where(*below, later)
        .values(personal_closes_at=closes_at)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()  # whoever was read before has the old end
    return len(moved)


def _has_earlier_end(exam: Exam, closes_at: datetime) -> ColumnElement[bool]:
    """SQL: a candidate's window (the exam's, or the slot of the unit) and the end of one's own are both earlier."""
    exam_ends_earlier = true() if exam.closes_at is not None and exam.closes_at < closes_at else false()
    own, slot = Candidate.personal_closes_at, Candidate.slot_closes_at
    window = or_(slot < closes_at, and_(slot.is_(None), exam_ends_earlier))
    return and_(window, or_(own.is_(None), own < closes_at))


@dataclass(frozen=True)
class Extension:
    """A later end as the page lists it."""

    window: UnitWindow
    unit: str
    by: str


def extensions(exam_id: int) -> list[Extension]:
    """The later ends that units of an exam were given, the newest first."""
    rows = db.session.execute(
        select(UnitWindow, ExamUnit.name, func.coalesce(Person.name, ""))
        .join(ExamUnit, and_(ExamUnit.exam_id == UnitWindow.exam_id, ExamUnit.unit_id == UnitWindow.unit_id))
        .outerjoin(Person, Person.id == UnitWindow.by_id)
        .where(UnitWindow.exam_id == exam_id, UnitWindow.kind == "extension")
        .order_by(UnitWindow.id.desc())
    )
    return [Extension(*row) for row in rows]
