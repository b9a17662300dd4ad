"""Moving to another database: every table copied from one snapshot, and compared by count and sum before it counts."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from quizapp.errors import Refused
from quizapp.operations import loading, rows, transactions
from quizapp.operations.loading import Advance
from quizapp.operations.rows import Row, Sum, Table


@dataclass(frozen=True)
class Snapshot:
    """A database as it was at one moment, as a source of rows."""

    connection: Connection
    revision: str
    tables: Sequence[Table]

    def rows(self, table: Table) -> Iterator[Row]:
        return rows.read(self.connection, table)


def copy(source: str, target: str, advance: Advance) -> list[Sum]:
    """Copy all tables of one database into another, empty one; addresses of SQLite or PostgreSQL, in any direction.

    The source may be in use, though what is written there afterwards does not come along. Gives count and sum of each
    table. Raises Refused, and then the target is as it was.
    """
    check(source, target)
    path = transactions.sqlite_path(target)
    made = path is not None and not path.exists()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with transactions.snapshot(source) as reading, transactions.filling(target) as writing:
            return loading.load(writing, _snapshot(reading), advance)
    except BaseException:
        if made and path is not None:
            with suppress(OSError):
                path.unlink()
        raise


def check(source: str, target: str) -> None:
    """Refuse what are no addresses of two databases."""
    if _known(source) == _known(target):
        raise Refused("same", "源数据库和目标数据库相同，没有复制。")


def _known(address: str) -> sa.URL:
    try:
        found = sa.make_url(address)
    except sa.exc.ArgumentError:
        found = None
    if found is None or found.get_backend_name() not in ("sqlite", "postgresql"):
        raise Refused(
            "no_address",
            "地址不正确，没有复制。",
            "请写成sqlite:////目录/quizapp.db或postgresql://用户:口令@主机:5432/库名。",
        )
    return found


def _snapshot(connection: Connection) -> Snapshot:
    revision = rows.version(connection)
    if revision is None or revision != transactions.newest():
        raise Refused(
            "not_upgraded",
            f"源数据库的数据版本是{revision or '空'}，本程序需要{transactions.newest()}，没有复制。",
            "请先对源数据库执行quizapp db upgrade。",
        )
    return Snapshot(connection, revision, rows.tables(connection))
