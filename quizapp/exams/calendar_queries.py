"""What the exam calendar reads."""

from datetime import date

from sqlalchemy import select

from quizapp.clock import end_of, start_of
from quizapp.db import db
from quizapp.exams.access import within_reach
from quizapp.exams.models import Exam
from quizapp.people.models import Unit


def exams(first: date, last: date, purpose: str = "") -> list[tuple[Exam, str]]:
    """The exams in the signed-in person's reach whose window meets these days, the earliest first, with their unit.

    Drafts with a window and published ones; purpose: a key of PURPOSES, "" for all. One statement.
    """
    found = (
        select(Exam, Unit.name)
        .join(Unit, Unit.id == Exam.unit_id)
        .where(within_reach(), Exam.state.in_(("draft", "published")))
        .where(Exam.opens_at < end_of(last), Exam.closes_at > start_of(first))
        .order_by(Exam.opens_at, Exam.id)
    )
    if purpose:
        found = found.where(Exam.purpose == purpose)
    return [(exam, unit) for exam, unit in db.session.execute(found)]
