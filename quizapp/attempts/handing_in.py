"""交卷: closing an attempt with the sheet that comes along."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, update

from quizapp.attempts import closing, guarded, guards, refusals, saving
from quizapp.attempts import outcomes as o
from quizapp.attempts.guarded import CLAIMED, NOW, SENT, its
from quizapp.attempts.models import Attempt
from quizapp.attempts.protocol import SheetBody
from quizapp.people.sessions import Ticket


def hand_in(token: str, body: SheetBody, claim: Ticket, now: datetime) -> o.HandInOutcome:
    """Close the attempt with the sheet that came along, so that nothing the page knows can be missed."""
    row = guarded.change(close_sheet, "hand_in", guarded.bound(token, body, claim, now))
    if row is None:
        return refusals.why_not(token, body, claim, now, handing_in=True)  # type: ignore[return-value]
    closed = closing.write_down([row], "person")[0]
    return o.HandedIn(
        closed["receipt"], closed["closed_at"], closed["answered"], row.slots, closed["digest"], True, False
    )


def close_sheet() -> Update:
    """The guarded UPDATE of a hand-in. It gives what is needed of the row that it changed, if any."""
    return (
        update(Attempt.__table__)
        .where(may_hand_in(its("token"), SENT, CLAIMED, NOW))
        .values(state="submitted", closed_at=NOW, **sent_along(SENT, NOW))
        .returning(*closing.NEEDED)
    )


def may_hand_in(token: Any, body: SheetBody, claim: Ticket, now: datetime) -> ColumnElement[bool]:
    """As for a save; but the sheet may be the very one that is already stored."""
    return saving.may_write(token, body, claim, now) & guards.newer_or_same(body.revision, body.sheet)


def sent_along(body: SheetBody, now: datetime) -> dict[str, Any]:
    """The sheet of a hand-in is stored like that of a save."""
    return saving.stored(body, now)
