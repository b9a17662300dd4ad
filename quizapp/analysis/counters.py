"""What an exam's counters say: while it is what they said when figures were made, these still hold."""

from datetime import datetime, timedelta
from zlib import crc32

from sqlalchemy import and_, func, or_, select

from quizapp import config
from quizapp.analysis.models import ExamStatistic
from quizapp.attempts.models import MarkingRun
from quizapp.db import db
from quizapp.exams.models import Exam, Tally

FORM = 2  # of what is stored: a newer one is worked out anew though nothing has moved
WATCHED = timedelta(days=30)  # after the end: later only a new marking run is looked for
SUMS = [
    func.coalesce(func.sum(getattr(Tally, name)), 0)
    for name in ("expected", "started", "submitted", "points")
]


def rule_now() -> int:
    """By what form, and without whom, figures are made now: the first counter."""
    return crc32(f"{FORM} {config.value('LEADING_STAFF')}".encode())


def of(exam_id: int) -> list[int]:
    """[rule, current marking run, 应考, started, 实考, points] of an exam. One statement."""
    run = (
        select(MarkingRun.id)
        .where(MarkingRun.exam_id == exam_id, MarkingRun.state == "current")
        .scalar_subquery()
    )
    row = db.session.execute(select(func.coalesce(run, 0), *SUMS).where(Tally.exam_id == exam_id)).one()
    return [rule_now(), *(int(value) for value in row)]


def due(now: datetime) -> dict[int, list[int]]:
    """Exams whose end has passed and whose figures were not tried with what their counters say now: id → counters.

    One statement.
    """
    over = and_(Exam.state == "published", Exam.closes_at.is_not(None), Exam.closes_at <= now)
    run = and_(MarkingRun.exam_id == Exam.id, MarkingRun.state == "current")
    rows = db.session.execute(
        select(Exam.id, MarkingRun.id, ExamStatistic.tried, *SUMS)
        .join(MarkingRun, run)
        .outerjoin(Tally, Tally.exam_id == Exam.id)
        .outerjoin(ExamStatistic, ExamStatistic.exam_id == Exam.id)
        .where(over)
        .where(
            or_(
                ExamStatistic.exam_id.is_(None),
                ExamStatistic.run_id.is_distinct_from(MarkingRun.id),
                Exam.closes_at > now - WATCHED,
            )
        )
        .group_by(Exam.id, MarkingRun.id, ExamStatistic.exam_id)
        .order_by(Exam.id)
    )
    rule = rule_now()
    found = {}
    for exam_id, run_id, tried, *sums in rows:
        counted = [rule, run_id, *(int(value) for value in sums)]
        if tried != counted:
            found[exam_id] = counted
    return found
