"""免考缓考: unit administrators ask for their candidates and see what became of it; the queue of who decides."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams import access, excuse_queries, excuses, excusing
from quizapp.exams.exception_forms import AnswerForm, AskForm, end_of
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, checked, makers
from quizapp.people.access import acting_as

askers = acting_as(*access.ASKERS)


def _paged(total: int) -> tuple[int, int]:
    """(page, pages) of a list with so many rows."""
    pages = max(1, -(-total // excuse_queries.PAGE))
    return min(max(request.args.get("page", 1, int), 1), pages), pages


def _asked_page() -> int:
    return max(request.args.get("page", 1, int), 1)


# Unit administrators ----------------------------------------------------------------------------------------


@bp.get("/excuses/", endpoint="excuses")
@askers
def own_excuses() -> Any:
    """The exams with candidates of one's units, and what was asked for them."""
    state = request.args.get("state", "")
    state = state if state in excuses.STATES else ""
    rows, total = excuse_queries.own_requests(state=state, page=_asked_page())
    page, pages = _paged(total)
    return render_template(
        "exams/excuses.html",
        exams=excuse_queries.exams_of_own_units(),
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        state=state,
        states=excuses.STATES,
        kinds=excuses.KINDS,
    )


@bp.route("/excuses/<int:exam_id>", methods=["GET", "POST"])
@askers
def excuses_ask(exam_id: int) -> Any:
    """An exam's candidates of one's units, to tick, and the request for them."""
    exam, now, form = access.exam_of_own_units_or_404(exam_id), clock.now(), AskForm()
    ticked = excuse_queries.own_ids(exam.id, request.form.getlist("candidate", type=int))
    if form.validate_on_submit():
        asked = excusing.ask(
            exam,
            ticked,
            form.kind.data,
            reason=form.reason,
            proof=form.proof.data or "",
            until=end_of(form.until.data),
            now=now,
            actor_id=current_user.id,
        )
        db.session.commit()
        flash(f"已为{asked}名考生提交{excuses.KINDS[form.kind.data]}申请，等待考务管理员批准。", "ok")
        return redirect(url_for("exams.excuses"), 303)
    words = request.args.get("q", "").strip()[:60]
    rows, total = excuse_queries.own_candidates(exam, now, words=words, page=_asked_page())
    page, pages = _paged(total)
    shown = render_template(
        "exams/excuse_ask.html",
        exam=exam,
        form=form,
        ticked=ticked,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        words=words,
        states=excuses.STATES,
        kinds=excuses.KINDS,
        open=exam.state == "published" and exam.released_at is None,
    )
    return shown, 422 if form.is_submitted() else 200


@bp.post("/excuses/requests/<int:request_id>/withdraw")
@askers
def excuses_withdraw(request_id: int) -> Any:
    asked = excuse_queries.own_request(request_id) or not_found()
    excusing.withdraw(asked, now=clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash("申请已撤回。", "ok")
    return redirect(url_for("exams.excuses"), 303)


# Who decides ------------------------------------------------------------------------------------------------


def _exam_asked_for() -> Exam | None:
    """The exam to which the queue is narrowed, if any."""
    exam_id = request.values.get("exam", type=int)
    return access.exam_or_404(exam_id) if exam_id is not None else None


@bp.get("/exams/excuses")
@makers
def excuse_queue() -> Any:
    """What waits for a decision, over all exams in reach or for one of them."""
    exam = _exam_asked_for()
    state, words = request.args.get("state", "asked"), request.args.get("q", "").strip()[:60]
    state = state if state in excuses.STATES else "asked"
    exam_id = exam.id if exam else None
    rows, total = excuse_queries.queue(state=state, exam_id=exam_id, words=words, page=_asked_page())
    page, pages = _paged(total)
    return render_template(
        "exams/excuse_queue.html",
        exam=exam,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        state=state,
        words=words,
        numbers=excuse_queries.queue_numbers(exam_id),
        states=excuses.STATES,
        kinds=excuses.KINDS,
        form=AnswerForm(formdata=None),
    )


@bp.post("/exams/excuses")
@makers
def excuse_decide() -> Any:
    """Grant or refuse everything that is ticked: all of it, or nothing."""
    exam, form = _exam_asked_for(), checked(AnswerForm())
    granting = request.form.get("decision") == "grant"
    ids = excuse_queries.decidable(request.form.getlist("request", type=int)[: excuse_queries.PAGE])
    done = excusing.decide(
        ids, granting=granting, answer=form.answer.data or "", now=clock.now(), actor_id=current_user.id
    )
    number = len(done)
    db.session.commit()
    flash(f"{'已批准' if granting else '未批准'}{number}项申请。", "ok")
    return redirect(url_for("exams.excuse_queue", exam=exam.id if exam else None), 303)
