"""A PostgreSQL server as people run it, that a kit may kill and start again. Its folder is its own."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.bench.measures import DURABLE
from tests.databases import Databases, _unprivileged, once, programs, start_server
from tests.live import children_of, soon

RECOVERY_SECONDS = 60
SETTINGS = DURABLE | {
    "fsync": "off"
}  # who kills processes leaves the system its cache: `faults/power` cuts the power


class Cluster:
    """Server and databases in one folder; made by `running`."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)  # the server may run as another user and must pass through
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._address = once(folder, "server", lambda: start_server(folder, SETTINGS))["address"]
        first = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(
            first, signal.SIGINT
        )  # its parent is gone: a killed one could stay a zombie, and so seem alive
        soon(lambda: not (self._data / "postmaster.pid").exists())
        self.start()
        self.databases = Databases(folder, "cluster")

    def start(self) -> None:
        """Start it on the same port and wait until it has recovered."""
        with (self._data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [programs() / "postgres", "-D", self._data],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for pytest
                **_unprivileged(),
            )
        if not soon(self._answers, RECOVERY_SECONDS):
            raise RuntimeError(f"it did not recover: {(self._data / 'server.log').read_text()[-2000:]}")

    def _answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(f"{self._address}/postgres"):
            return True
        return False

    def kill(self) -> None:
        """kill -9 for the server and all its processes: what is not in the files is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGSTOP)  # it must not notice that the others die
        for each in [*children_of(process.pid), process.pid]:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """At once: nothing here is worth saving."""
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A server whose commits wait until they are written; ended and removed afterwards, however the test ends."""
    made = Cluster(folder)
    try:
        yield made
    finally:
        made.end()
        shutil.rmtree(folder / "data", ignore_errors=True)
