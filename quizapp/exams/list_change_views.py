"""What the roster says today against the frozen list, and putting newcomers on it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams import access, roster_changes, windows
from quizapp.exams.forms import ReasonForm
from quizapp.exams.list_forms import ticked
from quizapp.exams.pages import bp, checked, makers

SHOWN = 200  # lines of each part on one page; a difference of more is worked off part by part


@bp.get("/exams/<int:exam_id>/list-changes")
@makers
def list_changes(exam_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    if exam.published_at is None:
        not_found()
    state = windows.state_of(exam, now)
    return render_template(
        "exams/list_changes.html",
        exam=exam,
        found=roster_changes.changes(exam, clock.today()),
        shown=SHOWN,
        may_add=state in ("published", "running"),
        form=ReasonForm(formdata=None),
        now=now,
    )


@bp.post("/exams/<int:exam_id>/list-changes")
@makers
def list_changes_apply(exam_id: int) -> Any:
    exam, form = access.exam_or_404(exam_id), checked(ReasonForm())
    done = roster_changes.apply(
        exam,
        ticked(),
        request.form.get("digest", ""),
        form.reason.data,
        clock.now(),
        actor_id=current_user.id,
    )
    db.session.commit()
    flash(f"已将{done}人加入考生名单。", "ok")
    return redirect(url_for("exams.list_changes", exam_id=exam.id), 303)
