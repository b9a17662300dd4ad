"""What the requests of a run need: the demonstration county, an exam with a paper for everybody, and real sign-ins."""

import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask, current_app, g, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import func, insert, select, update

from quizapp import clock
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt, Closing, SheetEvent
from quizapp.bank.models import Bank
from quizapp.db import db
from quizapp.demo import county
from quizapp.exams import actions as exams
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Candidate, Exam
from quizapp.people import actions as people
from quizapp.people.models import Grant, LoginSession, Person, Unit
from tests.bench.load import request

SLOTS = 60
REVISION = 1000  # where the counting of revisions begins, so that every body has the same length


@dataclass(frozen=True)
class Sitting:
    """One person with a paper of their own, and the headers by which the app knows them."""

    attempt_id: int
    token: str
    headers: dict[str, str]

    def open(self) -> bytes:
        return self._send("POST", "open", {"page_key": None, "log": [0, 0], "takeover": False})

    def save(self, revision: int, sheet: str) -> bytes:
        return self._send("PUT", "sheet", {"epoch": 1, "revision": REVISION + revision, "sheet": sheet})

    def hand_in(self, revision: int, sheet: str) -> bytes:
        return self._send("POST", "hand-in", {"epoch": 1, "revision": REVISION + revision, "sheet": sheet})

    def page(self) -> bytes:
        return request("GET", f"/attempts/{self.token}", {"Cookie": self.headers["Cookie"]})

    def _send(self, method: str, what: str, body: dict[str, Any]) -> bytes:
        return request(method, f"/attempts/{self.token}/{what}", self.headers, json.dumps(body).encode())


def build_demo() -> tuple[float, float]:
    """Build the demonstration county; seconds on the clock, and seconds of this process's processor time."""
    began, began_own = time.perf_counter(), time.process_time()
    county.build(lambda _sentence: None)
    return time.perf_counter() - began, time.process_time() - began_own


def prepare_sittings(count: int) -> list[Sitting]:
    """Further people in the county, an exam for all of them, their papers drawn and not opened, and their sign-ins."""
    now, chance = clock.now(), Random("bench")
    root = db.session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    units = db.session.scalars(select(Unit.id).order_by(Unit.lft)).all()
    rows = [people.NewPerson(f"考生{number}", units[number % len(units)]) for number in range(count)]
    person_ids = set(people.add_people(rows, now, random=chance))
    db.session.execute(update(Person).values(notice_accepted_at=now))
    exam = _exam(root.id, now)
    source = exam_queries.frozen_source(exam)
    candidates = db.session.scalars(
        select(Candidate).where(Candidate.exam_id == exam.id).order_by(Candidate.id)
    ).all()
    sitting = [candidate for candidate in candidates if candidate.person_id in person_ids]
    attempts = [drawn(exam, candidate, source.paper(candidate.id, 1), now) for candidate in sitting]
    ids = db.session.scalars(
        insert(Attempt).returning(Attempt.id, sort_by_parameter_order=True), attempts
    ).all()
    headers = sign_in([candidate.person_id for candidate in sitting], now)
    made = [
        Sitting(attempt_id, row["token"], header)
        for attempt_id, row, header in zip(ids, attempts, headers, strict=True)
    ]
    chance.shuffle(made)  # neighbours in the table share a unit's counters now and then, as in life
    return made


def _exam(root_id: int, now: datetime) -> Exam:
    today = clock.today(now)
    values = {
        "title": "压力测试",
        "purpose": "annual",
        "bank_ids": [db.session.scalars(select(Bank.id).order_by(Bank.id).limit(1)).one()],
        "points": {"single": 20, "multiple": 20, "judge": 10},
        "blueprint": county.blueprint(county.COUNTS),
        "minutes": 120,
        "opens_at": clock.start_of(today - timedelta(days=1)),
        "closes_at": clock.end_of(today + timedelta(days=1)),
        "bands": [["优秀", 900], ["良好", 800], ["合格", 600]],
    }
    exam = exams.create(unit_id=root_id, values=values, audience=[(root_id, True)], now=now, actor_id=None)
    exams.publish(exam, now, actor_id=None)
    return exam


def drawn(exam: Exam, candidate: Candidate, places: list[Any], now: datetime) -> dict[str, Any]:
    """An attempt as starting the exam leaves it, before its page is opened."""
    text = layouts.to_text(places)
    return {
        "token": secrets.token_urlsafe(16),
        "exam_id": exam.id,
        "candidate_id": candidate.id,
        "person_id": candidate.person_id,
        "number": 1,
        "trial": False,
        "state": "created",
        "layout": text,
        "layout_hash": layouts.hash_of(text),
        "slots": len(places),
        "sheet": sheets.blank(len(places)),
        "pledge": exam.pledge,
        "pledged_at": now,
        "created_at": now,
    }


def sign_in(person_ids: Sequence[int], now: datetime, kind: str = "study") -> list[dict[str, str]]:
    """Sign people in as the form would: the rows, the app's own signed cookies, the token of their pages."""
    rows = [
        {
            "id": secrets.token_urlsafe(32),
            "person_id": person_id,
            "kind": kind,
            "started_at": now,
            "confirmed_at": now,
            "expires_at": now + timedelta(hours=12),
        }
        for person_id in person_ids
    ]
    db.session.execute(insert(LoginSession), rows)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    with app.test_request_context():
        g.pop("csrf_token", None)  # of people who were signed in before
        token, shared = generate_csrf(), dict(session)
    return [
        {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "X-CSRFToken": token,
            "Cookie": f"{app.config['SESSION_COOKIE_NAME']}="
            + signer.dumps(
                shared
                | {
                    "sid": row["id"],
                    "_user_id": str(row["person_id"]),
                    "_fresh": True,
                    "_permanent": kind == "study",
                    "kind": kind,
                    "seen": int(now.timestamp()),
                }
            ),
        }
        for row in rows
    ]


def report_request() -> bytes:
    """李's report on the annual exam, for the whole county."""
    now = clock.now()
    leader, exam_id = (
        db.session.scalars(select(Grant.person_id).where(Grant.role == "leader").order_by(Grant.id)).first(),
        db.session.scalars(select(Exam.id).where(Exam.purpose == "annual").order_by(Exam.id)).first(),
    )
    assert leader is not None
    [headers] = sign_in([leader], now, "short")
    return request("GET", f"/reports/exams/{exam_id}", {"Cookie": headers["Cookie"]})


def counted() -> dict[str, int]:
    """How many saves, openings and hand-ins of this run the database holds."""
    return {
        "save": _count(select(func.count()).where(SheetEvent.kind == "save")),
        "open": _count(select(func.count()).where(SheetEvent.kind == "open")),
        "hand_in": _count(select(func.count()).select_from(Closing)),
    }


def _count(statement: Any) -> int:
    return db.session.scalar(statement) or 0


def random_sheet(chance: Random) -> str:
    """A sheet with most slots answered; A and B stand on every question."""
    return sheets.format_slots([chance.choice("AB") if chance.random() < 0.9 else "" for _ in range(SLOTS)])


def shipped_bank() -> Path:
    return Path(current_app.config["QUESTION_BANKS"]) / "xinfang-gongzuo-tiaoli"
