"""作废: an exam that has begun and must not count, with what follows spelt out and its title typed."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from quizapp import clock
from quizapp.db import db
from quizapp.exams import access, actions, queries, windows
from quizapp.exams.forms import ReasonForm
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, checked, makers
from quizapp.forms import trimmed


class VoidForm(ReasonForm):
    """Why, and the title of the exam as typed by a person who means this one."""

    title = StringField(
        "考试名称",
        filters=[trimmed],
        validators=[DataRequired("请填写考试名称。"), Length(max=60, message="考试名称最多60个字。")],
    )


@bp.get("/exams/<int:exam_id>/void", endpoint="void")
@makers
def void_page(exam_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    state = windows.state_of(exam, now)
    if state not in ("running", "closed", "released"):
        return _back(exam)
    return render_template(
        "exams/void.html", exam=exam, state=state, sums=queries.sums(exam.id), form=VoidForm(formdata=None)
    )


@bp.post("/exams/<int:exam_id>/void", endpoint="void_confirmed")
@makers
def void(exam_id: int) -> Any:
    exam, form = access.exam_or_404(exam_id), checked(VoidForm())
    actions.void(exam, form.reason.data, form.title.data, clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash("考试已作废。", "ok")
    return _back(exam)


def _back(exam: Exam) -> Any:
    return redirect(url_for("exams.show", exam_id=exam.id), 303)
