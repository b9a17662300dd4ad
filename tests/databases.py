"""Empty, migrated databases for tests, on SQLite and on a real PostgreSQL that this module starts and stops.

One folder and one server serve a whole run of pytest, shared by its workers. A keeper process owns both: it
stops the server and removes the folder when pytest says so and also when pytest is gone (Ctrl-C, kill -9).
Each database of a test is a copy of a template to which the app's own migrations were applied once per run, or one
that was emptied after another test (`tests/emptying.py`).
"""

import contextvars
import json
import locale
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROOT = Path(__file__).parent.parent
INSTALL = "PostgreSQL's server programs are missing, install them with: sudo apt install postgresql"
MEMORY = Path("/dev/shm")  # noqa: S108 - of a run's own folder in it, and only where it exists
ROOM = 1 << 30  # bytes that must be free there
START_SECONDS = 120  # a crowded machine takes its time over initdb
SECRET_KEY = "a secret for tests, long enough to be accepted"

# The throw-away server: speed before durability, and a time zone that is not UTC, as in production.
SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "lc_messages": "C",
}


class PostgresMissing(Exception):
    """This machine has no PostgreSQL server programs."""


class PostgresBroken(Exception):
    """The server programs are there, but no server came up; the message holds the end of its log."""


def lacking(sentence: str) -> None:
    """Something this machine lacks: a skip where a person sees it, a failure in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


@cache
def programs() -> Path:
    """The folder of initdb and postgres: pg_config's, the newest of Debian's, or whatever PATH finds."""
    places = []
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)  # noqa: S607
        places.append(Path(answer.stdout.strip()))
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(debian, key=lambda folder: float(folder.parent.name), reverse=True)
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise PostgresMissing(INSTALL)


def free_port() -> int:
    """A port on 127.0.0.1 below the ephemeral range, where no outgoing connection takes it between two starts."""
    for _ in range(200):
        port = 20_000 + secrets.randbelow(10_000)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no free port between 20000 and 29999")


def once(folder: Path, name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Make something once per run, whichever worker comes first; the others wait and read what it noted."""
    note = folder / f"{name}.json"
    try:
        os.close(os.open(folder / f"{name}.taken", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        until = time.monotonic() + START_SECONDS
        while not note.exists():
            if time.monotonic() > until:
                raise TimeoutError(f"another worker did not finish {name} in {START_SECONDS} s") from None
            time.sleep(0.05)
        made = json.loads(note.read_text())
        if "failed" in made:
            raise RuntimeError(f"{name} failed in the first test that needed it: {made['failed']}") from None
        return made
    made = {"failed": "interrupted"}
    try:
        made = make()
    except Exception as error:
        made = {"failed": repr(error)}
        raise
    finally:
        draft = folder / f"{name}.draft"
        draft.touch(0o600)
        draft.write_text(json.dumps(made))
        draft.rename(note)
    return made


# The keeper -------------------------------------------------------------------------------------------------


def start_keeper() -> tuple[subprocess.Popen[bytes], Path]:
    """Make the folder of this run and the process that removes it and stops its server when this one ends."""
    folder = Path(tempfile.mkdtemp(prefix="quizapp-tests-"))
    folder.chmod(0o711)  # the server may run as another user and must pass through
    keeper = subprocess.Popen(
        [sys.executable, "-P", __file__, str(folder)],
        stdin=subprocess.PIPE,  # closes when this process ends, however it ends
        start_new_session=True,  # Ctrl-C is for pytest
    )
    return keeper, folder


def in_memory(folder: Path) -> Path:
    """A folder beside that of a run, in memory, where a sync costs nothing; that of the run where there is no room."""
    place = MEMORY / folder.name
    with suppress(OSError):
        if shutil.disk_usage(MEMORY).free > ROOM:
            place.mkdir(mode=0o711, exist_ok=True)
            return place
    return folder


def stop_keeper(keeper: subprocess.Popen[bytes]) -> None:
    """Let the keeper clean up, and wait until it has."""
    if keeper.stdin:
        keeper.stdin.close()
    try:
        keeper.wait(30)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.wait()


def keep(folder: Path) -> None:
    """Wait for the end of pytest; then stop the server, if a worker started one, and remove the folder."""
    sys.stdin.read()
    with suppress(FileNotFoundError, ValueError, ProcessLookupError, IndexError):
        pid_file = folder / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)  # at once: nothing here is worth saving
        until = time.monotonic() + 10
        while pid_file.exists() and time.monotonic() < until:
            time.sleep(0.05)
    for mounted in filter(Path.is_mount, folder.glob("small-*")):  # of tests/faults/disks.py, after a kill -9
        subprocess.run(["umount", "--lazy", mounted], capture_output=True)  # noqa: S607
    for place in (folder, MEMORY / folder.name):
        shutil.rmtree(place, ignore_errors=True)


# The server -------------------------------------------------------------------------------------------------


def start_server(folder: Path, changes: dict[str, str] | None = None) -> dict[str, str]:
    """Make a cluster in the folder of this run and start it; returns its address for administration.

    changes: to SERVER_SETTINGS, for a server that is measured.
    """
    bin_, data, runner = programs(), folder / "data", _unprivileged()
    password = secrets.token_hex(16)
    password_file = folder / "password"
    password_file.touch(0o600)
    password_file.write_text(password)
    data.mkdir(mode=0o700)
    if runner:
        shutil.chown(data, runner["user"], runner["group"])
        shutil.chown(password_file, runner["user"])
    made = subprocess.run(
        [
            bin_ / "initdb",
            *("-D", data, "-U", "quizapp", "-E", "UTF8", f"--locale={_locale()}", "--no-sync"),
            *("--auth=password", f"--pwfile={password_file}"),
        ],
        capture_output=True,
        text=True,
        cwd="/",
        **runner,
    )
    if made.returncode:
        raise PostgresBroken(f"initdb failed: {made.stderr.strip()}")
    settings = data / "postgresql.conf"
    original = settings.read_text()
    for _ in range(5):  # a port can be taken between looking and listening
        port = free_port()
        lines = [
            f"{name} = '{value}'"
            for name, value in (SERVER_SETTINGS | (changes or {}) | {"port": port}).items()
        ]
        settings.write_text("\n".join([original, *lines, ""]))
        started = subprocess.run(
            [
                bin_ / "pg_ctl",
                *("-D", data, "-l", data / "server.log", "-w", "-t", str(START_SECONDS)),
                "start",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            **runner,
        )
        if started.returncode == 0:
            return {"address": f"postgresql://quizapp:{password}@127.0.0.1:{port}"}
    raise PostgresBroken(f"PostgreSQL did not start: {(data / 'server.log').read_text()[-2000:]}")


def _unprivileged() -> dict[str, Any]:
    """For subprocess: PostgreSQL refuses to run as root, so root lends it another user."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise PostgresBroken("tests run as root and need a user named postgres or nobody for the server")


def _locale() -> str:
    """C.UTF-8 knows letters beyond ASCII, as production does; plain C is everywhere."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


# Databases --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Database:
    """One database of one test."""

    dialect: str  # "sqlite" or "postgresql"
    url: str
    name: str  # in the server, or the path of the file


def settings(database: Database, folder: Path) -> dict[str, Any]:
    """What an app under test is told, wherever it runs."""
    return {
        "TESTING": True,
        "DATABASE_URL": database.url,
        "SECRET_KEY": SECRET_KEY,
        "INSTANCE_DIR": str(folder / "instance"),
        "CLOCK_CHECK_SECONDS": 0,  # a test that moves the clock moves it away from the database server's
        "ARGON2_TIME_COST": 1,  # argon2id as in production, but quick
        "ARGON2_MEMORY_KIB": 64,
    }


def psycopg_url(database: Database) -> str:
    """The address of a database on PostgreSQL for its driver alone."""
    return database.url.replace("+psycopg", "", 1)


class Databases:
    """Makes databases for one worker, out of the folder that all workers of a run share."""

    def __init__(self, folder: Path, worker: str, files: Path | None = None) -> None:
        """files: where SQLite's databases and the apps' folders lie, if elsewhere."""
        self._folder = folder
        self._files = files or folder
        self._worker = worker
        self._numbers = count(1)
        self._free: dict[str, list[str]] = {
            "sqlite": [],
            "postgresql": [],
        }  # names: a kept app has an address
        self._as_before: dict[bool, list[Database]] = {
            False: [],
            True: [],
        }  # on PostgreSQL, with a bank or not
        self._models: dict[bool, Any] = {}

    def lend(self, dialect: str, *, with_bank: bool = False) -> Database:
        """A fresh or a prepared database for one test, under one of few names, so that its app can be kept."""
        if dialect == "postgresql" and self._as_before[with_bank]:
            return self._as_before[with_bank].pop()
        return self.prepared(dialect) if with_bank else self.fresh(dialect)

    def give_back(self, database: Database, *, with_bank: bool = False) -> None:
        """Take a database back from its test: made as it was for the next one, or thrown away."""
        if database.dialect == "postgresql" and self.model(with_bank).put_back(psycopg_url(database)):
            self._as_before[with_bank].append(database)
        else:
            self.drop(database)

    def fresh(self, dialect: str) -> Database:
        """An empty database with all tables."""
        return self.copy(self._template("migrated", dialect))

    def prepared(self, dialect: str) -> Database:
        """A database as after a server's first start, without people: the shipped question banks are loaded."""
        return self.copy(self._template("prepared", dialect))

    def bare(self, dialect: str) -> Database:
        """A database without any table, for tests of migrations."""
        name = self._name(dialect)
        if dialect == "postgresql":
            self._administer(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self._database(dialect, name)

    def copy(self, source: Database) -> Database:
        """A copy of a database to which nobody is connected at this moment."""
        name = self._name(source.dialect)
        if source.dialect == "postgresql":
            self._leave(source)
            self._administer(f'CREATE DATABASE "{name}" TEMPLATE "{source.name}" {self._strategy}')
        else:
            with closing(sqlite3.connect(source.name)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(source.name, name)
        return self._database(source.dialect, name)

    def place(self, database: Database) -> Path:
        """The folder of the apps on this database, beside it."""
        return self._files / f"{Path(database.name).name}-apps"

    def drop(self, database: Database) -> None:
        """Throw a database away, whoever may still be connected."""
        if database.dialect == "postgresql":
            self._leave(database)
            self._administer(f'DROP DATABASE "{database.name}" WITH (FORCE)')
        else:
            for end in ("", "-wal", "-shm"):
                Path(database.name + end).unlink(missing_ok=True)
        self._free[database.dialect].append(database.name)

    def close(self) -> None:
        """Be connected to no database any more."""
        for model in self._models.values():
            model.close()

    def _leave(self, database: Database) -> None:
        for model in self._models.values():
            model.leave(psycopg_url(database))

    def model(self, with_bank: bool) -> Any:
        """What a database on PostgreSQL must look like before a test."""
        from tests.emptying import Model  # the keeper runs this file alone

        if with_bank not in self._models:
            copied = self.prepared("postgresql") if with_bank else self.fresh("postgresql")
            try:
                self._models[with_bank] = Model(psycopg_url(copied))
            finally:
                self.drop(copied)
        return self._models[with_bank]

    def _template(self, state: str, dialect: str) -> Database:
        """The database of which others are copies, made by the first worker that needs it."""

        def make() -> dict[str, str]:
            template = self.bare(dialect) if state == "migrated" else self.fresh(dialect)
            what = {"migrated": migrate, "prepared": prepare}[state]
            in_app(settings(template, self._folder), what)
            return {"name": template.name}

        return self._database(dialect, once(self._folder, f"{state}-{dialect}", make)["name"])

    def _name(self, dialect: str) -> str:
        if self._free[dialect]:
            return self._free[dialect].pop()
        if dialect == "postgresql":
            return f"test_{self._worker}_{next(self._numbers)}"
        return str(self._files / f"{self._worker}-{next(self._numbers)}.sqlite3")

    def _database(self, dialect: str, name: str) -> Database:
        if dialect == "postgresql":
            return Database(dialect, f"{self._server()}/{name}".replace("://", "+psycopg://", 1), name)
        return Database(dialect, f"sqlite:///{name}", name)

    def _server(self) -> str:
        programs()  # what is missing is told to every test, not to the first alone
        return once(self._folder, "server", lambda: start_server(self._folder))["address"]

    @cached_property
    def _strategy(self) -> str:
        """Since PostgreSQL 15 there is a choice; copying files takes 40 ms instead of 90."""
        with psycopg.connect(f"{self._server()}/postgres") as connection:
            return "STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""

    def _administer(self, statement: str) -> None:
        with psycopg.connect(f"{self._server()}/postgres", autocommit=True) as connection:
            connection.execute(statement)


def migrate() -> None:
    """Make all tables, by the app's own migrations."""
    import flask_migrate

    flask_migrate.upgrade()


def prepare() -> None:
    """What the first start of a server does before it serves: load the shipped question banks."""
    from quizapp.operations import server

    server.prepare()


def in_app(settings: dict[str, Any], what: Callable[[], Any]) -> Any:
    """Call a function inside an app of its own and commit; leaves no connection behind."""
    return contextvars.Context().run(_in_app, settings, what)


def _in_app(settings: dict[str, Any], what: Callable[[], Any]) -> Any:
    from quizapp import create_app
    from quizapp.db import db

    app = create_app(settings)
    with app.app_context():
        try:
            result = what()
            db.session.commit()
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
    return result


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
