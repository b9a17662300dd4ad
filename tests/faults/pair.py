"""Two PostgreSQL servers on loopback that follow one another: a primary, its standby, and a slow link between them.

with Pair(folder) as pair:
    pair.renew()        # the standby is made and follows
    …the app at pair.address…
    pair.fail_over()    # the primary dies, what was on the link is lost, the standby takes its place
    pair.renew()        # the dead one comes back as the standby of the other
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.databases import _locale, _unprivileged, free_port, programs
from tests.live import children_of, soon

PATIENCE = 30.0  # seconds for anything that a server here is waited for
USER, DATABASE, STANDBY = "quizapp", "postgres", "standby"
NOT_COPIED = (
    "pg_wal",
    "pg_dynshmem",
    "postmaster.pid",
    "postmaster.opts",
    "standby.signal",
    "backup_label.old",
)
BACKUP = (
    "SELECT pg_backup_start('renew', fast => true)",
    "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)",
)
BACKUP_BEFORE_15 = (
    "SELECT pg_start_backup('renew', true, false)",
    "SELECT labelfile FROM pg_stop_backup(false, false)",
)
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "synchronous_commit": "on",
    "fsync": "off",  # what a killed primary had on its disk is thrown away here: only the standby keeps anything
    "wal_level": "replica",
    "max_wal_senders": "5",
    "hot_standby": "on",
    "wal_keep_size": "256MB",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_retrieve_retry_interval": "100ms",
    "wal_sender_timeout": "60s",
    "dynamic_shared_memory_type": "mmap",  # gone with the folder, also after kill -9
    "timezone": "Asia/Shanghai",
    "lc_messages": "C",
}


def until(what: Callable[[], Any], words: str | Callable[[], str]) -> None:
    """Wait for something to become true; TimeoutError with these words when it does not."""
    if not soon(what, PATIENCE):
        raise TimeoutError(f"not within {PATIENCE:.0f} s: {words() if callable(words) else words}")


class Node:
    """One PostgreSQL server with a folder and a port of its own."""

    def __init__(self, folder: Path, password: str) -> None:
        self.data, self.log, self.port, self._password = (
            folder / "data",
            folder / "log",
            free_port(),
            password,
        )
        self._runner = _unprivileged()
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        folder.chmod(0o711)
        self._give(folder)

    @property
    def address(self) -> str:
        return f"postgresql://{USER}:{self._password}@127.0.0.1:{self.port}/{DATABASE}"

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.address, autocommit=True, connect_timeout=5) as connection:
            yield connection

    def ask(self, statement: str) -> list[Any]:
        with self.connection() as connection:
            return connection.execute(statement).fetchall()

    def create(self) -> None:
        """An empty cluster."""
        secret = self.data.parent / "password"
        secret.touch(0o600)
        secret.write_text(self._password)
        if self._runner:
            shutil.chown(secret, self._runner["user"])
        kind = (
            "-U",
            USER,
            "-E",
            "UTF8",
            f"--locale={_locale()}",
            "--no-sync",
            "--wal-segsize=1",
            "--auth=password",
        )
        self._run("initdb", "-D", self.data, *kind, f"--pwfile={secret}")

    def copy(self, source: "Node") -> None:
        """Forget everything and become a copy of a server that runs: a backup by PostgreSQL's own steps, whose journal
        comes with the streaming. (pg_basebackup does the same and takes five times as long for small clusters.)"""
        shutil.rmtree(self.data, ignore_errors=True)
        self._make(self.data)
        with source.connection() as connection:
            begin, end = BACKUP if connection.info.server_version >= 150_000 else BACKUP_BEFORE_15
            connection.execute(begin)
            wanted = [path for path in source.data.iterdir() if path.name not in NOT_COPIED]
            subprocess.run(["cp", "-a", *wanted, self.data], check=True, timeout=PATIENCE)  # noqa: S607
            label = connection.execute(end).fetchall()[0][0]
        for empty in ("pg_wal", "pg_wal/archive_status", "pg_dynshmem"):
            self._make(self.data / empty)
        (self.data / "backup_label").write_text(label)
        self._give(self.data / "backup_label")

    def _make(self, folder: Path) -> None:
        """A folder that belongs to the user under whom the server runs."""
        folder.mkdir(mode=0o700)
        self._give(folder)

    def _give(self, path: Path) -> None:
        if self._runner:
            shutil.chown(path, self._runner["user"], self._runner["group"])

    def configure(self, follows: int | None = None, **settings: str) -> None:
        """Write the settings. follows: the port where its primary is found, for a standby."""
        wanted = SETTINGS | settings | {"port": str(self.port)}
        if follows is not None:
            own = f"user={USER} password={self._password} application_name={STANDBY}"
            wanted["primary_conninfo"] = f"host=127.0.0.1 port={follows} {own}"
            (self.data / "standby.signal").touch()
        lines = [f"{name} = '{value}'" for name, value in wanted.items()]
        (self.data / "postgresql.auto.conf").write_text("\n".join([*lines, ""]))

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [programs() / "postgres", "-D", self.data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for pytest
                **self._runner,
            )
        until(self.answers, lambda: f"{self.data} started: {self.log.read_text(errors='replace')[-1000:]}")

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            return bool(self.ask("SELECT 1"))
        return False

    def kill(self) -> None:
        """kill -9 for the server and all its processes, as if the machine had lost its power."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGSTOP)  # it must not start new ones meanwhile
        for each in [*children_of(process.pid), process.pid]:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()
        self._forget_memory()

    def promote(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-w", "-t", str(int(PATIENCE)), "promote")

    def _forget_memory(self) -> None:
        """The segment by which PostgreSQL knows a server that was killed; nobody else would remove it."""
        with suppress(OSError, IndexError):
            key = (self.data / "postmaster.pid").read_text().splitlines()[6].split()
            subprocess.run(["ipcrm", "-m", key[1]], stderr=subprocess.DEVNULL)  # noqa: S607

    def _run(self, program: str, *arguments: Any) -> None:
        done = subprocess.run(
            [programs() / program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=PATIENCE * 2,
            **self._runner,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.strip()}")


class Link:
    """The line between two servers, each direction so many seconds long."""

    def __init__(self, target: int, seconds: float) -> None:
        self.port = free_port()
        program = Path(__file__).with_name("delay_line.py")
        self._process = subprocess.Popen(
            [sys.executable, "-I", program, str(self.port), str(target), str(seconds)], start_new_session=True
        )

    def silence(self) -> None:
        """Nothing gets through any more, and nobody is told."""
        self._process.send_signal(signal.SIGSTOP)

    def cut(self) -> None:
        """What is on the line is lost."""
        self._process.kill()
        self._process.wait()


class Pair:
    """A primary and its standby, which take turns."""

    synchronous = True  # whether a commit waits for the standby; both hold from the next `renew` on
    delay = 0.005  # seconds that the link takes, each way

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)  # the servers may run as another user and must pass through
        self.password = secrets.token_hex(16)
        self.primary, self.standby = (Node(folder / name, self.password) for name in ("one", "two"))
        self._nodes = self.primary, self.standby
        self._link: Link | None = None

    @property
    def address(self) -> str:
        """Both, as QUIZAPP_DATABASE_URL names them: whichever may write is meant."""
        first, second = self._nodes
        return first.address.replace(f":{first.port}", f":{first.port},127.0.0.1:{second.port}")

    def __enter__(self) -> "Pair":
        try:
            self.primary.create()
            self.primary.configure()
            self.primary.start()
            with (
                self.primary.connection() as connection
            ):  # half of all files, and making files takes the time here
                for unused in ("template0", "template1"):
                    connection.execute(f"ALTER DATABASE {unused} IS_TEMPLATE false")
                    connection.execute(f"DROP DATABASE {unused}")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_about: object) -> None:
        self.close()

    def close(self) -> None:
        if self._link:
            self._link.cut()
        for node in self._nodes:
            node.kill()

    def silence(self) -> None:
        """The link to the standby goes silent."""
        if self._link is None:
            raise RuntimeError("there is no standby yet")
        self._link.silence()

    def fail_over(self) -> None:
        """The primary's machine dies, and with it whatever is under way to the standby, which takes its place."""
        self.silence()
        self.primary.kill()
        if self._link:
            self._link.cut()
        self._link = None
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary

    def renew(self) -> None:
        """Make the standby anew from the primary, and wait until commits can wait for it."""
        waits_for = STANDBY if self.synchronous else ""
        self.standby.kill()
        if self._link:
            self._link.cut()
        self.standby.copy(self.primary)
        self._link = Link(self.primary.port, self.delay)
        self.standby.configure(follows=self._link.port, synchronous_standby_names=waits_for)
        self.standby.start()
        with self.primary.connection() as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{waits_for}'")
            connection.execute("SELECT pg_reload_conf()")
        until(self.is_followed, "the standby streams")

    def is_followed(self) -> bool:
        state = "sync" if self.synchronous else "async"
        return ("streaming", state) in self.primary.ask(
            f"SELECT state, sync_state FROM pg_stat_replication WHERE application_name = '{STANDBY}'"  # noqa: S608
        )

    def cancel_waits(self) -> int:
        """An administrator loses patience: the commits that wait for the standby go on without it. How many."""
        [[count]] = self.primary.ask(
            "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        )
        return int(count)
