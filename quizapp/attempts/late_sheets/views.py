"""滞留答卷 of an exam: the list, the page of one beside the sheet that counts, and what is decided about it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.attempts import disputed
from quizapp.attempts.appeals import queries as appeals
from quizapp.attempts.disputed_lists import LONGEST, Asked, pages_of
from quizapp.attempts.late_sheets import actions, queries, rules
from quizapp.attempts.late_sheets.forms import AcceptForm, RejectForm
from quizapp.attempts.pages import bp
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams import access
from quizapp.exams.forms import ReasonForm
from quizapp.exams.models import Exam
from quizapp.exams.pages import checked, makers


@bp.get("/exams/<int:exam_id>/held-sheets")
@makers
def held_sheets(exam_id: int) -> Any:
    exam = access.published_or_404(exam_id)
    asked = Asked.of(request.args, queries.FILTERS, queries.ORDERS)
    rows, total = queries.listed(exam.id, asked)
    return render_template(
        "attempts/late_sheets/list.html",
        exam=exam,
        rows=rows,
        total=total,
        pages=pages_of(total),
        asked=asked,
        filters=queries.FILTERS,
        orders=queries.ORDERS,
        numbers=queries.numbers(exam.id),
        open_appeals=appeals.numbers(exam.id)["open"],
    )


@bp.get("/exams/<int:exam_id>/held-sheets/<int:held_id>")
@makers
def held_sheets_one(exam_id: int, held_id: int) -> Any:
    exam, row = _row_or_404(exam_id, held_id)
    now = clock.now()
    disputed.closed_while_sitting(now)
    case = disputed.disputed(exam, row.attempt, row.candidate, now)
    compared = queries.compared(row)
    numbers = [one.number for one in compared.differences]
    return render_template(
        "attempts/late_sheets/one.html",
        exam=exam,
        row=row,
        case=case,
        compared=compared,
        lines=[(one, compared.places[one.number - 1]) for one in compared.differences],
        faces=bank.faces([compared.places[number - 1].revision_id for number in numbers]),
        decided=queries.decided(held_id),
        others=queries.of_attempt(row.attempt.id, but=held_id),
        states=rules.STATES,
        bars=rules.bars(attempt_state=row.attempt.state, exam_state=exam.state, trial=row.attempt.trial),
        own=row.attempt.person_id == current_user.id,
        me=current_user.id,
        accept=AcceptForm(formdata=None),
        reject=RejectForm(formdata=None),
        undo=ReasonForm(formdata=None),
        longest=LONGEST,
    )


@bp.post("/exams/<int:exam_id>/held-sheets/<int:held_id>/<any(propose,approve,reject,reopen,undo):act>")
@makers
def held_sheets_act(exam_id: int, held_id: int, act: str) -> Any:
    _row_or_404(exam_id, held_id)
    now, me = clock.now(), current_user.id
    disputed.closed_while_sitting(now)
    if act == "propose":
        actions.propose(held_id, reason=checked(AcceptForm()).said, actor_id=me, now=now)
        told = "已提请采用，由另一名考务管理员批准后生效。"
    elif act == "approve":
        receipt = actions.approve(held_id, actor_id=me, now=now)
        told = f"已采用这份滞留答卷，成绩和统计已更新。新的交卷回执：{receipt}。"
    elif act == "reject":
        actions.reject(held_id, reason=checked(RejectForm()).said, actor_id=me, now=now)
        told = "已记为不采用，成绩不变。"
    elif act == "reopen":
        actions.take_back(held_id, actor_id=me, now=now)
        told = "已恢复为待处理。"
    else:
        actions.undo(held_id, reason=checked(ReasonForm()).reason.data, actor_id=me, now=now)
        told = "已撤销采用，原答卷恢复计分，成绩和统计已更新。"
    db.session.commit()
    flash(told, "ok")
    return redirect(url_for(".held_sheets_one", exam_id=exam_id, held_id=held_id), 303)


def _row_or_404(exam_id: int, held_id: int) -> tuple[Exam, queries.Row]:
    exam = access.published_or_404(exam_id)
    return exam, queries.one(exam.id, held_id) or not_found()
