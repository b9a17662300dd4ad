"""What a whole paper of an exam is worth."""

from typing import Any

from sqlalchemy import func, select

from quizapp.db import db
from quizapp.exams import blueprint
from quizapp.exams.models import Form, Slot


def full_marks(exam: Any) -> int:
    """What the exam's papers are worth, tenths of a 分; a paper picked by hand is the sum of its places.

    exam: an Exam, or a row with its id, mode, blueprint and points. One statement at most.
    """
    if exam.mode != "fixed":
        return blueprint.total(blueprint.read(exam.blueprint), exam.points)
    places = select(func.sum(Slot.points)).join(Form, Form.id == Slot.form_id)
    return int(db.session.scalar(places.where(Form.exam_id == exam.id, Form.number == 1)) or 0)
