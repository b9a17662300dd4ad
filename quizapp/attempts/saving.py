"""Keeping the answer sheet: the one statement that may write it.

No person row is loaded and nothing is rendered here: who asks, that the sign-in still stands, that the time has not
passed, and that nobody newer wrote, is tested in the UPDATE itself. The statement is built once, its values are bound.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, bindparam, insert, literal, select, update

from quizapp.attempts import durable, guards, journal, refusals
from quizapp.attempts import outcomes as o
from quizapp.attempts.dialects import is_postgresql
from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.attempts.protocol import SheetBody
from quizapp.db import UtcDateTime, db
from quizapp.people.sessions import Ticket, is_live


def its(name: str) -> Any:
    """Where a value that a save brings along will stand in the built statement."""
    return bindparam(f"its_{name}")


SENT = SheetBody(*map(its, ("epoch", "revision", "sheet", "slots", "extra")))
CLAIMED = Ticket(*map(its, ("session", "person")))
NOW: Any = bindparam("now", type_=UtcDateTime)


def save(token: str, body: SheetBody, claim: Ticket, now: datetime) -> o.SaveOutcome:
    """Keep the whole sheet; the newest (epoch, revision) stays. The outcome says what became of it."""
    keep = keep_in_one_trip if is_postgresql() else keep_under_the_lock
    durable.before_commit()
    closes_at = keep(bound(token, body, claim, now))
    if closes_at is None:
        return refusals.why_not(token, body, claim, now, handing_in=False)  # type: ignore[return-value]
    if not durable.is_durable():
        return o.NotDurable()
    return o.Saved(body.epoch, body.revision, closes_at, late=now > closes_at)


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


def bound(token: str, body: SheetBody, claim: Ticket, now: datetime) -> dict[str, Any]:
    """The values of `update_sheet` and of the journal line written with it."""
    return {
        "its_token": token,
        "its_epoch": body.epoch,
        "its_revision": body.revision,
        "its_sheet": body.sheet,
        "its_slots": body.slots,
        "its_extra": body.extra,
        "its_session": claim.session_id,
        "its_person": claim.person_id,
        "now": now,
    }


def update_sheet() -> Update:
    """The guarded UPDATE of a save. It gives id and closes_at of the row that it changed, if any."""
    return (
        update(Attempt.__table__)
        .where(may_write(its("token"), SENT, CLAIMED, NOW), guards.newer(SENT.revision))
        .values(stored(SENT, NOW))
        .returning(Attempt.id, Attempt.closes_at)
    )


@cache
def two_statements() -> Update:
    return update_sheet()


def keep_under_the_lock(values: dict[str, Any]) -> datetime | None:
    """SQLite: UPDATE and INSERT under the one writer's lock. Gives closes_at, or none where nothing was written."""
    wanted = {name: value for name, value in values.items() if name != "its_extra"}
    kept = db.session.connection().execute(two_statements(), wanted).one_or_none()
    if kept is None:
        return None
    journal.add([line(kept.id, {name: values[f"its_{name}"] for name in JOURNALLED}, values["now"])])
    return kept.closes_at


JOURNALLED = ("epoch", "revision", "sheet", "extra")


def line(attempt_id: Any, sent: dict[str, Any], now: Any) -> dict[str, Any]:
    """The journal's line of a save."""
    return journal.row(attempt_id, "save", now=now, **sent)


@cache
def one_statement() -> Select[Any]:
    """The UPDATE, and the journal line of whatever row it changed, as one data-modifying statement."""
    kept = update_sheet().cte("kept")
    columns = SheetEvent.__table__.c
    sent = {name: bindparam(f"its_{name}", type_=columns[name].type) for name in JOURNALLED}
    values = line(kept.c.id, sent, NOW)
    values["kind"] = literal(values["kind"], columns.kind.type)
    written = insert(SheetEvent.__table__).from_select(list(values), select(*values.values())).cte("written")
    return select(kept.c.closes_at).add_cte(written)


def keep_in_one_trip(values: dict[str, Any]) -> datetime | None:
    """PostgreSQL: sheet and journal in one trip to the server, its own transaction: neither BEGIN nor COMMIT travels.

    Committed when it returns. Gives closes_at, or none where nothing was written.
    """
    with db.engine.connect() as connection:
        at_once = connection.execution_options(isolation_level="AUTOCOMMIT")
        return at_once.execute(one_statement(), values).scalar_one_or_none()


def build_anew() -> None:
    """Forget the built statements: for tests that take a guard away."""
    two_statements.cache_clear()
    one_statement.cache_clear()
