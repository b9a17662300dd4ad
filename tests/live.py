"""`quizapp serve` as people get it, in processes of its own, for tests that look from outside."""

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests import forking
from tests.conftest import missing_server
from tests.databases import ROOT, Database, Databases, free_port, in_app, settings

START_SECONDS = 120  # a crowded machine takes its time


class Live:
    """`quizapp serve` in processes of its own, on one port and one database that outlive its deaths.

    first: a statement that its first process executes before anything else, for a server that is to be wrong.
    from_scratch: as a new program, as people start it, not forked off one that has imported the app (tests/forking.py).
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        first: str = "",
        from_scratch: bool = False,
        **environment: str,
    ) -> None:
        self.database = database
        self.folder = folder
        self._first = first
        self._forked = forking.can_fork() and not first and not from_scratch
        self.scheme, self.host, self.port = "http", "127.0.0.1", free_port()
        self.log = folder / "server.log"
        self.settings = settings(database, folder)
        del self.settings["TESTING"]  # served as to people
        own = {f"QUIZAPP_{name}": str(value) for name, value in self.settings.items()}
        self.environment = os.environ | own | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)} | environment
        self._process: subprocess.Popen[bytes] | forking.Forked | None = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """Of the server's first process, the one that the console or systemd knows."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    @property
    def workers(self) -> list[int]:
        """Ids of the web workers that live."""
        return sorted(child for child, words in children_of(self.pid).items() if " worker " not in words)

    def start(self, *arguments: str) -> None:
        """Start the server and wait until it is well; again on the same port and data after stop or kill.

        Elsewhere than on 127.0.0.1: set `host` (and `scheme`), and pass "--host", … along.
        """
        if self._process:
            raise RuntimeError("the server runs already")
        self._process = self._begin(["serve", "--port", str(self.port), *arguments])
        until = time.monotonic() + START_SECONDS
        while not self.is_well():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def _begin(self, arguments: list[str]) -> "subprocess.Popen[bytes] | forking.Forked":
        with self.log.open("ab") as output:
            if self._forked:
                return forking.start(arguments, output.fileno(), self.folder, self.environment)
            return subprocess.Popen(
                [*_quizapp(self._first), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,  # one group: the workers and the job consumer die with it
            )

    def is_well(self) -> bool:
        """Whether /healthz answers 200."""
        prefix = self.environment.get("QUIZAPP_URL_PREFIX", "")
        try:
            trusting = ssl._create_unverified_context()  # noqa: S323 - certificates of tests sign themselves
            address = f"{self.url}{prefix}/healthz"
            with urllib.request.urlopen(address, timeout=5, context=trusting) as reply:  # noqa: S310
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            return False

    def kill(self) -> None:
        """kill -9 for the server, its workers and its job consumer, at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the server to end, as systemd does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            if how is signal.SIGTERM:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(15)
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def run(self, what: Callable[[], Any] | str, *arguments: str) -> Any:
        """Prepare data: call a function inside the app and commit, or run a command: run("bank", "check", path).

        A function runs in this process on the server's database and may return what the test needs;
        rows it returns are detached, so return ids. A command's failure is an error; its output is returned.
        """
        if callable(what):
            return in_app(self.settings, what)
        done = subprocess.run(
            [*_quizapp(), what, *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environment,
        )
        if done.returncode:
            raise RuntimeError(f"quizapp {what} {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout


def _quizapp(first: str = "") -> list[str]:
    if first:
        first = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {first}\n"  # where it finds tests/
    return [sys.executable, "-c", f"{first}from quizapp.cli import main; main(prog_name='quizapp')"]


def parent_of(process: int) -> int | None:
    """Of a living process; None for one that is gone or only waits to be counted out."""
    with suppress(OSError):
        state, parent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:2]
        return None if state == "Z" else int(parent)
    return None


def children_of(process: int) -> dict[int, str]:
    """Ids of the living processes that this one started, with their command lines and names."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if parent_of(int(folder.name)) == process:
            with suppress(OSError):
                line, name = (folder / "cmdline").read_text(), (folder / "comm").read_text()
                found[int(folder.name)] = f"{line}\0{name.strip()}\0".replace("\0", " ")
    return found


def consumer_of(process: int) -> int | None:
    """The job consumer that a server started."""
    return next((child for child, words in children_of(process).items() if " worker " in words), None)


def soon(what: Callable[[], object], seconds: float = 15) -> bool:
    """Whether it comes true before the time is up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def make_live(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[Callable[..., Live]]:
    """Servers with settings of their own, not yet started: make_live(QUIZAPP_URL_PREFIX="/xuekao").start().

    The shipped banks are loaded already, once per run; bare=True gives a database without tables instead.
    In a module marked from_scratch, servers are started as people start them.
    """
    made: list[Live] = []
    from_scratch = request.node.get_closest_marker("from_scratch") is not None

    def make(dialect: str = "sqlite", *, bare: bool = False, first: str = "", **environment: str) -> Live:
        with missing_server():
            database = databases.bare(dialect) if bare else databases.prepared(dialect)
        folder = tmp_path / f"live{len(made)}"
        folder.mkdir()
        made.append(Live(database, folder, first=first, from_scratch=from_scratch, **environment))
        return made[-1]

    yield make
    for live in made:
        live.kill()
        databases.drop(live.database)
        if live.log.exists():
            request.node.add_report_section("teardown", "server log", live.log.read_text()[-5000:])


@pytest.fixture
def live(request: pytest.FixtureRequest, make_live: Callable[..., Live]) -> Live:
    """A running server. On PostgreSQL too: parametrize("live", ["sqlite", "postgresql"], indirect=True)."""
    live = make_live(getattr(request, "param", "sqlite"))
    live.start()
    return live
