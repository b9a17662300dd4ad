"""Connections for work on a whole database: one snapshot to read from, one transaction in which tables are filled.

They are apart from the app's engine: a reader takes no writer's turn, a writer may fill tables in any order.
"""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection, Engine, event, pool

from quizapp.errors import Refused


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite address; none for another database."""
    parsed = sa.make_url(url)
    return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None


@contextlib.contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """A connection whose every statement sees the database as it was at the first one, while others write on.

    Nothing can be written through it. Raises Refused where an SQLite file is not there.
    """
    path = sqlite_path(url)
    if path is not None and not path.is_file():
        raise Refused("no_database", f"没有找到数据库文件{path}。", "请检查地址。")
    engine = _sqlite(url, "BEGIN", "query_only=ON") if path else _postgresql(url)
    if not path:
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextlib.contextmanager
def frozen(url: str, folder: Path) -> Iterator[str]:
    """The address of the database as it is now, for work that takes its time.

    A long reader keeps SQLite's log from being folded into the file (hazard H47), so its file is copied first, by
    SQLite itself (hazard H50), into a scratch folder below `folder`. PostgreSQL has no such trouble.
    """
    path = sqlite_path(url)
    if path is None or not path.is_file():
        yield url
        return
    with tempfile.TemporaryDirectory(dir=folder, prefix="frozen-") as scratch:
        copy = Path(scratch) / "frozen.db"
        with (
            contextlib.closing(sqlite3.connect(path)) as live,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            target.execute("PRAGMA synchronous=OFF")
            live.backup(target)
        yield f"sqlite:///{copy}"


@contextlib.contextmanager
def filling(url: str, schema: str | None = None) -> Iterator[Connection]:
    """A connection in one writing transaction, committed at the end; an exception leaves nothing behind.

    schema: on PostgreSQL, where tables are made and looked for. SQLite must have nobody else connected: Refused.
    References are checked at the end, not row by row.
    """
    path = sqlite_path(url)
    engine = (
        _sqlite(url, "BEGIN IMMEDIATE", "journal_mode=DELETE", "synchronous=FULL", "foreign_keys=OFF")
        if path
        else _postgresql(url)
    )
    try:
        with engine.begin() as connection:
            if schema:
                connection.execute(sa.text(f'SET LOCAL search_path TO "{schema}"'))
            yield connection
            if path:
                _check_sqlite(connection)
    except sa.exc.OperationalError as error:
        if path and "locked" in str(error.orig):
            raise in_use(path) from error
        raise
    finally:
        engine.dispose()


def in_use(path: Path) -> Refused:
    return Refused(
        "in_use", f"数据库文件{path}正在使用，没有改动任何内容。", "请先停止系统（quizapp serve），再重试。"
    )


def _check_sqlite(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
    if broken or found != "ok":
        raise Refused("damaged", "数据内容前后不一致，没有改动任何内容。", f"（{broken[:3] or found}）")


def _sqlite(url: str, begin: str, *pragmas: str) -> Engine:
    engine = sa.create_engine(url, poolclass=pool.NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def connect(raw: sqlite3.Connection, _record: Any) -> None:
        raw.isolation_level = None
        for pragma in ("busy_timeout=5000", *pragmas):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_by_hand(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgresql(url: str) -> Engine:
    """Nothing is prepared ahead, so that PgBouncer may stand between."""
    bare = {"prepare_threshold": None}
    return sa.create_engine(url, poolclass=pool.NullPool, hide_parameters=True, connect_args=bare)


def newest() -> str:
    """The migration that this program needs."""
    return str(_scripts().get_current_head())


def is_known(revision: str | None) -> bool:
    """Whether this program has the migrations up to this one."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(current_app.extensions["migrate"].directory)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables behind this connection to a migration, in its transaction."""
    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
