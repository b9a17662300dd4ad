"""Keeping the answer sheet: the one statement that may write it, and what a refusal means.

No person row is loaded and nothing is rendered here: who asks, that the sign-in still stands, that the time has not
passed, and that nobody newer wrote, is tested in the UPDATE itself.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, literal, select, update

from quizapp.attempts import guards, journal, refusals
from quizapp.attempts import outcomes as o
from quizapp.attempts.dialects import is_postgresql
from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.attempts.protocol import SheetBody
from quizapp.db import db
from quizapp.people.sessions import Ticket, is_live


def save(token: str, body: SheetBody, claim: Ticket, now: datetime) -> o.SaveOutcome:
    """Keep the whole sheet; the newest (epoch, revision) stays. The outcome says what became of it."""
    keep = keep_in_one_trip if is_postgresql() else keep_under_the_lock
    closes_at = keep(may_write(token, body, claim, now) & guards.newer(body.revision), body, now)
    if closes_at is None:
        return refusals.why_not(token, body, claim, now, handing_in=False)  # type: ignore[return-value]
    return o.Saved(body.epoch, body.revision, closes_at, late=now > closes_at)


def may_write(token: str, body: SheetBody, claim: Ticket, now: datetime) -> ColumnElement[bool]:
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


def keep_under_the_lock(allowed: ColumnElement[bool], body: SheetBody, now: datetime) -> datetime | None:
    """SQLite: two statements under the one writer's lock. Gives closes_at, or none where nothing was written."""
    kept = db.session.execute(
        update(Attempt)
        .where(allowed)
        .values(stored(body, now))
        .returning(Attempt.id, Attempt.closes_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if kept is None:
        return None
    journal.add(
        [
            journal.row(
                kept.id,
                "save",
                epoch=body.epoch,
                revision=body.revision,
                sheet=body.sheet,
                now=now,
                extra=body.extra,
            )
        ]
    )
    return kept.closes_at


def keep_in_one_trip(allowed: ColumnElement[bool], body: SheetBody, now: datetime) -> datetime | None:
    """PostgreSQL: sheet and journal in one data-modifying statement, one trip to the server."""
    kept = (
        update(Attempt)
        .where(allowed)
        .values(stored(body, now))
        .returning(Attempt.id, Attempt.closes_at)
        .execution_options(synchronize_session=False)
        .cte("kept")
    )
    line = journal.row(
        0, "save", epoch=body.epoch, revision=body.revision, sheet=body.sheet, now=now, extra=body.extra
    )
    columns = {name: literal(value, SheetEvent.__table__.c[name].type) for name, value in line.items()}
    written = (
        insert(SheetEvent)
        .from_select(list(line), select(*(columns | {"attempt_id": kept.c.id}).values()))
        .cte("written")
    )
    return db.session.execute(select(kept.c.closes_at).add_cte(written)).scalar_one_or_none()
