"""The one thing that the two databases say differently here: an INSERT that gives way to a row that is there."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from quizapp.db import db


def insert(model: Any) -> Any:
    """INSERT of the database in use, with on_conflict_do_nothing and on_conflict_do_update."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert(model)
