"""SQLite writes its WAL back into the database file now and then (a checkpoint). Left alone, a save that was just
committed does it, and everybody waits behind that save; here a thread of the job consumer does it beside the saves.

Most is written back while others write. The rest, little by then, is done in the writer's turn: only a WAL that is
written back to its last frame begins anew at the next write; one that never is would grow without an end.
"""

import logging
import sqlite3
import threading
import time
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger("quizapp.checkpoints")
EVERY = 2.0  # seconds
LONG = 1000  # frames of 4 KB: a shorter WAL may grow
PATIENCE = 5.0  # seconds for the writer's turn
NOW = "PRAGMA wal_checkpoint(PASSIVE)"  # waits for nobody; gives (busy, frames, frames written back)


def keep(engine: Engine) -> None:
    """Write the WAL of this engine back for as long as this process lives. Other databases have no such file."""
    if engine.dialect.name == "sqlite":
        threading.Thread(target=_keep, args=(engine,), name="checkpoints", daemon=True).start()


def _keep(engine: Engine) -> None:
    while True:
        time.sleep(EVERY)
        try:
            pooled = engine.raw_connection()
            try:
                write_back(pooled.dbapi_connection)
            finally:
                pooled.close()
        except (sqlite3.Error, SQLAlchemyError):
            log.warning("the WAL was not written back; the next try is in %s s", EVERY, exc_info=True)


def write_back(connection: Any) -> bool:
    """Write back what is there; whether the next write begins the WAL anew. connection: a QueuedConnection.

    Raises sqlite3.OperationalError when the writer's turn does not come.
    """
    _busy, frames, _done = connection.execute(NOW).fetchone()
    if frames < LONG:
        return False
    with connection.turn(PATIENCE):
        _busy, frames, done = connection.execute(NOW).fetchone()
    return frames == done
