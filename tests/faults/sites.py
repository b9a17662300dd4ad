"""A server whose database can be filled, locked, exhausted, migrated and set back while people sit an exam on it."""

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from quizapp import create_app
from quizapp.db import db, reading
from tests.databases import Database, Databases, settings
from tests.faults import counting, sittings
from tests.faults.counting import Count
from tests.faults.disks import Disk, LimitedFiles, Tmpfs, tmpfs
from tests.faults.examinees import Crowd, Pace, Record
from tests.faults.sessions import Sessions
from tests.faults.verdict import Judge, Verdict
from tests.live import Live

PEOPLE = 16
PACE = Pace(think=0.05, saves=None, reload=0.05, patience=5.0, first_wait=0.1, longest_wait=0.5)
PATIENCE = 60  # seconds for whatever must happen next
SESSIONS = 24  # that PostgreSQL gives to the app


@dataclass
class Site:
    """One running server and what is needed to trouble it."""

    live: Live
    own: Database  # its database, for whoever may always connect
    app: Flask  # on that database, in this process
    small: Tmpfs | None  # on which the database lies, where this machine lets us mount one
    sessions: Sessions | None  # of PostgreSQL

    @property
    def dialect(self) -> str:
        return self.own.dialect

    @property
    def disk(self) -> Disk | None:
        """Of the database; None where it cannot be filled."""
        if self.small is not None or self.dialect == "postgresql":
            return self.small
        return LimitedFiles(self.live.pid)

    def fill_the_disk(self) -> None:
        """Once more: a database gives pages back to itself. SQLite writes over its write-ahead log for a while before
        it needs room, so that is emptied too."""
        assert self.disk is not None
        self.disk.fill()
        if self.dialect == "sqlite":
            with closing(sqlite3.connect(self.own.name, timeout=0.1)) as reader, suppress(sqlite3.Error):
                reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        time.sleep(0.05)

    def free_the_disk(self) -> None:
        assert self.disk is not None
        self.disk.free()

    @contextmanager
    def exam(self) -> Iterator[Crowd]:
        """People who sit an exam of their own, until they are told to hand in."""
        with self.app.app_context():
            people = sittings.prepare(PEOPLE)
            db.session.commit()
            self.let_go()
        address = (self.live.host, self.live.port)
        with Crowd(people, [address], at_once=PEOPLE, pace=PACE, seed=counting.SEED) as crowd:
            until(lambda: crowd.acknowledged >= 2 * PEOPLE, crowd)
            yield crowd

    def compare(self, judge: Judge, records: Sequence[Record], *, over: bool = False) -> Verdict:
        """Read the database now."""
        with self.app.app_context():
            with reading():
                verdict = judge.inside(records, over=over)
            self.let_go()
        return verdict

    def log(self) -> str:
        return self.live.log.read_text(encoding="utf-8")

    @staticmethod
    def let_go() -> None:
        """Close every connection of this process; in the app's context."""
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def stand_still(crowd: Crowd) -> None:
    """Wait for the last replies of a server that cannot acknowledge any more."""
    before = -1
    while before < crowd.acknowledged:
        before = crowd.acknowledged
        time.sleep(0.3)


def until(happened: Callable[[], bool], crowd: Crowd) -> None:
    """Wait for something that must happen; what was heard says why it did not."""
    last = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < last, f"{crowd.heard.replies}"
        time.sleep(0.02)


def refused(crowd: Crowd) -> int:
    """How many saves were refused so that the page knows: 503 busy."""
    return crowd.heard.replies["sheet 503 busy"]


def row(
    kit: str, site: Site, crowd: Crowd, trials: int, each: str, verdict: Verdict, control: str = ""
) -> Count:
    assert not [name for name in crowd.heard.replies if " 500 " in name], crowd.heard.replies
    return Count(
        kit,
        site.dialect,
        trials,
        each,
        crowd.acknowledged,
        lost=len(verdict.lost),
        wrong=len(verdict.wrong),
        stuck=len(verdict.stuck),
        control=control,
    )


# Making one ---------------------------------------------------------------------------------------------------------


@contextmanager
def site(
    dialect: str, databases: Databases, folder: Path, shared: Path, *, first: str = ""
) -> Iterator[Site]:
    """A site with the shipped bank and nobody in it; its server runs. shared: a folder that PostgreSQL may enter.
    first: see Live."""
    with ExitStack() as stack:
        small = stack.enter_context(tmpfs(shared / f"small-{secrets.token_hex(4)}"))
        own = served = made = databases.prepared(dialect)
        sessions = None
        if dialect == "postgresql":
            sessions = stack.enter_context(Sessions.of(made, SESSIONS))
            served = Database(dialect, sessions.url, made.name)
            if small is not None:
                sessions.move_to(small.folder, stack)
        elif small is not None:
            own = served = _moved(made, small)
        stack.callback(databases.drop, made)  # before its role and its disk
        place = folder / "site"
        place.mkdir()
        live = Live(served, place, first=first)
        stack.callback(live.stop)
        live.start()
        yield Site(live, own, create_app(settings(own, place)), small, sessions)


def _moved(made: Database, small: Tmpfs) -> Database:
    """The same SQLite database on the small disk."""
    there = small.folder / "quizapp.sqlite3"
    there.write_bytes(Path(made.name).read_bytes())
    return Database("sqlite", f"sqlite:///{there}", str(there))
