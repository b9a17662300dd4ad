"""What a run of `make bench-exam` stands on: an exam of 100 questions, people for it, and servers, on each database."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text

from quizapp.attempts import sheet as sheets
from quizapp.db import db
from tests.bench import servers
from tests.bench.exam import yardsticks
from tests.bench.load import Round, fire, request
from tests.databases import free_port, in_app
from tests.faults.sittings import Rules, Sitting, prepare

CONNECTIONS = 32
WORKERS = 2
RULES = Rules(
    numbers={"single": 60, "multiple": 20, "judge": 20}, points={"single": 10, "multiple": 10, "judge": 10}
)


@dataclass
class Site:
    """One database with its people. told: the app's settings."""

    dialect: str
    told: Mapping[str, Any]
    folder: Path
    people: list[Sitting]  # with papers that are not opened yet
    beginners: list[Sitting]  # without papers, in an exam of their own
    revision: int = 0  # the highest that was sent so far

    def run(self, what: Callable[[], Any]) -> Any:
        return in_app(dict(self.told), what)

    def disk(self) -> int:
        """Bytes that the database takes, as PostgreSQL counts them."""
        size: int = self.run(lambda: db.session.scalar(text("SELECT pg_database_size(current_database())")))
        return size

    @contextmanager
    def server(self, **environment: str) -> Iterator[servers.Server]:
        """The product with the yardsticks, as `quizapp serve` starts it."""
        settings = dict(self.told) | environment
        port = free_port()
        start = f"from {yardsticks.__name__} import serve; serve()"
        arguments = ["-c", start, str(port), str(WORKERS)]
        with servers.running(arguments, settings, self.folder / "yardsticks.log", port) as server:
            yield server


def make(
    dialect: str, told: Mapping[str, Any], folder: Path, *, people: int, naive: int, beginners: int
) -> Site:
    """Prepare a database. people: have a paper, and the first of them (naive) also rows; beginners: have none yet."""

    def fill() -> tuple[list[Sitting], list[Sitting]]:
        first = prepare(people, RULES, seed=1)
        second = prepare(beginners, RULES, seed=2, draw=False)
        yardsticks.prepare([one.person_id for one in first[:naive]])
        return first, second

    return Site(dialect, told, folder, *in_app(dict(told), fill))


# Requests ---------------------------------------------------------------------------------------------------


def opening(one: Sitting) -> bytes:
    return _script(
        one, "POST", f"/attempts/{one.token}/open", {"page_key": None, "log": [0, 0], "takeover": False}
    )


def sheet_to(path: str, one: Sitting, revision: int, chance: Random, method: str = "PUT") -> bytes:
    """A sheet with most of its slots answered, as the exam page sends it."""
    letters = [chance.choice("AB") if chance.random() < 0.9 else "" for _ in range(one.slots)]
    body = {"epoch": 1, "revision": revision, "sheet": sheets.format_slots(letters)}
    return _script(one, method, path.replace("TOKEN", one.token), body)


def start(one: Sitting, path: str) -> bytes:
    """The press of 开始答题."""
    form = urlencode({"csrf_token": one.headers["X-CSRFToken"], "pledge": "y"}).encode()
    headers = {"Cookie": one.headers["Cookie"], "Content-Type": "application/x-www-form-urlencoded"}
    return request("POST", path.replace("EXAM", str(one.exam_id)), headers, form)


def _script(one: Sitting, method: str, path: str, body: Mapping[str, Any]) -> bytes:
    return request(method, path, one.headers, json.dumps(body).encode())


def send(server: servers.Server, requests: list[bytes], expected: bytes, status: int = 200) -> Round:
    """Send them over 32 connections and wait for all. Raises RuntimeError where one reply was another.

    Each connection takes the next one when it is free: dealt out beforehand, a worker that happens to hold fewer
    connections would be through early and stand still while the other finishes.
    """
    left = iter(requests)
    done = fire(server.port, [left] * min(CONNECTIONS, len(requests)), expected, status)
    if not done.sound:
        raise RuntimeError(
            f"replies {dict(done.statuses)}, {done.unexpected} unexpected: {done.last[:600]!r}"
        )
    return done
