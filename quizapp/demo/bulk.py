"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite. Everything in the running transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from quizapp.db import db

Rows = Sequence[Sequence[Any]]


def add(model: Any, columns: Sequence[str], rows: Rows) -> None:
    """Add rows of a table. columns: what each row holds, in its order; the others get the model's fixed defaults.

    Values are those of the columns' types; a column of JSON cannot be among them.
    """
    connection = db.session.connection()
    write = _copy if connection.dialect.name == "postgresql" else _insert
    if rows:
        write(connection, model.__table__, columns, rows)


def _copy(connection: Connection, table: Any, columns: Sequence[str], rows: Rows) -> None:
    """PostgreSQL: the rows travel as one stream, past SQLAlchemy, which therefore fills in no default."""
    from psycopg import sql  # an installation on SQLite may lack it

    given = {
        column.name: column.default.arg
        for column in table.c
        if column.name not in columns and column.default is not None and column.default.is_scalar
    }
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, [*columns, *given]))
    )
    more = tuple(given.values())
    psycopgs: Any = connection.connection
    with psycopgs.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((*row, *more))


def _insert(connection: Connection, table: Any, columns: Sequence[str], rows: Rows) -> None:
    """SQLite: the driver runs one prepared statement for all rows."""
    connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def follow(*models: Any) -> None:
    """The next id of each table comes after the highest that was added; SQLite does so by itself."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return
    for model in models:
        highest = select(func.max(model.__table__.c.id)).scalar_subquery()
        name = func.pg_get_serial_sequence(f'"{model.__tablename__}"', "id")
        connection.execute(select(func.setval(name, highest)).where(highest.is_not(None)))


def settle() -> None:
    """After the commit: let PostgreSQL learn what it holds, as it would by itself some minutes later."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))
