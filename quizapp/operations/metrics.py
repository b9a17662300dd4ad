"""Figures for monitoring, in the text format of Prometheus: requests, durations, open attempts, saves, jobs, WAL.

Each web worker counts for itself in a small file that the others can read (prometheus-client's multiprocess mode);
`serve` names the folder before a worker starts, and the library looks for it when it is first imported. That is why
it is imported inside functions here, with the first request.
"""

import hmac
import ipaddress
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Request, current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from quizapp import logs
from quizapp.attempts.models import Attempt
from quizapp.clock import now
from quizapp.db import db
from quizapp.jobs import Job
from quizapp.operations import transactions

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name for it
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
SAVED = {"endpoint": "attempts.sheet", "status": "200"}
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
_children: dict[tuple[str, int], tuple[Any, Any]] = {}  # looked up once for each view and status


@contextmanager
def shared() -> Iterator[None]:
    """Let the workers that this process starts count in files that each of them can read.

    In a folder of this machine, made for this run: the instance folder may be on a network file system and shared.
    """
    with tempfile.TemporaryDirectory(prefix="quizapp-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


@cache
def _instruments() -> SimpleNamespace:
    from prometheus_client import CollectorRegistry, Counter, Histogram

    registry = CollectorRegistry()
    return SimpleNamespace(
        registry=registry,
        requests=Counter("quizapp_requests", "Requests", ["endpoint", "status"], registry=registry),
        seconds=Histogram(
            "quizapp_request_seconds",
            "Duration of requests",
            ["endpoint"],
            buckets=SECONDS,
            registry=registry,
        ),
    )


def count(endpoint: str, status: int) -> None:
    """One request was answered."""
    key = (endpoint, status)
    if key not in _children:
        made = _instruments()
        _children[key] = (made.requests.labels(endpoint, str(status)), made.seconds.labels(endpoint))
    requests, seconds = _children[key]
    requests.inc()
    seconds.observe(logs.seconds())


def may_read(request: Request) -> bool:
    """Whoever has the token; without one, only who asks from this machine and not through a proxy."""
    token = current_app.config["METRICS_TOKEN"]
    if token and hmac.compare_digest(
        request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
    ):
        return True
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def text_format() -> bytes:
    """All figures of this installation, as /metrics gives them."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    counted = _instruments().registry
    if FOLDER in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    asked = CollectorRegistry()
    asked.register(_Asked(counted))
    return bytes(generate_latest(counted) + generate_latest(asked))


class _Asked:
    """What is not counted but looked up when somebody asks."""

    def __init__(self, counted: Any) -> None:
        self._counted = counted

    def collect(self) -> Iterator[Any]:
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        saves = self._counted.get_sample_value("quizapp_requests_total", SAVED) or 0
        yield CounterMetricFamily("quizapp_saves_acknowledged", "Sheets acknowledged with 200", saves)
        try:
            gauges, up = list(_of_database()), 1
        except DBAPIError:
            db.session.rollback()
            gauges, up = [], 0
        yield GaugeMetricFamily("quizapp_database_up", "Whether the database answers", up)
        for name, words, value in gauges:
            yield GaugeMetricFamily(name, words, value)


def _of_database() -> Iterator[tuple[str, str, float]]:
    open_ = select(func.count()).where(Attempt.state == "in_progress", Attempt.refused_after >= now())
    yield "quizapp_open_attempts", "Attempts that can be saved now", db.session.scalar(open_) or 0
    waiting = select(func.count()).where(Job.state == "waiting")
    yield "quizapp_jobs_waiting", "Jobs that wait for a worker", db.session.scalar(waiting) or 0
    yield "quizapp_wal_bytes", "SQLite: size of the log; PostgreSQL: position in it", wal_bytes()


def wal_bytes() -> int:
    """SQLite: bytes in the log that are not yet in the file. PostgreSQL: how many were ever written to the log."""
    path = transactions.sqlite_path(current_app.config["DATABASE_URL"])
    if path is None:
        position = text(
            "SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
            " ELSE pg_current_wal_lsn() END, '0/0')"
        )
        return int(db.session.execute(position).scalar() or 0)
    log = Path(f"{path}-wal")
    return log.stat().st_size if log.exists() else 0
