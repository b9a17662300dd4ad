"""After the power is back: a page opens again with its log, saves and hands in; the sweep closes all others in time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.attempts import jobs
from quizapp.attempts.models import Attempt
from quizapp.db import db
from tests.faults.power.acknowledged import Acknowledged
from tests.faults.sittings import Sitting

LATER = timedelta(days=1)  # everybody's time is up


def go_on(app: Flask, sitting: Sitting, told: Acknowledged) -> Iterator[str]:
    """Work in the database that the app has open; gives in words what is stuck."""
    yield from hand_in_after_all(app, sitting, told)
    db.session.rollback()
    jobs.sweep(clock.now() + LATER)
    left = db.session.scalar(select(func.count()).where(Attempt.state == "in_progress"))
    db.session.rollback()
    if left:
        yield f"{left} attempts that no sweep closes"


def hand_in_after_all(app: Flask, sitting: Sitting, told: Acknowledged) -> Iterator[str]:
    """As the page of this sitting would, which has its log but not its page key."""
    record = told.records.get(sitting.token)
    log = record.saved[-1][:2] if record and record.saved else (told.epochs.get(sitting.token, 0), 0)
    opened = ask(app, sitting, "POST", "open", {"page_key": None, "log": list(log), "takeover": True})
    if opened.status_code == 409 and opened.json["code"] == "closed":
        return  # handed in before the cut, whether the reply arrived or not
    if opened.status_code != 200:
        yield f"{sitting.token}: opening again gives {opened.status_code} {opened.json}"
        return
    for revision, (method, what) in enumerate((("PUT", "sheet"), ("POST", "hand-in")), 1):
        body = {"epoch": opened.json["epoch"], "revision": revision, "sheet": opened.json["sheet"]}
        reply = ask(app, sitting, method, what, body)
        if reply.status_code != 200:
            yield f"{sitting.token}: {what} gives {reply.status_code} {reply.json}"


def ask(app: Flask, sitting: Sitting, method: str, what: str, body: dict[str, Any]) -> Any:
    browser = app.test_client(use_cookies=False)
    path = f"/attempts/{sitting.token}/{what}"
    return browser.open(path, method=method, json=body, headers=sitting.headers)
