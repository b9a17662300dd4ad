"""Counting what an act asks of the database: lists of people and questions must not make it ask more often."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from quizapp.db import db


@contextmanager
def statements(kind: str = "") -> Iterator[list[str]]:
    """`with statements() as seen:` collects the SQL that is sent meanwhile; kind "SELECT": only such.

    BEGIN and COMMIT never pass here, PRAGMA is left out.
    """
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if sql.startswith(kind) and not sql.startswith("PRAGMA"):
            seen.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
