"""Nodes that sweep, each a process of its own, forked off a mother that has made the app once.

python -m tests.faults.sweeping SETTINGS (JSON); then a line of JSON for every turn on its standard input:
{"now": "2026-12-25T03:00:00+00:00", "batch": 7, "dies_at": [null, 31]}: two nodes at once, the second of which is
killed with -9 before the thirty-first thing that it says to the database. The answer is a line with their exit codes.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask

KILLED = -signal.SIGKILL


class Mother:
    """The process that forks the nodes; it ends when its input closes, so also with the test."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def sweep(self, now: datetime, dies_at: list[int | None], batch: int) -> list[int]:
        """Let so many nodes sweep at once; their exit codes: 0, or KILLED."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the mother has no pipes")
        wanted = {"now": now.isoformat(), "batch": batch, "dies_at": dies_at}
        print(json.dumps(wanted), file=self._process.stdin, flush=True)
        codes: list[int] = json.loads(self._process.stdout.readline())
        return codes


@contextmanager
def mother(settings: Mapping[str, Any]) -> Iterator[Mother]:
    """settings: those of the app under test (`databases.settings`)."""
    command = [sys.executable, "-m", "tests.faults.sweeping", json.dumps(settings)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            yield Mother(process)
        finally:
            process.kill()


# In the mother and her nodes --------------------------------------------------------------------------------------


def serve() -> None:
    from quizapp import create_app

    app = create_app(json.loads(sys.argv[1]))
    for line in sys.stdin:
        wanted = json.loads(line)
        now = datetime.fromisoformat(wanted["now"])
        nodes = [_fork(app, now, dies_at, wanted["batch"]) for dies_at in wanted["dies_at"]]
        codes = [os.waitstatus_to_exitcode(os.waitpid(node, 0)[1]) for node in nodes]
        print(json.dumps(codes), flush=True)


def _fork(app: Flask, now: datetime, dies_at: int | None, batch: int) -> int:
    node = os.fork()
    if node:
        return node
    code = 1
    try:
        _sweep(app, now, dies_at, batch)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _sweep(app: Flask, now: datetime, dies_at: int | None, batch: int) -> None:
    from quizapp.attempts import closing, jobs
    from quizapp.db import db

    closing.BATCH = batch
    with app.app_context():
        if dies_at is not None:
            _die_before(db.engine, dies_at)
        jobs.sweep(now)


def _die_before(engine: Any, turn: int) -> None:
    """kill -9 before this statement or commit, counted from 1."""
    from sqlalchemy import event

    said = 0

    def count(*_about: Any) -> None:
        nonlocal said
        said += 1
        if said == turn:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)


if __name__ == "__main__":
    serve()
