"""A guarded change of an attempt together with its line in the journal: statements built once, values bound each time.

PostgreSQL does both in one trip, as a data-modifying CTE; SQLite runs two statements under the one writer's lock.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Row, Select, Update, bindparam, insert, literal, select

from quizapp import together
from quizapp.attempts import journal
from quizapp.attempts.dialects import is_postgresql
from quizapp.attempts.models import SheetEvent
from quizapp.attempts.protocol import SheetBody
from quizapp.db import UtcDateTime, at_once, db
from quizapp.people.sessions import Ticket
from quizapp.together import Build, Write

Change = Callable[[], Update | Insert]  # gives the row's id, and what is asked for or goes into the line
JOURNALLED = ("epoch", "revision", "sheet", "extra")


def its(name: str) -> Any:
    """Where a value that a request brings along will stand in the built statement."""
    return bindparam(f"its_{name}")


SENT = SheetBody(*map(its, ("epoch", "revision", "sheet", "slots", "extra")))
CLAIMED = Ticket(*map(its, ("session", "person")))
NOW: Any = bindparam("now", type_=UtcDateTime)


def bound(token: str, body: SheetBody, claim: Ticket, now: Any) -> dict[str, Any]:
    """The values of a statement that was built with SENT, CLAIMED and NOW."""
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


def change(build: Change, kind: str, values: dict[str, Any], *more: Write) -> Row[Any] | None:
    """Make the change and write its line, in the running transaction. The row that it changed, if any.

    more: further writes; PostgreSQL makes them along with it, SQLite only where the change was made.
    """
    connection = db.session.connection()
    if is_postgresql():
        values = values | {name: value for _, own in more for name, value in own.items()}
        joined = with_line(build, kind, *(further for further, _ in more))
        return connection.execute(joined, values).one_or_none()
    row = _one_by_one(connection, build, kind, values)
    if row is not None:
        together.write(*more)
    return row


def change_at_once(build: Change, kind: str, values: dict[str, Any]) -> Row[Any] | None:
    """The same as a transaction of its own, committed when this returns; on PostgreSQL neither BEGIN nor COMMIT
    travels."""
    with at_once() as connection:
        if is_postgresql():
            return connection.execute(with_line(build, kind), values).one_or_none()
        return _one_by_one(connection, build, kind, values)


def change_together(build: Change, kind: str, several: Sequence[dict[str, Any]]) -> list[Row[Any] | None]:
    """Several of these changes in one transaction, in their order; committed when this returns, and all undone if one
    fails. The row that each changed, if any. SQLite alone: on PostgreSQL it would hold one row and wait for the next.
    """
    with db.engine.begin() as connection:
        rows = [_changed(connection, build, values) for values in several]
        lines = [
            _line(row, kind, values) for row, values in zip(rows, several, strict=True) if row is not None
        ]
        journal.add(lines, connection)
    return rows


def _one_by_one(connection: Connection, build: Change, kind: str, values: dict[str, Any]) -> Row[Any] | None:
    row = _changed(connection, build, values)
    if row is not None:
        journal.add([_line(row, kind, values)], connection)
    return row


def _changed(connection: Connection, build: Change, values: dict[str, Any]) -> Row[Any] | None:
    statement, names = alone(build)
    return connection.execute(statement, {name: values[name] for name in names}).one_or_none()


def _line(row: Row[Any], kind: str, values: dict[str, Any]) -> dict[str, Any]:
    known = row._mapping  # what the change gave back is what counts
    told = {name: known[name] if name in known else values[f"its_{name}"] for name in JOURNALLED}
    return journal.row(row.id, kind, now=values["now"], **told)


@cache
def alone(build: Change) -> tuple[Update | Insert, list[str]]:
    """The change, and the names of the values that it takes."""
    statement = build()
    taken = statement.compile(dialect=db.engine.dialect).params
    return statement, [name for name in taken if name.startswith(("its_", "new_")) or name == "now"]


@cache
def with_line(build: Change, kind: str, *more: Build) -> Select[Any]:
    """The UPDATE, and the journal line of whatever row it changed, as one data-modifying statement."""
    kept = build().cte("kept")
    columns = SheetEvent.__table__.c
    told: dict[str, Any] = {
        name: kept.c[name] if name in kept.c else bindparam(f"its_{name}", type_=columns[name].type)
        for name in JOURNALLED
    }
    its_id: Any = kept.c.id
    values = journal.row(its_id, kind, now=NOW, **told)
    values["kind"] = literal(kind, columns.kind.type)
    written = insert(SheetEvent.__table__).from_select(list(values), select(*values.values())).cte("written")
    further = [build_one().cte(f"further_{number}") for number, build_one in enumerate(more)]
    return select(*kept.c).add_cte(written, *further)


def build_anew() -> None:
    """Forget the built statements: for tests that take a guard away."""
    alone.cache_clear()
    with_line.cache_clear()
