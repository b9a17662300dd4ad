"""The time of this house: one clock, the database server's; stored UTC, shown and counted in days of Asia/Shanghai.

Only views and commands ask `now()`; every rule takes the time as an argument.
"""

import re
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine, text

CHINA = ZoneInfo("Asia/Shanghai")
TOLERANCE = timedelta(seconds=1)  # a node that differs more from the database reports not ready
STAMP = re.compile(r"t=(\d{10}\.\d{3})", re.ASCII)  # as nginx writes "t=${msec}": seconds of 1970

_offset = timedelta(0)  # what this node's clock lacks against the database server's
_measured_at = float("-inf")


def now() -> datetime:
    """Aware UTC. Inside a request: the moment at which the request entered, so that waiting costs nobody time."""
    if has_request_context() and "arrived_at" in g:
        return g.arrived_at
    return _server_time()


def _server_time() -> datetime:
    return datetime.now(UTC) + _offset


def today(moment: datetime | None = None) -> date:
    """The day in Asia/Shanghai to which a moment (default: now) belongs."""
    return (moment or now()).astimezone(CHINA).date()


def start_of(day: date) -> datetime:
    """Midnight at the beginning of a day in Asia/Shanghai, as aware UTC."""
    return datetime.combine(day, wall_time.min, CHINA).astimezone(UTC)


def end_of(day: date) -> datetime:
    """24:00 of a day in Asia/Shanghai, which is midnight of the next, as aware UTC."""
    return start_of(day + timedelta(days=1))


def from_local(naive: datetime) -> datetime:
    """A wall-clock time in Asia/Shanghai, as a form or a spreadsheet gives it, as aware UTC."""
    return naive.replace(tzinfo=CHINA).astimezone(UTC)


def measure(engine: Engine) -> timedelta:
    """Ask the database server for its time and keep the difference. SQLite lives on this machine: no difference."""
    global _offset, _measured_at
    _measured_at = time.monotonic()
    if engine.dialect.name != "postgresql":
        _offset = timedelta(0)
        return _offset
    with engine.connect() as connection:
        before = datetime.now(UTC)
        server = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        after = datetime.now(UTC)
    _offset = server - (before + (after - before) / 2)
    return _offset


def is_trusted() -> bool:
    """Whether this node's own clock is within the tolerance of the database server's (hazard H7)."""
    return abs(_offset) <= TOLERANCE


def entered(stamp: str | None, moment: datetime, longest: float) -> datetime:
    """When a request came to our servers: at the proxy's stamp, so that waiting for a free worker costs nobody time.

    stamp: X-Request-Start of a proxy that writes it itself. Never after `moment`, never over `longest` seconds before.
    """
    found = STAMP.fullmatch(stamp or "")
    if found is None:
        return moment
    stamped = datetime.fromtimestamp(float(found[1]), UTC)
    return min(moment, max(stamped, moment - timedelta(seconds=longest)))


def arrival(stamp: str | None) -> datetime:
    """When the running request arrived; the difference to the database is measured every 30 seconds (0: never).

    stamp: its X-Request-Start, believed behind a proxy alone.
    """
    from quizapp.db import db

    settings = current_app.config
    every = settings["CLOCK_CHECK_SECONDS"]
    if every and time.monotonic() - _measured_at > every:
        measure(db.engine)
    believed = settings["REQUEST_START_SECONDS"] if settings["TRUSTED_PROXY"] else 0
    return entered(stamp if believed else None, _server_time(), believed)


def init_app(app: Flask) -> None:
    """Note when each request arrives."""

    @app.before_request
    def arrive() -> None:
        g.arrived_at = arrival(request.headers.get("X-Request-Start"))
