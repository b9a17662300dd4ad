"""What is known about the makeups of an exam. Every function costs a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased

from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams import audience_queries, makeup
from quizapp.exams.models import Candidate, Exam, ExamUnit, Form, Slot
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import current


@dataclass(frozen=True)
class Proposed:
    """Somebody who may sit the makeup. kind: of makeup.KINDS. here: the holding unit's roster has the person today."""

    person_id: int
    name: str
    unit: str  # as frozen
    kind: str
    points: int | None  # tenths of a 分
    here: bool


def proposed(exam: Exam, day: date) -> list[Proposed]:
    """Everybody who may sit a makeup of this exam, in the order of its list. One statement."""
    holder, other, later = aliased(Unit), aliased(Candidate), aliased(Exam)
    passed_since = (
        select(other.id)
        .join(later, later.id == other.exam_id)
        .where(later.makeup_of_id == exam.id, later.state == "published")
        .where(other.person_id == Candidate.person_id, other.passed)
    )
    here = and_(Person.disabled_at.is_(None), Unit.lft.between(holder.lft, holder.rgt))
    rows = db.session.execute(
        select(
            *(Candidate.person_id, Candidate.name, ExamUnit.name, Candidate.status, Candidate.sat),
            *(Candidate.passed, Candidate.points, case((here, 1), else_=0)),
        )
        .join(ExamUnit, and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.lft == Candidate.lft))
        .join(Person, Person.id == Candidate.person_id)
        .join(holder, holder.id == exam.unit_id)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.main, current(day)))
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Candidate.exam_id == exam.id, ~passed_since.exists())
        .order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
    )
    found = []
    for person_id, name, unit, status, sat, passed, points, present in rows:
        kind = makeup.kind(makeup.Ended(status, sat, passed))
        if kind is not None:
            found.append(Proposed(person_id, name, unit, kind, points if sat else None, bool(present)))
    return found


def makeups(exam_id: int) -> list[Exam]:
    """The makeups of an exam that were not called off, the earliest first."""
    return list(
        db.session.scalars(
            select(Exam)
            .where(Exam.makeup_of_id == exam_id, Exam.state.in_(("draft", "published")))
            .order_by(Exam.id)
        )
    )


def open_one(found: Sequence[Exam], now: datetime) -> Exam | None:
    """The makeup that is being made or has not ended, of which there is one at a time."""
    return next(
        (one for one in found if one.state == "draft" or (one.closes_at is not None and now < one.closes_at)),
        None,
    )


def outsiders(exam: Exam, day: date) -> list[str]:
    """The names of those whom a makeup would list though they may not sit it."""
    if exam.makeup_of_id is None:
        return []
    original = db.session.get_one(Exam, exam.makeup_of_id)
    entitled = {one.person_id for one in proposed(original, day)}
    return [one.name for one in audience_queries.invited(exam, day) if one.person_id not in entitled]


def used_before(exam: Exam) -> set[int]:
    """The questions on papers, or in the pools, of the exam that this one makes up for and of its other makeups."""
    if exam.makeup_of_id is None:
        return set()
    family = or_(Exam.id == exam.makeup_of_id, Exam.makeup_of_id == exam.makeup_of_id)
    return set(
        db.session.scalars(
            select(Revision.question_id)
            .join(Slot, Slot.revision_id == Revision.id)
            .join(Form, Form.id == Slot.form_id)
            .join(Exam, Exam.id == Form.exam_id)
            .where(family, Exam.id != exam.id)
            .distinct()
        )
    )
