"""Servers of a run, each in processes of its own on 127.0.0.1, ended with it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import bare
from tests.databases import ROOT, free_port

START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A server that runs: its port, and the group of its processes."""

    port: int
    group: int

    def processor_seconds(self) -> float | None:
        """What all its living processes have used of the processors so far; None where there is no /proc."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):  # it ended while we looked
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else None

    def memory_kb(self) -> int:
        """What all its living processes hold of memory of their own (proportional share); 0 where there is no /proc."""
        kb = 0
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.group:
                    lines = (folder / "smaps_rollup").read_text().splitlines()
                    kb += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return kb


@contextmanager
def running(
    arguments: list[str], settings: Mapping[str, Any], log: Path, port: int, **environment: str
) -> Iterator[Server]:
    """Any server of the app on this port, once it says that it is well."""
    own = {f"QUIZAPP_{name}": str(value) for name, value in settings.items()} | environment
    with _running(arguments, own, log) as group:
        _wait(port, "/healthz", log)
        yield Server(port, group)


@contextmanager
def quizapp(
    settings: Mapping[str, Any], folder: Path, *, program: str = "quizapp", **environment: str
) -> Iterator[Server]:
    """`quizapp serve`. program: a module that changes something and then does the same."""
    port = free_port()
    arguments = ["-m", program, "serve", "--port", str(port)]
    with running(arguments, settings, folder / "serve.log", port, **environment) as server:
        yield server


@contextmanager
def bare_view(replies: Mapping[str, tuple[str, bytes]], folder: Path) -> Iterator[Server]:
    """The app that gives back these bytes: name: (html or json, body)."""
    place = folder / "replies"
    place.mkdir(exist_ok=True)
    for name, (kind, body) in replies.items():
        (place / f"{name}.{kind}").write_bytes(body)
    port = free_port()
    with _running(["-m", bare.__name__, str(port), str(place)], {}, folder / "bare.log") as group:
        _wait(port, f"/{next(iter(replies))}", folder / "bare.log")
        yield Server(port, group)


@contextmanager
def _running(arguments: list[str], environment: Mapping[str, str], log: Path) -> Iterator[int]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env=clean | dict(environment),
            start_new_session=True,
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(port: int, path: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:  # noqa: S310
            if reply.status == 200:
                return
        time.sleep(0.05)
    raise RuntimeError(f"no server came up: {log.read_text()[-2000:]}")
