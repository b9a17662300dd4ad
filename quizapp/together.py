"""Several writes in one trip to the database: one statement on PostgreSQL, one after the other on SQLite.

Each is built once (`build`) with bound values of names of its own, and none needs what another gives back. PostgreSQL
runs them as parts of one data-modifying statement, in an order of its own: rows for which others may wait are locked
beforehand.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.sql.dml import UpdateBase

from quizapp.db import db

Build = Callable[[], UpdateBase]
Write = tuple[Build, dict[str, Any]]


def write(*writes: Write) -> None:
    """Run these writes in the running transaction."""
    if not writes:
        return
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        values = {name: value for _, own in writes for name, value in own.items()}
        connection.execute(_joined(*(build for build, _ in writes)), values)
        return
    for build, own in writes:
        connection.execute(_alone(build), own)


@cache
def _alone(build: Build) -> UpdateBase:
    return build()


@cache
def _joined(*builds: Build) -> Select[Any]:
    parts = [build().cte(f"part_{number}") for number, build in enumerate(builds)]
    return select(literal(1)).add_cte(*parts)
