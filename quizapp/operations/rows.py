"""The rows of all tables in one shape, alike on SQLite and PostgreSQL: backups keep it, copies carry and compare it.

A row is a list of plain values (text, numbers, yes and no, nothing) in the order of its columns' names.
Times are ISO text in UTC, days ISO text; JSON travels as the text that stands in the column, so that nothing is lost
between a JSON null and no value. Tables are read from the database itself, not from the models: an older database can
be backed up before it is upgraded.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from quizapp.db import UtcDateTime, is_compared

Row = list[Any]
BATCH = 1000  # rows in memory at a time

KINDS: tuple[tuple[type, str], ...] = (  # the first that fits: a JSON column is no text
    (sa.JSON, "json"),
    (sa.DateTime, "time"),
    (sa.Date, "day"),
    (sa.Boolean, "yes"),
    (sa.Integer, "whole"),
    (sa.Float, "number"),
    (sa.String, "text"),
)


@dataclass(frozen=True)
class Table:
    """A table and its columns, by name: (column, kind)."""

    name: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]


@dataclass
class Sum:
    """How many rows a table has, and the sum of their SHA-256: equal for equal rows in whatever order."""

    table: Table
    count: int = 0
    total: int = field(default=0, repr=False)

    def add(self, line: str) -> None:
        self.count += 1
        self.total = (self.total + int.from_bytes(sha256(line.encode()).digest())) % (1 << 256)

    @property
    def digest(self) -> str:
        """64 hexadecimal digits; the names of the columns are part of it."""
        names = sha256(",".join(self.table.names).encode()).digest()
        return f"{(self.total + int.from_bytes(names)) % (1 << 256):064x}"


def tables(connection: Connection) -> list[Table]:
    """All tables of the app that this database has, those that others point at first. Raises ValueError for a kind
    of column that nobody has taught this module."""
    known = sa.MetaData()
    known.reflect(
        connection, only=lambda name, _: name != "alembic_version" and is_compared(name, "table", {})
    )
    return [
        Table(table.name, tuple(sorted((column.name, _kind(column)) for column in table.columns)))
        for table in known.sorted_tables
    ]


def _kind(column: sa.Column[Any]) -> str:
    for kind, name in KINDS:
        if isinstance(column.type, kind):
            return name
    raise ValueError(f"no way to carry {column.table.name}.{column.name}: {column.type!r}")


def version(connection: Connection) -> str | None:
    """The migration at which this database stands; none where there are no tables of ours."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(table.name))).scalar_one())


def read(connection: Connection, table: Table) -> Iterator[Row]:
    """Every row of a table, in any order, a batch in memory at a time."""
    dialect = connection.dialect.name
    columns = [_column(name, kind, dialect) for name, kind in table.columns]
    query = sa.select(*columns).select_from(sa.table(table.name))
    json_at = [place for place, (_, kind) in enumerate(table.columns) if kind == "json"]
    moments = [place for place, (_, kind) in enumerate(table.columns) if kind in ("time", "day")]
    for found in connection.execute(query.execution_options(yield_per=BATCH)):
        row = list(found)
        for place in json_at:
            row[place] = _json_text(row[place])
        for place in moments:
            row[place] = row[place] and row[place].isoformat()
        yield row


def _column(name: str, kind: str, dialect: str) -> sa.ColumnElement[Any]:
    if kind == "time":
        return sa.column(name, UtcDateTime)
    if kind == "json":
        return sa.cast(sa.column(name), sa.Text) if dialect == "postgresql" else sa.column(name)
    return sa.column(name, {"day": sa.Date, "yes": sa.Boolean}.get(kind, sa.types.NullType))


def _json_text(stored: Any) -> str | None:
    """JSON as its own text. SQLite keeps a bare number as one, and 5.0 as 5: both are written as 5."""
    if stored is None or (isinstance(stored, str) and stored[:1] not in "-0123456789"):
        return stored
    number = json.loads(stored) if isinstance(stored, str) else stored
    return json.dumps(int(number) if number == int(number) else number)


def line(row: Row) -> str:
    """A row as one line of JSON: what a backup holds and what is summed."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def counted(rows: Iterable[Row], into: Sum) -> Iterator[Row]:
    """The same rows, summed on their way."""
    for row in rows:
        into.add(line(row))
        yield row


def total(connection: Connection, table: Table) -> Sum:
    """Count and sum of what stands in a table now."""
    found = Sum(table)
    for row in read(connection, table):
        found.add(line(row))
    return found


def stored(row: Row, table: Table) -> dict[str, Any]:
    """A row as SQLAlchemy binds it: times and days are times and days again."""
    values = dict(zip(table.names, row, strict=True))
    for name, kind in table.columns:
        if values[name] is not None and kind == "time":
            values[name] = datetime.fromisoformat(values[name]).astimezone(UTC)
        elif values[name] is not None and kind == "day":
            values[name] = date.fromisoformat(values[name])
    return values
