"""The database: one model base, one type for times, and how a transaction begins on each of the two databases.

SQLite: WAL and synchronous=FULL, so that a commit that returned is on the disk; every writing transaction begins
IMMEDIATE behind a queue (a thread lock and a file lock), since `busy_timeout` alone lets unlucky writers starve.
A request that only reads (GET, HEAD, a view marked `only_reads`) gets a read-only transaction on both databases: one
that writes all the same fails.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, g, has_app_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Date, DateTime, Engine, MetaData, String, TypeDecorator, event, make_url
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.functions import FunctionElement

from quizapp.replica import PrimaryOrReplica
from quizapp.writer_queue import WriterQueue

READ_ONLY = "25006"  # PostgreSQL: read_only_sql_transaction
BUSY_SECONDS = 15  # how long a writer waits in all; the page waits 20 before it gives up on a reply
LEFT_TO_OTHERS = (
    "wal_autocheckpoint=20000"  # frames; where a server runs, operations/checkpoints.py is sooner
)
POOL_SECONDS = 5  # how long a request waits for a connection; then it makes room for one that needs none


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"class_": PrimaryOrReplica})
migrate = Migrate(
    render_as_batch=True, compare_type=True, directory=str(Path(__file__).parent / "migrations")
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite gives times back naive, so both directions are made explicit here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def SortKey(length: int) -> String:
    """Text that sorts by code points on both databases."""
    return String(length).with_variant(postgresql.VARCHAR(length, collation="C"), "postgresql")


class china_day(FunctionElement[date]):  # noqa: N801 - used like an SQL function
    """SQL: the day in Asia/Shanghai to which a stored time belongs."""

    type = Date()
    inherit_cache = True


@compiles(china_day, "sqlite")
def _china_day_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(china_day, "postgresql")
def _china_day_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AT TIME ZONE 'Asia/Shanghai' AS date)"


_queues: dict[str, WriterQueue] = {}
_queues_lock = threading.Lock()


class QueuedConnection(sqlite3.Connection):
    """A SQLite connection whose writing transactions wait for their turn and give it back when they end."""

    queue: WriterQueue | None = None
    _inside = False

    def begin(self, *, write: bool) -> None:
        left: float = BUSY_SECONDS
        if write and self.queue is not None:
            left = self.queue.enter(BUSY_SECONDS)
            self._inside = True
        try:
            if write:  # another program may have the lock; whole seconds, so that statements serve again
                self.execute(f"PRAGMA busy_timeout={1000 * max(1, round(left))}")
            self.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        except BaseException:
            self._leave()
            raise

    @contextlib.contextmanager
    def turn(self, patience: float) -> Iterator[None]:
        """The writer's turn without a transaction: meanwhile nobody writes. patience: seconds.

        Raises sqlite3.OperationalError when it does not come.
        """
        if self.queue is None:
            raise ValueError("a connection that was not prepared has no turn")
        self.queue.enter(patience)
        try:
            yield
        finally:
            self.queue.leave()

    def _leave(self) -> None:
        if self._inside and self.queue is not None:
            self._inside = False
            self.queue.leave()

    def commit(self) -> None:
        super().commit()
        self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._leave()


def only_reading() -> bool:
    """Whether the transaction about to begin belongs to a request that may not write."""
    return has_app_context() and bool(g.get("read_only"))


# A machine that vanished says nothing: its connections are given up after a dozen seconds, below any grace of an exam.
PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,  # seconds, for each server of the address
    "keepalives_idle": 5,  # seconds of silence while a reply is awaited; then three questions, two seconds apart
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds for what was sent to arrive
}


def engine_options(url: str, *, pooled: bool = False) -> dict[str, Any]:
    """What `create_engine` needs for this address. Error messages, and so the log, never show parameters.

    pooled: it is that of a PgBouncer, which gives each transaction another session: nothing is prepared ahead.
    """
    if url.startswith("sqlite"):
        to_driver = {"factory": QueuedConnection, "timeout": BUSY_SECONDS, "check_same_thread": False}
        kept = {
            "pool_size": 10,
            "pool_timeout": POOL_SECONDS,
        }  # more than a worker has threads: none is opened anew
        return {"hide_parameters": True, **kept, "connect_args": to_driver}
    said = make_url(url).query
    to_driver = {name: value for name, value in PATIENCE.items() if name not in said}
    if pooled:
        to_driver["prepare_threshold"] = None
    elif "options" not in said:
        to_driver["options"] = f"-c lock_timeout={BUSY_SECONDS}s"  # PgBouncer does not pass it on
    pool = {"pool_size": 10, "max_overflow": 20, "pool_timeout": POOL_SECONDS}
    return {"hide_parameters": True, **pool, "connect_args": to_driver}


def prepare_engine(engine: Engine) -> None:
    """Hang the hooks on an engine that decide how a connection is set up and how a transaction begins."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_sqlite(engine: Engine) -> None:
    path = engine.url.database
    if not path or path == ":memory:":
        raise ValueError("SQLite needs a file: an exam kept in memory can be lost")
    with _queues_lock:
        queue = _queues.setdefault(str(Path(path).resolve()), WriterQueue(path))

    @event.listens_for(engine, "connect")
    def connect(connection: QueuedConnection, _record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `begin` below does
        connection.queue = queue
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", LEFT_TO_OTHERS):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "engine_disposed")
    def disposed(_engine: Engine) -> None:
        queue.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        raw = connection.connection.dbapi_connection
        reading = only_reading()
        raw.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        try:
            raw.begin(write=not reading)
        except sqlite3.OperationalError as busy:  # out of a hook it would reach the error page as it is
            raise OperationalError("BEGIN", None, busy) from busy


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        raw = connection.connection.dbapi_connection
        if not raw.autocommit and raw.read_only != (only_reading() or None):
            raw.read_only = only_reading() or None

    @event.listens_for(engine, "handle_error")
    def demoted(context: Any) -> None:
        """A server that may no longer write became a standby: leave it, and look for the one that may."""
        if getattr(context.original_exception, "sqlstate", None) == READ_ONLY and not only_reading():
            context.is_disconnect = True


APART = ("provision_search", "huey_")  # search indexes and queue tables are no models
FOUND_BY = "ix_person_found_"  # indexes over what is made of columns, on PostgreSQL only


def is_compared(name: str | None, kind: str, _parents: object) -> bool:
    """Whether comparing the tables with the models looks at this object (Alembic's include_name)."""
    apart = {"table": APART, "index": (FOUND_BY,)}.get(kind, ())
    return not (name is not None and name.startswith(apart))


def init_app(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        for engine in db.engines.values():
            prepare_engine(engine)

    @app.before_request
    def mark_reading() -> None:
        view = app.view_functions.get(request.endpoint or "")
        g.read_only = request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, "only_reads", False)


@contextlib.contextmanager
def at_once() -> Iterator[Connection]:
    """A connection for one statement that is a transaction of its own, committed when this ends; on PostgreSQL
    neither BEGIN nor COMMIT travels."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")
    else:
        with db.engine.begin() as connection:
            yield connection


def only_reads(view: Any) -> Any:
    """A view that writes nothing though it is asked by POST: a form too long for an address. It takes no writer's
    turn and its transaction is read-only, as that of a GET."""
    view.only_reads = True
    return view


@contextlib.contextmanager
def reading() -> Any:
    """A stretch of work outside a GET that only reads; it takes no writer's turn."""
    before = g.get("read_only", False)
    g.read_only = True
    try:
        yield
    finally:
        if db.session.registry.has():
            db.session.rollback()
        g.read_only = before
