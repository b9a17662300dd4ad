"""Keeping the answer sheet: the one statement that may write it.

No person row is loaded and nothing is rendered here: who asks, that the sign-in still stands, that the time has not
passed, and that nobody newer wrote, is tested in the UPDATE itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Update, and_, update

from quizapp.attempts import guarded, guards, refusals
from quizapp.attempts import outcomes as o
from quizapp.attempts.dialects import is_postgresql
from quizapp.attempts.guarded import CLAIMED, NOW, SENT, its
from quizapp.attempts.models import Attempt
from quizapp.attempts.protocol import SheetBody
from quizapp.people.sessions import Ticket, is_live


def save(token: str, body: SheetBody, claim: Ticket, now: datetime) -> o.SaveOutcome:
    """Keep the whole sheet; the newest (epoch, revision) stays. The outcome says what became of it.

    On PostgreSQL a sheet that was kept is committed already; whatever else happened is the caller's to commit.
    """
    change = guarded.change_at_once if is_postgresql() else guarded.change
    kept = change(update_sheet, "save", guarded.bound(token, body, claim, now))
    return _saved(kept, body, now) or refusals.why_not(token, body, claim, now, handing_in=False)  # type: ignore[return-value]


def save_at_once(token: str, body: SheetBody, claim: Ticket, now: datetime) -> o.Saved | None:
    """Store and commit a sheet that nothing forbids, outside of any transaction (SQLite has one writer). None, with
    nothing changed, where something does."""
    kept = guarded.change_at_once(update_sheet, "save", guarded.bound(token, body, claim, now))
    return _saved(kept, body, now)


def save_together(several: Sequence[tuple[str, SheetBody, Ticket, datetime]]) -> list[o.Saved | None]:
    """The same for several sheets, in their order and with one commit: a failure stores none of them."""
    kept = guarded.change_together(update_sheet, "save", [guarded.bound(*one) for one in several])
    return [_saved(row, body, now) for row, (_, body, _, now) in zip(kept, several, strict=True)]


def _saved(kept: Row[Any] | None, body: SheetBody, now: datetime) -> o.Saved | None:
    return kept and o.Saved(body.epoch, body.revision, kept.closes_at, late=now > kept.closes_at)


def may_write(token: Any, body: SheetBody, claim: Ticket, now: datetime) -> ColumnElement[bool]:
    """Everything but the order of revisions, in which a save and a hand-in differ."""
    return and_(
        Attempt.token == token,
        Attempt.person_id == claim.person_id,
        Attempt.slots == body.slots,
        guards.in_progress(),
        guards.in_time(now),
        guards.newest_page(body.epoch),
        is_live(claim, now),
    )


def stored(body: SheetBody, now: datetime) -> dict[str, Any]:
    """The columns that a sheet changes."""
    return {
        "sheet": body.sheet,
        "revision": body.revision,
        "saved_epoch": body.epoch,
        "saved_revision": body.revision,
        "saved_at": now,
    }


def update_sheet() -> Update:
    """The guarded UPDATE of a save. It gives id and closes_at of the row that it changed, if any."""
    return (
        update(Attempt.__table__)
        .where(may_write(its("token"), SENT, CLAIMED, NOW), guards.newer(SENT.revision))
        .values(stored(SENT, NOW))
        .returning(Attempt.id, Attempt.closes_at)
    )
