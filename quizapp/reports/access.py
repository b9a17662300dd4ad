"""Whose figures a person may read: those of their own units and of all below. Everything else answers 404."""

from sqlalchemy import exists, not_, select

from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import access as exam_access
from quizapp.exams import excuse_queries
from quizapp.exams.access import SCORES
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people import access
from quizapp.people.models import Unit

COMPLETION = ("leader", "unit_administrator", "administrator", "exam_administrator")  # who has sat it

WORDING = ("administrator", "exam_administrator")  # of those who see scores, who words the 通报 of a unit


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
    )
    if unit_id is None:
        wanted = wanted.order_by(ExamUnit.lft).limit(1)
    else:  # one row at most: an order would send the database through the whole tree
        wanted = wanted.where(ExamUnit.unit_id == unit_id)
    return db.session.scalar(wanted) or not_found()


def reaches_everything() -> bool:
    """Whether the signed-in person sees 完成情况 of the whole tree."""
    beyond = exists().where(Unit.parent_id.is_(None), not_(access.within(Unit.lft, *COMPLETION)))
    return not db.session.scalar(select(beyond))


def may_see_scores(unit_id: int) -> bool:
    """Whether figures made of scores may be shown for this unit: 合格率, 平均分, distributions."""
    unit = db.session.get(Unit, unit_id)
    return unit is not None and access.covers(unit, *SCORES)


def sees_scores_everywhere() -> bool:
    """Whether the signed-in person sees scores wherever 完成情况."""
    scores = access.reach(*SCORES)
    return all(any(over.lft <= one.lft <= over.rgt for over in scores) for one in access.reach(*COMPLETION))


def waiting_excuses(exam: Exam) -> int | None:
    """How many requests for 免考 and 缓考 of this exam wait; none for who does not decide on them."""
    unit = db.session.get(Unit, exam.unit_id)
    if unit is None or not access.covers(unit, *exam_access.ROLES):
        return None
    return excuse_queries.queue_numbers(exam.id).get("asked", 0)


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
