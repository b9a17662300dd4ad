"""Why a sheet was not stored: one read under the row's lock tells. What came too late is closed here, and a sheet
that cannot count is held."""

from datetime import datetime

from sqlalchemy import select

from quizapp.attempts import closing, guards, held
from quizapp.attempts import outcomes as o
from quizapp.attempts.models import Attempt
from quizapp.attempts.protocol import SheetBody
from quizapp.db import db
from quizapp.people.sessions import Ticket, is_live


def why_not(token: str, body: SheetBody, claim: Ticket, now: datetime, *, handing_in: bool) -> o.Outcome:
    """The outcome of a save or a hand-in whose guarded UPDATE changed no row."""
    found = (
        select(Attempt, is_live(claim, now).label("live"))
        .where(Attempt.token == token, Attempt.person_id == claim.person_id)
        .with_for_update(of=Attempt, key_share=True)
        .execution_options(populate_existing=True)
    )
    row = db.session.execute(found).one_or_none()
    if row is None:
        return o.Missing() if db.session.scalar(select(is_live(claim, now))) else o.SignedOut()
    attempt, live = row
    if not live:
        return o.SignedOut()
    if attempt.slots != body.slots:
        return o.Misshapen()
    if attempt.state == "created":
        return o.NotStarted()
    if attempt.state == "in_progress" and not guards.is_open(attempt.state, attempt.refused_after, now):
        closing.expire(now, only=[attempt.id])
        db.session.refresh(attempt)
    if attempt.state != "in_progress":
        return _closed(attempt, body, now, handing_in=handing_in)
    if attempt.epoch != body.epoch:
        return o.Superseded(attempt.epoch, held.hold(attempt.id, body, "superseded", now))
    return _order(attempt, body, now, handing_in=handing_in)


def _closed(attempt: Attempt, body: SheetBody, now: datetime, *, handing_in: bool) -> o.Outcome:
    last = closing.newest(attempt.id)
    kept = body.sheet != attempt.sheet and held.hold(attempt.id, body, "closed", now)
    if handing_in and attempt.state == "submitted" and last is not None:
        return o.HandedIn(
            last.receipt, last.closed_at, last.answered, attempt.slots, last.digest, first=False, held=kept
        )
    return o.Closed(attempt.state, last.receipt if last else None, attempt.closed_at, kept)


def _order(attempt: Attempt, body: SheetBody, now: datetime, *, handing_in: bool) -> o.Outcome:
    """In progress, in time and of the newest page: then the order of revisions was the reason."""
    assert attempt.closes_at is not None  # noqa: S101 - a named constraint says so
    if attempt.revision > body.revision:
        return o.Overtaken(attempt.epoch, attempt.revision, attempt.closes_at, handing_in)
    if attempt.revision == body.revision and attempt.sheet != body.sheet:
        return o.Conflict(attempt.epoch, attempt.revision)
    if attempt.revision == body.revision and not handing_in:
        return o.Saved(body.epoch, body.revision, attempt.closes_at, late=now > attempt.closes_at)
    return o.Busy()  # between the two statements the row became writable: the page sends again
