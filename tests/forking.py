"""Servers for tests, forked off a process that has imported the app once: that takes longer than most tests.

A nursery is such a process, one for each worker of pytest. What it forks becomes `quizapp serve` as people get it: the
same command, in a session, a folder and an environment of its own; only the imports are done already, its templates are
compiled once for all servers of a run, and its first job consumer is forked too. Whatever is about processes themselves
starts a server from scratch instead (`Live(…, from_scratch=True)`).
"""

import atexit
import contextvars
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from tests.databases import ROOT, SECRET_KEY

LARGEST = 1 << 20  # bytes of an order: a command with its environment
RENAME = 15  # PR_SET_NAME of <sys/prctl.h>
CALLED = "worker"  # in /proc: the command line of a forked job consumer is the nursery's
folder: Path | None = None  # of this run, told by conftest


class Forked:
    """A process that is another one's child, as `subprocess.Popen` shows one's own; nobody learns its status."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._file = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it lives."""
        return 0 if select.select([self._file], [], [], 0)[0] else None

    def wait(self, timeout: float | None = None) -> int:
        """Until it is gone. Raises subprocess.TimeoutExpired after that many seconds."""
        if not select.select([self._file], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("quizapp", timeout or 0)
        return 0

    def send_signal(self, which: int) -> None:
        """Raises ProcessLookupError when it is gone."""
        signal.pidfd_send_signal(self._file, which)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def __del__(self) -> None:
        os.close(self._file)


def can_fork() -> bool:
    """Whether this system lets one watch the child of another (Linux)."""
    return hasattr(os, "pidfd_open")


def start(arguments: list[str], output: int, place: Path, environment: dict[str, str]) -> Forked:
    """`quizapp` with these arguments. output: descriptor of a file for what it says; place: its folder."""
    order = {"arguments": arguments, "folder": str(place), "environment": environment}
    orders = _nursery()
    socket.send_fds(orders, [json.dumps(order).encode()], [output])
    pid = orders.recv(64)
    if not pid:
        raise RuntimeError("the process that forks servers has ended")
    return Forked(int(pid))


@cache
def _nursery() -> socket.socket:
    """The socket of this worker's nursery, which ends when the socket closes, so also with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests import forking; forking.nurse"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{program}({theirs.fileno()}, {str(folder or tempfile.gettempdir())!r})"],
        stdin=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        start_new_session=True,  # Ctrl-C is for pytest
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait(10)

    atexit.register(end)
    return ours


# What follows happens in the nursery and in what it forks -------------------------------------------------------


def nurse(descriptor: int, run: str) -> None:
    """Import the app; then fork a process for each order until nobody gives any more. run: folder of this run."""
    import jinja2
    import pypinyin  # noqa: F401 - else each server waits for its tables at its first name
    from sqlalchemy.orm import configure_mappers

    from quizapp import create_app
    from quizapp.cli import main
    from quizapp.routing import Application

    templates = Path(run) / "templates"
    templates.mkdir(exist_ok=True)
    Application.jinja_options = {"bytecode_cache": jinja2.FileSystemBytecodeCache(str(templates))}
    create_app({"SECRET_KEY": SECRET_KEY, "DATABASE_URL": f"sqlite:///{run}/none", "INSTANCE_DIR": run})
    configure_mappers()
    arguments = _wait_for_birth(socket.socket(fileno=descriptor))
    if arguments:
        main(arguments, prog_name="quizapp")


def _wait_for_birth(orders: socket.socket) -> list[str]:
    """In each process that is forked: what it was ordered to do. In the nursery: nothing, at the end."""
    import gc

    gc.collect()
    gc.freeze()  # what all have in common stays in common
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the children
    while True:
        message, files, _, _ = socket.recv_fds(orders, LARGEST, 1)
        if not message:
            return []
        [output] = files
        pid = os.fork()
        if pid == 0:
            orders.close()
            return _be(output, **json.loads(message))
        os.close(output)
        orders.send(str(pid).encode())


def _be(output: int, arguments: list[str], folder: str, environment: dict[str, str]) -> list[str]:
    """Become a process as `Popen` starts one, whose job consumer is forked as well."""
    from quizapp.operations import server

    os.setsid()  # one group: the workers and the job consumer die with it
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for standard in (1, 2):
        os.dup2(output, standard)
    os.close(output)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    tempfile.tempdir = None  # asked anew: TMPDIR may be another
    server._start_consumer = _consumer(server._start_consumer)
    return arguments


def _consumer(from_scratch: Callable[[], Any]) -> Callable[[], Any]:
    """Starts a job consumer: forked while the server has no other thread yet, later as `serve` does it."""

    def begin() -> Any:
        if threading.active_count() > 1:
            return from_scratch()
        server = os.getpid()
        pid = os.fork()
        return Forked(pid) if pid else _consume(server)

    return begin


def _consume(server: int) -> NoReturn:
    """Be a server's job consumer, and nothing of what the server is in the middle of."""
    from quizapp.cli import main

    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(RENAME, CALLED.encode(), 0, 0, 0)
        contextvars.Context().run(main, ["worker", "--parent", str(server)], prog_name="quizapp")
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)
