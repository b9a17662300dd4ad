"""成绩复核 for those in charge of an exam: the list of appeals, the page of one, and the answers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.attempts import disputed, history
from quizapp.attempts.appeals import actions, queries, rules
from quizapp.attempts.appeals.forms import AnswerForm
from quizapp.attempts.disputed_lists import LONGEST, PAGE, Asked, pages_of
from quizapp.attempts.late_sheets import queries as late
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams import access
from quizapp.exams import queries as exams
from quizapp.exams.models import Exam
from quizapp.exams.pages import makers


def correction_url(exam_id: int, revision_id: int) -> str:
    """Where a wrong key is put right for everybody."""
    return url_for(".correction_new", exam_id=exam_id, question=revision_id)


@bp.get("/exams/<int:exam_id>/appeals")
@makers
def appeals(exam_id: int) -> Any:
    exam = access.published_or_404(exam_id)
    asked = Asked.of(request.args, queries.FILTERS, queries.ORDERS)
    rows, total = queries.listed(exam.id, asked)
    return render_template(
        "attempts/appeals/list.html",
        exam=exam,
        rows=rows,
        total=total,
        pages=pages_of(total),
        asked=asked,
        filters=queries.FILTERS,
        orders=queries.ORDERS,
        numbers=queries.numbers(exam.id),
        late=late.numbers(exam.id)["waiting"],
        period=rules.period(exam, exams.latest_personal(exam.id), clock.now()),
    )


@bp.route("/exams/<int:exam_id>/appeals/<int:appeal_id>", methods=["GET", "POST"])
@makers
def appeals_one(exam_id: int, appeal_id: int) -> Any:
    """One appeal with the question, what was stored when, and the answer to it and to others of the same question."""
    now = clock.now()
    exam, row = _row_or_404(exam_id, appeal_id)
    disputed.closed_while_sitting(now)
    form = AnswerForm()
    if form.validate_on_submit():
        ids = [appeal_id, *request.form.getlist("also", type=int)[:PAGE]]
        done = actions.answer(exam.id, ids, form.verdict.data, form.said, actor_id=current_user.id, now=now)
        db.session.commit()
        flash(f"已答复{done}份申请，申请人可以看到处理结果和答复。", "ok")
        return redirect(url_for(".appeals_one", exam_id=exam_id, appeal_id=appeal_id), 303)
    number = row.appeal.number
    case = disputed.disputed(exam, row.attempt, row.candidate, now)
    page = render_template(
        "attempts/appeals/one.html",
        exam=exam,
        row=row,
        case=case,
        answers=case.answers(number or None),
        steps=history.of_question(case.journal, number) if number else [],
        stored=history.counted(case.journal, number or 1),
        others=queries.others(row),
        ticked=request.form.getlist("also", type=int),
        held=late.of_attempt(row.attempt.id),
        own=row.attempt.person_id == current_user.id,
        form=form,
        states=rules.STATES,
        longest=LONGEST,
        correction=correction_url(exam.id, row.appeal.revision_id) if row.appeal.revision_id else None,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/exams/<int:exam_id>/appeals/<int:appeal_id>/reopen")
@makers
def appeals_reopen(exam_id: int, appeal_id: int) -> Any:
    """撤销答复: for an answer that was a mistake."""
    _, row = _row_or_404(exam_id, appeal_id)
    actions.take_back(row.appeal, actor_id=current_user.id)
    db.session.commit()
    flash("答复已撤销，申请恢复为待答复。", "ok")
    return redirect(url_for(".appeals_one", exam_id=exam_id, appeal_id=appeal_id), 303)


def _row_or_404(exam_id: int, appeal_id: int) -> tuple[Exam, queries.Row]:
    exam = access.published_or_404(exam_id)
    return exam, queries.one(exam.id, appeal_id) or not_found()
