"""Who may write to SQLite next. `busy_timeout` alone lets unlucky writers starve, so those of this machine queue."""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # Windows: the thread lock alone, one process
    fcntl = None  # type: ignore[assignment]

TURNS_KEPT = 8  # writes of one process before another one that waits gets its turn


class WriterQueue:
    """One writer at a time over all threads and processes of this machine.

    A process that has its turn keeps it for a few of its threads, so that the turn does not go to and fro at every
    write; then whoever waits at the gate is next, so that no process is passed over.
    """

    def __init__(self, database: str) -> None:
        """database: the path of its file; the locks are files beside it."""
        self._threads = threading.Lock()
        self._turn, self._gate = _FileLock(f"{database}.lock"), _FileLock(f"{database}.gate.lock")
        self._counting = threading.Lock()
        self._waiting = 0  # threads of this process that want to write
        self._kept = 0  # writes since this process got its turn; 0: it has none

    def enter(self, patience: float) -> float:
        """Wait for the turn, so many seconds at most; gives those that are left for the database's own lock.

        Raises sqlite3.OperationalError when it does not come.
        """
        deadline = time.monotonic() + patience
        self._count(1)
        try:
            entered = self._threads.acquire(timeout=patience)
        finally:
            self._count(-1)
        if not entered:
            self._give_back_what_nobody_took()
            raise sqlite3.OperationalError("database is locked")
        try:
            if not self._kept:
                with self._gate.held(deadline):
                    self._turn.take(deadline)
            self._kept += 1
        except BaseException:
            self._threads.release()
            raise
        return deadline - time.monotonic()

    def leave(self) -> None:
        """The write is done: the next thread's turn, or another process's."""
        keeps = self._waiting and self._kept < TURNS_KEPT
        if not keeps:
            self._give_back()
        self._threads.release()
        if keeps and not self._waiting:
            self._give_back_what_nobody_took()

    def close(self) -> None:
        """Give the files back when the engine is disposed of; the next writer opens them again."""
        with self._threads:
            self._give_back()
            self._turn.close()
            self._gate.close()

    def _count(self, by: int) -> None:
        with self._counting:
            self._waiting += by

    def _give_back(self) -> None:
        if self._kept:
            self._kept = 0
            self._turn.give_back()

    def _give_back_what_nobody_took(self) -> None:
        """The turn may have been kept for a thread that has given up at this very moment."""
        if self._threads.acquire(blocking=False):
            self._give_back()
            self._threads.release()


class _FileLock:
    """A lock among the processes of this machine that looks again and again, since a wait must have an end."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: int | None = None

    def take(self, deadline: float) -> None:
        """Raises sqlite3.OperationalError, as SQLite would, when it stays taken."""
        pause = 0.0002
        while not self._is_free():
            if time.monotonic() > deadline:
                raise sqlite3.OperationalError("database is locked")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.001)

    def _is_free(self) -> bool:
        """Whether it was, and is ours now."""
        if fcntl is not None:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def give_back(self) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    @contextlib.contextmanager
    def held(self, deadline: float) -> Iterator[None]:
        self.take(deadline)
        try:
            yield
        finally:
            self.give_back()

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
