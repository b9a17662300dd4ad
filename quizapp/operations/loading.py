"""Filling an empty database with the rows of another or of a backup, and proving that it holds the same afterwards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from quizapp.db import UtcDateTime
from quizapp.errors import Refused
from quizapp.operations import rows, transactions
from quizapp.operations.rows import Row, Sum, Table
from quizapp.regulations import finding

Advance = Callable[[int], Any]  # told how many rows are done since it was told last


class Source(Protocol):
    """Where rows come from: tables at a migration, each with its rows."""

    @property
    def revision(self) -> str: ...

    @property
    def tables(self) -> Sequence[Table]: ...

    def rows(self, table: Table) -> Iterator[Row]: ...


def load(connection: Connection, source: Source, advance: Advance) -> list[Sum]:
    """Make the source's tables and fill them, in the running transaction; what was read is compared with what stands.

    Gives count and sum of each table. Every row is reported twice: when it is stored and when it is read again.
    Raises Refused when tables are not as they should be, hold rows already, or differ afterwards.
    """
    transactions.upgrade(connection, source.revision)
    here = rows.tables(connection)
    if sorted(here, key=repr) != sorted(source.tables, key=repr):
        raise Refused(
            "other_tables", "数据表的结构与本程序不一致，没有改动任何内容。", "请使用同一版本的程序。"
        )
    sums = [_fill(connection, table, source, advance) for table in here]
    _set_sequences(connection, here)
    _index_words(connection)
    for given in sums:
        _compare(connection, given, advance)
    transactions.upgrade(connection)
    return sums


def _fill(connection: Connection, table: Table, source: Source, advance: Advance) -> Sum:
    if rows.count(connection, table):
        raise Refused("not_empty", f"目标数据库不是空的（数据表{table.name}已有内容），没有改动任何内容。")
    given = Sum(table)
    write = _write_sqlite if connection.dialect.name == "sqlite" else _write_postgresql
    driver: Any = connection.dialect.dbapi  # COPY goes past SQLAlchemy, and so do its errors
    try:
        write(connection, table, told(rows.counted(source.rows(table), given), advance))
    except (sa.exc.DBAPIError, driver.Error) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise Refused(
            "row_refused",
            f"数据表{table.name}中有内容不符合目标数据库的要求，没有改动任何内容。",
            f"（{reason}）",
        ) from error
    return given


def told(found: Iterable[Row], advance: Advance) -> Iterator[Row]:
    """The same rows; `advance` hears of each batch."""
    for number, row in enumerate(found, 1):
        yield row
        if number % rows.BATCH == 0:
            advance(rows.BATCH)


def _write_sqlite(connection: Connection, table: Table, found: Iterator[Row]) -> None:
    kinds: dict[str, Any] = {"time": UtcDateTime, "day": sa.Date, "yes": sa.Boolean}
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(name, kinds.get(kind, sa.types.NullType)) for name, kind in table.columns
    ]
    statement = sa.insert(sa.table(table.name, *columns))
    while batch := [rows.stored(row, table) for row in islice(found, rows.BATCH)]:
        connection.execute(statement, batch)


def _write_postgresql(connection: Connection, table: Table, found: Iterator[Row]) -> None:
    """COPY takes times and JSON as their text, and checks references at its end: rows may come in any order."""
    from psycopg import sql  # an installation on SQLite may lack it

    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.names))
    )
    psycopgs: Any = connection.connection
    with psycopgs.cursor() as cursor, cursor.copy(statement) as copy:
        for row in found:
            copy.write_row(row)


def _set_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """The next id of each table follows the highest that was copied; SQLite does so by itself."""
    if connection.dialect.name == "sqlite":
        return
    for table in tables:
        if ("id", "whole") in table.columns:
            highest = (
                sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table.name)).scalar_subquery()
            )
            name = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
            connection.execute(sa.select(sa.func.setval(name, highest)).where(highest.is_not(None)))


def _index_words(connection: Connection) -> None:
    """The index of words is no table of ours: it is made anew from the articles."""
    if not sa.inspect(connection).has_table("provision_search"):
        return
    provision = sa.table("provision", sa.column("id"), sa.column("text"), sa.column("kind"))
    articles = sa.select(provision.c.id, provision.c.text).where(provision.c.kind == "article")
    if found := [(identity, words) for identity, words in connection.execute(articles)]:
        finding.add(found, connection)


def _compare(connection: Connection, given: Sum, advance: Advance) -> None:
    stands = Sum(given.table)
    for row in told(rows.read(connection, given.table), advance):
        stands.add(rows.line(row))
    if stands != given:
        raise Refused(
            "differs",
            f"核对不一致：数据表{given.table.name}应有{given.count}行，实有{stands.count}行，或内容不同。"
            "没有改动任何内容。",
        )
