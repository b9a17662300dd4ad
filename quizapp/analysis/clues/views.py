"""异常线索 of an exam for those who administer it: the list, one attempt, what was made of it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, jobs
from quizapp.analysis.clues import actions, cli, facts, own_views, queries  # noqa: F401 - hang themselves into bp
from quizapp.analysis.clues.forms import ReviewForm
from quizapp.analysis.clues.jobs import KIND, address
from quizapp.analysis.clues.models import KINDS
from quizapp.analysis.pages import bp
from quizapp.attempts import over
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams.access import ROLES, published_or_404
from quizapp.exams.models import Exam
from quizapp.people.access import acting_as


def _over(exam: Exam) -> None:
    if why := over.waiting(exam, clock.now()):
        raise Refused("not_over", f"没有查找。{why}", "全部结束后再查找。")


@bp.get("/exams/<int:exam_id>/clues")
@acting_as(*ROLES)
def clues(exam_id: int) -> Any:
    exam = published_or_404(exam_id)
    waiting = over.waiting(exam, clock.now())
    given = {name: request.args.get(name, "") for name in ("kind", "state", "words")}
    page = max(request.args.get("page", 1, int), 1)
    run = None if waiting else queries.run_of(exam.id)
    rows, total = queries.people(exam.id, **given, page=page) if run else ([], 0)
    return render_template(
        "analysis/clues.html",
        exam=exam,
        waiting=waiting,
        run=run,
        rates=facts.rates(run[0].figures) if run else [],
        counted=facts.COUNTED,
        numbers=queries.numbers(exam.id) if run else {},
        states=queries.STATES,
        kinds=KINDS,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // queries.PAGE)),
        given=given,
    )


@bp.post("/exams/<int:exam_id>/clues")
@acting_as(*ROLES)
def clues_search(exam_id: int) -> Any:
    exam = published_or_404(exam_id)
    _over(exam)
    order = {"exam_id": exam.id, "url": address(exam.id)}
    job = jobs.request_job(KIND, order, person_id=current_user.id)
    db.session.commit()
    return redirect(url_for("home.job", token=job.token), 303)


def _attempt(exam: Exam, attempt_id: int) -> queries.Told:
    found = queries.told(exam.id, attempt_id=attempt_id)
    return found[0] if found else not_found()


@bp.get("/exams/<int:exam_id>/clues/<int:attempt_id>")
@acting_as(*ROLES)
def clue(exam_id: int, attempt_id: int) -> Any:
    exam = published_or_404(exam_id)
    return _shown(exam, _attempt(exam, attempt_id), ReviewForm(formdata=None))


def _shown(exam: Exam, told: queries.Told, form: ReviewForm) -> Any:
    run = queries.run_of(exam.id)
    return render_template(
        "analysis/clue.html",
        exam=exam,
        told=told,
        form=form,
        error=facts.error(run[0].figures) if run else "",
        own=told.attempt.person_id == current_user.id,
    )


@bp.post("/exams/<int:exam_id>/clues/<int:attempt_id>")
@acting_as(*ROLES)
def clue_review(exam_id: int, attempt_id: int) -> Any:
    exam = published_or_404(exam_id)
    told, form = _attempt(exam, attempt_id), ReviewForm()
    if not form.validate_on_submit():
        return _shown(exam, told, form), 422
    actions.review(told.attempt, form.outcome.data, form.reason.data, by_id=current_user.id, now=clock.now())
    db.session.commit()
    flash("核对结果已记录，考生可以看到。", "ok")
    return redirect(url_for("analysis.clues", exam_id=exam.id), 303)
