"""The way from an exam's page to what its candidates dispute, with the number that waits. One statement."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import select

from quizapp.attempts.appeals import queries as appeals
from quizapp.attempts.late_sheets import queries as late
from quizapp.db import db
from quizapp.exams.doors import Door
from quizapp.exams.models import Exam


def door(exam: Exam) -> Sequence[Door]:
    """Registered with exams."""
    if exam.published_at is None:
        return ()
    asked, held = db.session.execute(select(appeals.waiting(exam.id), late.waiting(exam.id))).one()
    where = "attempts.held_sheets" if held and not asked else "attempts.appeals"
    return (Door("成绩复核", url_for(where, exam_id=exam.id), "scale", asked + held),)
