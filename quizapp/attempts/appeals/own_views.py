"""申请复核: the page of one appeal as its candidate sees it, from the words to the answer."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from quizapp import clock
from quizapp.attempts import access, sittings
from quizapp.attempts.appeals import actions, queries, rules
from quizapp.attempts.appeals.forms import AppealForm
from quizapp.attempts.disputed import closed_while_sitting
from quizapp.attempts.disputed_lists import LONGEST
from quizapp.attempts.models import Attempt
from quizapp.attempts.pages import bp
from quizapp.attempts.sittings import Sitting
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.people.access import signed_in


@bp.route("/attempts/<token>/appeals/<int:number>", methods=["GET", "POST"])
@signed_in
def appeal(token: str, number: int) -> Any:
    """number: of the question, from 1; 0: the whole result."""
    now = clock.now()
    closed_while_sitting(now)
    attempt, sat, own = _own_or_404(token, number)
    form = AppealForm()
    if form.validate_on_submit():
        actions.ask(attempt, number, form.words.data or "", sat.shown, open_now=own.open_now, now=now)
        db.session.commit()
        flash("复核申请已提交，答复后在本页查看。", "ok")
        return redirect(url_for(".appeal", token=token, number=number), 303)
    page = render_template(
        "attempts/appeals/appeal.html",
        sat=sat,
        exam=sat.exam,
        number=number,
        what=rules.what(number),
        own=own,
        made=own.latest.get(number),
        states=rules.STATES,
        answered=sittings.answers(sat, number)[0] if number and sat.shown.right else None,
        form=form,
        longest=LONGEST,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/attempts/<token>/appeals/<int:number>/withdraw")
@signed_in
def appeal_withdraw(token: str, number: int) -> Any:
    _, _, own = _own_or_404(token, number)
    made = own.latest.get(number) or not_found()
    actions.withdraw(made, now=clock.now())
    db.session.commit()
    flash("复核申请已撤回。在申请时间内可以重新提出。", "ok")
    return redirect(url_for(".result", token=token), 303)


def _own_or_404(token: str, number: int) -> tuple[Attempt, Sitting, queries.Own]:
    """One's own closed attempt with what can be appealed of it, or was."""
    now = clock.now()
    attempt, exam = access.own_attempt_or_404(token)
    sat = sittings.sitting(attempt, exam, now)
    if sat.closing is None or attempt.trial or number > attempt.slots:
        not_found()
    own = queries.own(attempt, exam, sat.shown, now)
    if not rules.can_be_asked(number, sat.shown) and number not in own.latest:
        not_found()
    return attempt, sat, own
