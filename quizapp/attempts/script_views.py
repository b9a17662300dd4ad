"""What the script of the exam page asks for. Bodies and replies: docs/exam-protocol.md, 4 to 6.

None of these loads the signed-in person: who asks is tested in the statement that writes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request

from quizapp import clock, short_way
from quizapp.attempts import handing_in, opening, paper_views, protocol, queries, replies, saving
from quizapp.attempts import outcomes as o
from quizapp.attempts.halls import leaving
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.people import sessions

FORM = "application/x-www-form-urlencoded"  # a browser without script


@bp.post("/attempts/<token>/open")
def open_page(token: str) -> Any:
    if request.mimetype == FORM:
        return paper_views.open_form(token)
    body, now = replies.read(protocol.open_body), clock.now()
    claim = sessions.ticket(now)
    outcome = opening.open_page(token, body, claim, now) if claim else o.SignedOut()
    return answer(outcome, now)


@short_way.offer("POST", "/attempts/([^/]+)/open", "attempts.open_page", largest=protocol.LARGEST_BODY)
def open_at_once(token: str, data: bytes, claim: sessions.Ticket, now: datetime) -> dict[str, Any] | None:
    """The opening by a page that was read a moment ago."""
    try:
        body = protocol.open_body(data)
    except protocol.WrongShape:
        return None
    opened = opening.open_at_once(token, body, claim, now)
    return protocol.reply(opened, now)[0] if opened else None


@bp.put("/attempts/<token>/sheet")
def sheet(token: str) -> Any:
    body, now = replies.read(protocol.sheet_body), clock.now()
    claim = sessions.ticket(now)
    outcome = saving.save(token, body, claim, now) if claim else o.SignedOut()
    return answer(outcome, now)


def next_sheets(asked: Sequence[short_way.Asked]) -> list[short_way.Said]:
    """Several of what `next_sheet` takes."""
    bodies = [_body(data) for _, data, _, _ in asked]
    sheets = [
        (token, body, claim, now)
        for (token, _, claim, now), body in zip(asked, bodies, strict=True)
        if body is not None
    ]
    kept = iter(saving.save_together(sheets))
    return [
        None if body is None else _reply(next(kept), now)
        for (_, _, _, now), body in zip(asked, bodies, strict=True)
    ]


@short_way.offer(
    "PUT",
    "/attempts/([^/]+)/sheet",
    "attempts.sheet",
    largest=protocol.LARGEST_BODY,
    together=next_sheets,
)
def next_sheet(token: str, data: bytes, claim: sessions.Ticket, now: datetime) -> dict[str, Any] | None:
    """A further sheet of a page whose last one was stored a moment ago."""
    body = _body(data)
    return _reply(saving.save_at_once(token, body, claim, now), now) if body else None


def _body(data: bytes) -> protocol.SheetBody | None:
    try:
        return protocol.sheet_body(data)
    except protocol.WrongShape:
        return None


def _reply(kept: o.Saved | None, now: datetime) -> dict[str, Any] | None:
    return protocol.reply(kept, now)[0] if kept else None


@bp.post("/attempts/<token>/hand-in")
def hand_in(token: str) -> Any:
    if request.mimetype == FORM:
        return paper_views.hand_in_form(token)
    body, now = replies.read(protocol.sheet_body), clock.now()
    claim = sessions.ticket(now)
    return answer(handing_in.hand_in(token, body, claim, now) if claim else o.SignedOut(), now)


def answer(outcome: o.Outcome, now: datetime) -> Any:
    """Commit, then answer: a 200 means that the sheet is on durable storage (where it is not, `durable` says 503)."""
    leaving.after(outcome, now)
    db.session.commit()
    return replies.of(outcome, now)


@bp.get("/attempts/<token>/status")
def status(token: str) -> Any:
    """The time, and whether this page still may write; writes nothing."""
    now = clock.now()
    claim = sessions.ticket(now)
    found, live = queries.status(token, claim, now) if claim else (None, False)
    if not live:
        return replies.of(o.SignedOut(), now)
    if found is None:
        return replies.of(o.Missing(), now)
    return {
        "code": "status",
        "state": found.state,
        "epoch": found.epoch,
        "closes_at": protocol.stamp(found.closes_at),
        "receipt": found.receipt,
        "server_time": protocol.stamp(now),
    }
