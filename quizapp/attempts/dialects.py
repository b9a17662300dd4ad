"""Where the two databases differ for this area."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from quizapp.db import db


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def insert_once(model: Any) -> Any:
    """An INSERT that does nothing where a unique constraint says that the row is there already."""
    return _insert(model).on_conflict_do_nothing()


def insert_unless(model: Any, column: str) -> Any:
    """An INSERT that leaves out the rows whose value of this unique column is taken."""
    return _insert(model.__table__).on_conflict_do_nothing(index_elements=[column])


def _insert(what: Any) -> Any:
    return (postgresql if is_postgresql() else sqlite).insert(what)
