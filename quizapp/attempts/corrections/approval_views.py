"""What people do about a rehearsed correction: submit, approve or send back as the second person, take back."""

from functools import partial
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.attempts.corrections import (
    access,
    actions,
    approval_job,
    bank_offer,
    forms,
    queries,
    showing,
    treatments,
)
from quizapp.attempts.corrections.access import correcting
from quizapp.attempts.pages import bp
from quizapp.db import db


@bp.get("/exams/corrections")
@correcting
def corrections_waiting() -> Any:
    """待批准的更正 over all exams in reach: those of others to approve."""
    return render_template(
        "attempts/corrections/waiting.html",
        rows=queries.waiting(current_user.id),
        policies=treatments.POLICIES,
    )


@bp.post("/exams/<int:exam_id>/corrections/<int:run_id>/submit")
@correcting
def correction_submit(exam_id: int, run_id: int) -> Any:
    access.told_or_404(exam_id, run_id)
    actions.submit(run_id, actor_id=current_user.id)
    db.session.commit()
    flash("已提交，等待另一名考务管理员批准。成绩还没有改动。", "ok")
    return _back(exam_id, run_id)


@bp.post("/exams/<int:exam_id>/corrections/<int:run_id>/approve")
@correcting
def correction_approve(exam_id: int, run_id: int) -> Any:
    """Accepted here, carried out by a job: the page of the correction shows how far it is."""
    access.told_or_404(exam_id, run_id)
    url, me = _address(exam_id, run_id), current_user.id
    job = partial(approval_job.request, url=url, person_id=me)
    actions.accept(run_id, job, actor_id=me, now=clock.now())
    db.session.commit()
    flash("已批准，正在更新成绩和统计。全部更新后同时生效，在此之前成绩不变。", "ok")
    return _back(exam_id, run_id)


@bp.get("/exams/<int:exam_id>/corrections/<int:run_id>/progress")
@correcting
def correction_progress(exam_id: int, run_id: int) -> Any:
    """How far an approved correction is, for the script of its page."""
    g.quiet_activity = True
    here = showing.progress(access.told_or_404(exam_id, run_id).correction)
    ended = here is None
    done, total, words = here or (0, 0, "")
    return jsonify(
        state="done" if ended else "running",
        done=done,
        total=total,
        words=words,
        sentence="",
        url=_address(exam_id, run_id) if ended else "",
    )


@bp.post("/exams/<int:exam_id>/corrections/<int:run_id>/reject")
@correcting
def correction_reject(exam_id: int, run_id: int) -> Any:
    access.told_or_404(exam_id, run_id)
    answer = (forms.SendBackForm().answer.data or "")[:200]
    actions.reject(run_id, answer=answer, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash("已退回，没有改动任何成绩。", "ok")
    return _back(exam_id, run_id)


@bp.post("/exams/<int:exam_id>/corrections/<int:run_id>/withdraw")
@correcting
def correction_withdraw(exam_id: int, run_id: int) -> Any:
    access.told_or_404(exam_id, run_id)
    actions.withdraw(run_id, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash("更正已撤回，没有改动任何成绩。", "ok")
    return _back(exam_id, run_id)


@bp.post("/exams/<int:exam_id>/corrections/<int:run_id>/bank")
@correcting
def correction_bank(exam_id: int, run_id: int) -> Any:
    """The bank follows: a new draft with the new key, and no practice with the old one meanwhile."""
    told = access.told_or_404(exam_id, run_id)
    offer = bank_offer.offer_or_404(showing.questions(told), request.form.get("question", 0, int))
    done = bank_offer.follow(offer, told.correction.reason, actor_id=current_user.id, now=clock.now())
    db.session.commit()
    flash(done, "ok")
    return _back(exam_id, run_id)


def _back(exam_id: int, run_id: int) -> Any:
    return redirect(_address(exam_id, run_id), 303)


def _address(exam_id: int, run_id: int) -> str:
    return url_for("attempts.correction", exam_id=exam_id, run_id=run_id)
