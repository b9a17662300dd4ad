"""交卷: closing an attempt with the sheet that comes along."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from quizapp.attempts import closing, guards, refusals, saving
from quizapp.attempts import outcomes as o
from quizapp.attempts.models import Attempt
from quizapp.attempts.protocol import SheetBody
from quizapp.db import db
from quizapp.people.sessions import Ticket


def hand_in(token: str, body: SheetBody, claim: Ticket, now: datetime) -> o.HandInOutcome:
    """Close the attempt with the sheet that came along, so that nothing the page knows can be missed."""
    row = db.session.execute(
        update(Attempt)
        .where(may_hand_in(token, body, claim, now))
        .values(state="submitted", closed_at=now, **sent_along(body, now))
        .returning(*closing.NEEDED)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return refusals.why_not(token, body, claim, now, handing_in=True)  # type: ignore[return-value]
    closed = closing.write_down([row], "person", now, extra=body.extra)[0]
    return o.HandedIn(
        closed["receipt"], closed["closed_at"], closed["answered"], row.slots, closed["digest"], True, False
    )


def may_hand_in(token: str, body: SheetBody, claim: Ticket, now: datetime) -> ColumnElement[bool]:
    """As for a save; but the sheet may be the very one that is already stored."""
    return saving.may_write(token, body, claim, now) & guards.newer_or_same(body.revision, body.sheet)


def sent_along(body: SheetBody, now: datetime) -> dict[str, Any]:
    """The sheet of a hand-in is stored like that of a save."""
    return saving.stored(body, now)
