"""A small published exam, put into the tables directly: four questions, 江 and 罗 on the list, one hour."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from quizapp import clock
from quizapp.attempts import opening, runs, starting
from quizapp.attempts.models import Attempt
from quizapp.attempts.protocol import OpenBody
from quizapp.bank.models import Bank, Question, Revision
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam, ExamUnit, Form, Slot, Tally
from quizapp.people.models import LoginSession
from quizapp.people.sessions import Ticket
from tests.papers import totals

OPENS = "2026-12-25 09:00"
QUESTIONS = [  # kind, number of options, key
    ("single", 4, "B"),
    ("single", 4, "D"),
    ("multiple", 5, "ACE"),
    ("judge", 2, "A"),
]
NUMBERS = {"single": 2, "multiple": 1, "judge": 1}
POINTS = {"single": 20, "multiple": 40, "judge": 10}


def revisions() -> list[Revision]:
    """The questions of the small exam, in the order of QUESTIONS."""
    bank = Bank(slug="small", title="小题库", created_at=clock.now())
    db.session.add(bank)
    db.session.flush()
    made = []
    for index, (kind, options, key) in enumerate(QUESTIONS):
        question = Question(bank_id=bank.id, code=f"S-{index}", created_at=clock.now())
        db.session.add(question)
        db.session.flush()
        words = (
            ["正确", "错误"] if kind == "judge" else [f"选项{index}{letter}" for letter in "ABCDE"[:options]]
        )
        revision = Revision(
            question_id=question.id,
            number=1,
            kind=kind,
            stem=f"第{index}道试题（　）。",
            options=words,
            key=key,
            explanation=f"解析{index}",
            content_hash=f"{index}" * 64,
            status="published",
            created_at=clock.now(),
        )
        db.session.add(revision)
        made.append(revision)
    db.session.flush()
    return made


def make_exam(cast: Any, opens: datetime, *, asked: list[Revision] | None = None, **rules: Any) -> Exam:
    """A published exam for 江 and 罗 with its pool, list, tree, counters and marking run 1; committed."""
    asked = asked or revisions()
    exam = Exam(
        **{
            "title": "2026年度条例考试",
            "purpose": "annual",
            "unit_id": cast.county,
            "state": "published",
            "bank_ids": [],
            "blueprint": totals(**NUMBERS),
            "points": POINTS,
            "multiple_rule": "half",
            "minutes": 60,
            "opens_at": opens,
            "closes_at": opens + timedelta(hours=12),
            "pass_mark": 50,
            "excellent_mark": 80,
            "bands": [["优秀", 80], ["合格", 50]],
            "pledge": "本人独立完成本次考试。",
            "notice": "一、独立作答。",
            "seed": "5eed" * 8,
            "created_at": opens - timedelta(days=1),
            "published_at": opens - timedelta(hours=1),
        }
        | rules
    )
    db.session.add(exam)
    db.session.flush()
    plan = [{"cells": [cell], "count": count} for cell, count in enumerate(NUMBERS.values())]
    form = Form(exam_id=exam.id, number=1, seed=exam.seed, hash="0" * 64, plan=plan)
    db.session.add(form)
    db.session.flush()
    cells = {kind: cell for cell, kind in enumerate(NUMBERS)}
    for position, revision in enumerate(asked, 1):
        kind = revision.kind
        db.session.add(
            Slot(
                form_id=form.id,
                position=position,
                revision_id=revision.id,
                points=POINTS[kind],
                section=kind,
                cell=cells[kind],
            )
        )
    db.session.add(ExamUnit(exam_id=exam.id, lft=1, rgt=1000, unit_id=cast.county, name="青石县"))
    db.session.add(
        ExamUnit(
            exam_id=exam.id, lft=100, rgt=200, unit_id=cast.office, parent_id=cast.county, name="县信访局"
        )
    )
    for person, name in ((cast.jiang, "江映雪"), (cast.luo, "罗成")):
        db.session.add(
            Candidate(
                exam_id=exam.id, person_id=person, unit_id=cast.office, lft=100, name=name, name_key=name
            )
        )
    db.session.add(Tally(exam_id=exam.id, lft=100, listed=2, expected=2))
    db.session.flush()
    runs.first_run(exam, opens)
    db.session.commit()
    return exam


@pytest.fixture
def exam(app: Flask, cast: Any, at: Any) -> Exam:
    """The small exam; the clock stands at its opening, 2026-12-25 09:00."""
    return make_exam(cast, at(OPENS))


def candidate_of(exam: Exam, person_id: int) -> Candidate:
    return db.session.query(Candidate).filter_by(exam_id=exam.id, person_id=person_id).one()


def live_session(person_id: int, now: datetime) -> Ticket:
    """A sign-in that stands, without a browser."""
    from secrets import token_urlsafe

    row = LoginSession(
        id=token_urlsafe(32),
        person_id=person_id,
        kind="study",
        started_at=now,
        confirmed_at=now,
        expires_at=now + timedelta(days=30),
    )
    db.session.add(row)
    db.session.commit()
    return Ticket(row.id, person_id)


def started(exam: Exam, person_id: int, now: datetime) -> Attempt:
    """A person's attempt, opened, committed."""
    attempt = starting.start(exam, candidate_of(exam, person_id), pledge=exam.pledge, now=now)
    opening.open_page(attempt.token, OpenBody(), live_session(person_id, now), now)
    db.session.commit()
    return attempt


@dataclass
class Page:
    """The script of one exam page, as honest as the protocol asks: JSON over a signed-in client."""

    client: Any
    token: str
    key: str | None = None
    epoch: int = 0
    revision: int = 0

    def send(self, method: str, what: str, body: Any = None) -> Any:
        return self.client.send(method, f"/attempts/{self.token}/{what}", body)

    def open(self, *, takeover: bool = False, log: tuple[int, int] = (0, 0)) -> Any:
        reply = self.send("POST", "open", {"page_key": self.key, "log": list(log), "takeover": takeover})
        if reply.status_code == 200:
            self.key, self.epoch, self.revision = reply.json["page_key"], reply.json["epoch"], 0
        return reply

    def save(self, sheet: str, **given: Any) -> Any:
        self.revision += 1
        body = {"epoch": self.epoch, "revision": self.revision, "sheet": sheet} | given
        return self.send("PUT", "sheet", body)

    def hand_in(self, sheet: str, **given: Any) -> Any:
        self.revision += 1
        body = {"epoch": self.epoch, "revision": self.revision, "sheet": sheet} | given
        return self.send("POST", "hand-in", body)


def csrf_of(client: Any) -> str:
    """A CSRF token of this client, as its last page would have carried it."""
    reply = client.post("/attempts/none/open", json={}, headers={"Accept": "application/json"})
    client.token = reply.json["csrf_token"]
    return client.token


def own_phone(client: Any) -> Any:
    """Make the sign-in one that does not end when idle: these tests jump over hours."""
    with client.session_transaction() as cookie:
        cookie["kind"] = "study"
        session_id = cookie["sid"]
    db.session.query(LoginSession).filter_by(id=session_id).update(
        {"kind": "study", "expires_at": clock.now() + timedelta(days=30)}
    )
    db.session.commit()
    return client


def opened_page(exam: Exam, person_id: int, client: Any) -> Page:
    """The exam page of the person whose browser this is, started and opened by its script: epoch 1."""
    attempt = starting.start(exam, candidate_of(exam, person_id), pledge=exam.pledge, now=clock.now())
    db.session.commit()
    csrf_of(own_phone(client))
    page = Page(client, attempt.token)
    assert page.open().status_code == 200
    return page


@pytest.fixture
def page(exam: Exam, cast: Any, as_jiang: Any) -> Page:
    """江's exam page."""
    return opened_page(exam, cast.jiang, as_jiang)


@pytest.fixture
def attempt(page: Page) -> Attempt:
    """The row behind 江's page."""
    return db.session.query(Attempt).filter_by(token=page.token).one()


@pytest.fixture
def jiang(exam: Exam, as_jiang: Any) -> Any:
    """江 on her own phone, with the small exam open."""
    return own_phone(as_jiang)


@pytest.fixture
def at_once(app: Flask) -> Any:
    """at_once([work, …]): each in a thread and transaction of its own, all starting together; their results."""

    def run(works: Any) -> Any:
        barrier, found, failed = threading.Barrier(len(works)), list[Any](), list[Exception]()

        def one(work: Any) -> None:
            with app.app_context():
                try:
                    barrier.wait()
                    result = work()
                    db.session.commit()
                    found.append(result)
                except Exception as error:  # noqa: BLE001 - told below
                    db.session.rollback()
                    failed.append(error)
                finally:
                    db.session.remove()

        db.session.commit()
        threads = [threading.Thread(target=one, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        return found

    return run
