"""What was saved when: rows are only ever added, in the transaction of the change itself."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, ScalarSelect, bindparam, insert, select

from quizapp.attempts.models import SheetEvent
from quizapp.db import db


def row(
    attempt_id: int, kind: str, *, epoch: int, revision: int, sheet: str, now: datetime, extra: str = ""
) -> dict[str, Any]:
    """One line of the journal. extra: JSON of what travels along and never counts."""
    return {
        "attempt_id": attempt_id,
        "kind": kind,
        "epoch": epoch,
        "revision": revision,
        "at": now,
        "sheet": sheet,
        "extra": extra,
    }


def add(rows: Sequence[dict[str, Any]], connection: Connection | None = None) -> None:
    """Write lines, in the running transaction: that of this connection, or the session's."""
    if rows:
        (connection or db.session.connection()).execute(insert(SheetEvent.__table__), list(rows))


def insert_line() -> Insert:
    """One line as a statement that is built once: values line_attempt_id, line_kind, … See `together`."""
    table = SheetEvent.__table__
    columns = [column for column in table.c if column.name != "id"]
    return insert(table).values({c.name: bindparam(f"line_{c.name}", type_=c.type) for c in columns})


def doubts(attempt_id: int) -> tuple[int, ...]:
    """The slots that the newest save marked 待检查."""
    return doubted(db.session.scalar(select(newest_extra(attempt_id))))


def newest_extra(attempt_id: Any) -> ScalarSelect[Any]:
    """SQL: what travelled along with the newest save, to be read with the attempt; see `doubted`."""
    return (
        select(SheetEvent.extra)
        .where(SheetEvent.attempt_id == attempt_id, SheetEvent.kind == "save")
        .order_by(SheetEvent.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def doubted(extra: str | None) -> tuple[int, ...]:
    return tuple(json.loads(extra or "{}").get("doubts", ()))
