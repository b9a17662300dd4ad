"""A job that is being worked on stays with who works on it, however long that takes.

PostgreSQL: a thread with a connection of its own writes down each minute that the work lives; workers may be on several
machines. SQLite: the work itself may be the one writer for minutes, and a thread would wait behind it in vain. But
everybody is on this machine, so who works holds a lock on the job's progress file, which the kernel takes back when
the process ends, however it ends. (Windows has no such lock; there one process works, see `db`.)
"""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, Update
from sqlalchemy.exc import SQLAlchemyError

from quizapp import clock

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("quizapp.jobs")
BEAT_SECONDS = 60.0


@contextlib.contextmanager
def alone(engine: Engine, progress: Path) -> Iterator[bool]:
    """Whether nobody else on this machine works on the job of this file; until the end nobody will.

    On PostgreSQL always true: there the row says who is alive, see `beating`.
    """
    if engine.dialect.name != "sqlite" or fcntl is None:
        yield True
        return
    file = os.open(progress, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _locked(file)
    finally:
        os.close(file)


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def beating(engine: Engine, row: Update) -> Iterator[None]:
    """Meanwhile touch the job each minute, outside the work's transaction. row: an UPDATE of the job while it runs.

    A beat that fails is tried again a minute later; ten must fail before the job is taken for dead. On SQLite nothing
    beats, see `alone`.
    """
    if engine.dialect.name == "sqlite":
        yield
        return
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(engine, row, over), name="heart of a job", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


def _beat(engine: Engine, row: Update, over: threading.Event) -> None:
    while not over.wait(BEAT_SECONDS):
        try:
            with engine.begin() as connection:
                connection.execute(row.values(touched_at=clock.now()))
        except SQLAlchemyError:
            log.warning("a running job could not be touched; again in a minute", exc_info=True)
