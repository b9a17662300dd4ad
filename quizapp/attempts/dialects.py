"""Where the two databases differ for this area."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from quizapp.db import db


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def insert_once(model: Any) -> Any:
    """An INSERT that does nothing where a unique constraint says that the row is there already."""
    kind = postgresql if is_postgresql() else sqlite
    return kind.insert(model).on_conflict_do_nothing()
