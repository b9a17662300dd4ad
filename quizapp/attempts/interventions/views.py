"""答卷处理: the page of one attempt for those in charge of its exam, and what they ask and decide there."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.attempts import disputed
from quizapp.attempts.interventions import actions, forms, queries, rules, showing
from quizapp.attempts.late_sheets import queries as late
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams import access
from quizapp.exams.models import Exam
from quizapp.exams.pages import checked, makers
from quizapp.exams.waiting import Waiting


@bp.get("/exams/answer-sheets")
@makers
def interventions_waiting() -> Any:
    """待批准的答卷处理 over all exams in reach: those of others to approve."""
    return render_template(
        "attempts/interventions/waiting.html", rows=queries.waiting(current_user.id), kinds=rules.KINDS
    )


@bp.get("/exams/<int:exam_id>/answer-sheets/<int:attempt_id>")
@makers
def intervention(exam_id: int, attempt_id: int) -> Any:
    """What this attempt is worth, what can be done with it and what would follow, and all that was done."""
    exam, row = _row_or_404(exam_id, attempt_id)
    now, attempt = clock.now(), row.attempt
    disputed.closed_while_sitting(now)
    seen = disputed.disputed(exam, attempt, row.candidate, now)
    sheets = queries.sheets(row.candidate.id)
    case = showing.case(exam, row.candidate.id, sheets, hides=seen.hides_score)
    told = queries.of_attempt(attempt.id)
    asked = next((one for one in told if one.row.state == "asked"), None)
    seen_answers = actions.answers_seen(attempt, exam, now)
    bars = {
        kind: rules.bars(
            kind,
            state=attempt.state,
            exam_state=exam.state,
            trial=attempt.trial,
            answers_seen=seen_answers,
            another_open=rules.another_open(list(sheets.values()), attempt.number),
        )
        for kind in rules.OFFERED.get(attempt.state, ())
    }
    wanted = request.args.get("act", "")
    open_kinds = [kind for kind, why in bars.items() if not why]
    kind = wanted if wanted in open_kinds else ""
    return render_template(
        "attempts/interventions/one.html",
        exam=exam,
        row=row,
        case=seen,
        worth=case,
        sheets=sheets,
        here=sheets[attempt.id],
        told=told,
        asked=asked,
        bars=bars,
        open_kinds=open_kinds,
        kind=kind,
        form=forms.FORMS[kind](formdata=None, prefix=f"{kind}-") if kind else None,
        send_back=forms.SendBackForm(formdata=None),
        lines=case.lines(asked.row.kind if asked else kind, attempt.id) if asked or kind else [],
        own=attempt.person_id == current_user.id,
        me=current_user.id,
        held=late.of_attempt(attempt.id),
        kinds=rules.KINDS,
        states=rules.STATES,
        sheet_states=rules.SHEET_STATES,
        ways=rules.WAYS,
    )


@bp.post("/exams/<int:exam_id>/answer-sheets/<int:attempt_id>/<any(void,restore,reopen):kind>")
@makers
def intervention_ask(exam_id: int, attempt_id: int, kind: str) -> Any:
    _row_or_404(exam_id, attempt_id)
    now = clock.now()
    disputed.closed_while_sitting(now)
    form = checked(forms.FORMS[kind](prefix=f"{kind}-"))
    minutes = form.minutes.data if isinstance(form, forms.ReopenForm) else None
    actions.ask(
        attempt_id,
        kind,
        minutes=minutes,
        reason=form.reason.data,
        evidence=form.evidence.data or "",
        actor_id=current_user.id,
        now=now,
    )
    db.session.commit()
    flash("已提交，由另一名考务管理员批准后办理。现在没有改动。", "ok")
    return _back(exam_id, attempt_id)


@bp.post(
    "/exams/<int:exam_id>/answer-sheets/<int:attempt_id>/<int:intervention_id>/<any(approve,reject,withdraw):act>"
)
@makers
def intervention_decide(exam_id: int, attempt_id: int, intervention_id: int, act: str) -> Any:
    _row_or_404(exam_id, attempt_id)
    if intervention_id not in {one.row.id for one in queries.of_attempt(attempt_id)}:
        not_found()
    me, now = current_user.id, clock.now()
    disputed.closed_while_sitting(now)
    if act == "approve":
        actions.approve(intervention_id, actor_id=me, now=now)
        told = "已批准并办理，成绩和统计已更新，考生可以看到说明。"
    elif act == "reject":
        actions.reject(
            intervention_id, answer=checked(forms.SendBackForm()).answer.data, actor_id=me, now=now
        )
        told = "已退回，没有改动。"
    else:
        actions.withdraw(intervention_id, actor_id=me, now=now)
        told = "已撤回，没有改动。"
    db.session.commit()
    flash(told, "ok")
    return _back(exam_id, attempt_id)


def _row_or_404(exam_id: int, attempt_id: int) -> tuple[Exam, queries.Row]:
    exam = access.published_or_404(exam_id)
    return exam, queries.one(exam.id, attempt_id) or not_found()


def _back(exam_id: int, attempt_id: int) -> Any:
    return redirect(url_for("attempts.intervention", exam_id=exam_id, attempt_id=attempt_id), 303)


def waiting(person_id: int) -> Sequence[Waiting]:
    """Registered with exams: what others have asked for and this person may approve. One statement."""
    found = queries.waiting(person_id)
    if not found:
        return []
    url = url_for("attempts.interventions_waiting")
    if len(found) == 1:
        one = found[0].row
        url = url_for("attempts.intervention", exam_id=one.exam_id, attempt_id=one.attempt_id)
    return [Waiting(f"有{len(found)}项答卷处理等待您批准。", "查看答卷", url)]
