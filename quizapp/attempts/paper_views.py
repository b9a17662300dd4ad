"""The paper, and how it is saved and handed in by a browser without script: the same actions, forms instead of JSON."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from quizapp import clock, short_way
from quizapp.attempts import (
    access,
    forms,
    guards,
    handing_in,
    journal,
    opening,
    own_page,
    paper_page,
    protocol,
    replies,
    saving,
)
from quizapp.attempts import outcomes as o
from quizapp.attempts import sheet as sheets
from quizapp.attempts.halls import leaving
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people import sessions
from quizapp.people.access import signed_in


@bp.get("/attempts/<token>")
@signed_in
def paper(token: str) -> Any:
    now = clock.now()
    attempt, exam, doubts = access.own_paper_or_404(token)
    if attempt.state == "created" or attempt.closes_at is None:
        return redirect(url_for(".rules", exam_id=exam.id), 303)
    if not guards.is_open(attempt.state, attempt.refused_after, now):
        return redirect(url_for(".receipt", token=token), 303)
    return paper_page.page(attempt, exam, doubts, paper_page.reader(now), now)


@short_way.offer("GET", "/attempts/([^/]+)", "attempts.paper")
def paper_at_once(token: str, _data: bytes, who: paper_page.Reader, now: datetime) -> str | None:
    """The paper to which the press of 开始答题 leads."""
    found = access.paper_of(token, who.claim, now)
    if found is None:
        return None
    attempt, exam, doubts = found
    if attempt.state != "in_progress" or not guards.is_open(attempt.state, attempt.refused_after, now):
        return None
    return paper_page.page_at_once(attempt, exam, doubts, who, now)


@bp.get("/attempts/<token>/hand-in")
@signed_in
def check(token: str) -> Any:
    """What is still open, before 交卷 counts."""
    attempt, exam = access.own_attempt_or_404(token)
    if not guards.is_open(attempt.state, attempt.refused_after, clock.now()):
        return redirect(url_for(".receipt", token=token), 303)
    if not own_page.is_held(attempt):
        return redirect(url_for(".paper", token=token), 303)
    return render_template(
        "attempts/check.html",
        exam=exam,
        attempt=attempt,
        answered=sheets.answered(attempt.sheet),
        open_slots=sheets.open_slots(attempt.sheet),
        doubts=journal.doubts(attempt.id),
    )


@bp.post("/attempts/<token>/sheet")
def sheet_form(token: str) -> Any:
    """保存"""
    now = clock.now()
    return go_on(_save(token, _shaped(forms.paper_sheet), now), token, saved="已保存。")


def open_form(token: str) -> Any:
    """在此继续: the person was asked whether this page takes over. (Routed by `script_views.open_page`.)"""
    now = clock.now()
    claim = sessions.ticket(now)
    body = protocol.OpenBody(takeover=request.form.get("takeover") == "1")
    outcome = opening.open_page(token, body, claim, now) if claim else o.SignedOut()
    if isinstance(outcome, o.NotOpen):
        raise Refused(outcome.code, outcome.sentence)
    own_page.remember(token, outcome)
    return go_on(outcome, token)


def hand_in_form(token: str) -> Any:
    """交卷 saves and asks once more; the page that asks sends `confirmed`. (Routed by `script_views.hand_in`.)"""
    now = clock.now()
    if request.form.get("confirmed") == "1":
        body, claim = _shaped(forms.checked_sheet), sessions.ticket(now)
        return go_on(handing_in.hand_in(token, body, claim, now) if claim else o.SignedOut(), token)
    outcome = _save(token, _shaped(forms.paper_sheet), now)
    if not isinstance(outcome, o.Saved):
        return go_on(outcome, token)
    db.session.commit()
    return redirect(url_for(".check", token=token), 303)


def _save(token: str, body: protocol.SheetBody, now: datetime) -> o.SaveOutcome:
    claim = sessions.ticket(now)
    return saving.save(token, body, claim, now) if claim else o.SignedOut()


def _shaped(parse: Any) -> protocol.SheetBody:
    try:
        return parse(request.form)
    except protocol.WrongShape as wrong:
        raise replies.WRONG_SHAPE from wrong


def go_on(outcome: o.Outcome, token: str, *, saved: str = "") -> Any:
    """Where a form leads. The outcome is committed first, whatever it is. saved: what to say of a save."""
    leaving.after(outcome, clock.now())
    db.session.commit()
    if isinstance(outcome, o.Missing):
        not_found()
    if isinstance(outcome, o.SignedOut):
        return redirect(url_for("people.sign_in", next=url_for(".paper", token=token)), 303)
    if isinstance(outcome, o.HandedIn | o.Closed):
        if outcome.held:
            flash("这次送出的答案与已交答卷不同，没有计入成绩，已另行保存，由考务管理员处理。", "warn")
        return redirect(url_for(".receipt", token=token), 303)
    if isinstance(outcome, o.Superseded):
        flash("本次考试已在另一页面作答，这一页的答案没有计入，已另行保存。", "bad")
    elif isinstance(outcome, o.Overtaken | o.Conflict):
        flash("已有更新的答案，这一页的答案没有保存，请核对后继续。", "warn")
    elif isinstance(outcome, o.Misshapen | o.Busy | o.NotStarted):
        flash("没有保存，请重试。", "bad")
    elif isinstance(outcome, o.Saved) and saved:
        flash(saved, "ok")
    return redirect(url_for(".paper", token=token), 303)
