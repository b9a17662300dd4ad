"""值班人员: naming them, and the one page on which they reset a candidate's sign-in."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.exams import access, duty, windows
from quizapp.exams.exception_forms import DutyForm
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, makers
from quizapp.people.access import signed_in
from quizapp.people.pages import from_here_only_reading


@bp.route("/exams/<int:exam_id>/duty", methods=["GET", "POST"])
@makers
def duty_named(exam_id: int) -> Any:
    exam, now, form = access.published_or_404(exam_id), clock.now(), DutyForm()
    if form.validate_on_submit():
        name = duty.name(exam, form.login.data, form.phone.data, now=now, actor_id=current_user.id)
        db.session.commit()
        flash(f"已指定{name}为值班人员。", "ok")
        return redirect(url_for("exams.duty_named", exam_id=exam_id), 303)
    page = render_template(
        "exams/duty_named.html",
        exam=exam,
        state=windows.state_of(exam, now),
        form=form,
        rows=duty.named(exam.id),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/exams/<int:exam_id>/duty/<int:person_id>/remove")
@makers
def duty_remove(exam_id: int, person_id: int) -> Any:
    exam = access.published_or_404(exam_id)
    duty.remove(exam, person_id, actor_id=current_user.id)
    db.session.commit()
    flash("已取消值班人员。", "ok")
    return redirect(url_for("exams.duty_named", exam_id=exam_id), 303)


def _exam_or_404(exam_id: int) -> Exam:
    """An exam for which the signed-in person is on duty now."""
    return access.on_duty_or_404(duty.exams_of(current_user.id, clock.now()), exam_id)


@bp.get("/duty/<int:exam_id>")
@signed_in
def duty_desk(exam_id: int) -> Any:
    """Find a candidate; nothing but the name, the unit and the account is shown."""
    exam, words = _exam_or_404(exam_id), request.args.get("q", "").strip()[:60]
    return render_template(
        "exams/duty_desk.html",
        exam=exam,
        words=words,
        rows=duty.candidates(exam, words),
        most=duty.FOUND,
        ends=duty.closes(exam),
    )


@bp.post("/duty/<int:exam_id>/<int:candidate_id>")
@signed_in
def duty_reset(exam_id: int, candidate_id: int) -> Any:
    """A new one-time password, shown this once."""
    exam = _exam_or_404(exam_id)
    candidate = access.candidate_or_404(exam, candidate_id)
    slip = duty.reset(exam, candidate, now=clock.now(), actor_id=current_user.id)
    db.session.commit()
    from_here_only_reading()
    return render_template("exams/duty_slip.html", exam=exam, slip=slip)
