"""A fixed paper of 40 questions, sat by 24 people of 县信访局; number 3 copied number 2 and took a second device."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.analysis.clues import finding
from quizapp.attempts import layout as layouts
from quizapp.attempts import receipts, runs, sheet
from quizapp.attempts.models import Attempt, Closing, SheetEvent
from quizapp.bank import queries as bank_queries
from quizapp.bank.models import Question, Revision
from quizapp.db import db
from quizapp.exams import actions, queries
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Membership, Person
from tests.papers import totals

QUESTIONS, PEOPLE = 40, 24
SOURCE, COPIER = 2, 3
OVER = "2026-12-27 09:00"


@dataclass(frozen=True)
class Sat:
    """exam: id; attempts: by number of the person; 0 is 江, 1 罗."""

    exam: int
    attempts: list[int]


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch: Any) -> None:
    """What twenty simulated exams say, three say here."""
    monkeypatch.setattr(finding, "SIMULATIONS", 3)


def colleagues(cast: Any) -> list[int]:
    """江, 罗 and others of 县信访局."""
    now = clock.now()
    people = [
        Person(
            account=f"2000{number:04d}",
            name=f"同事{number}",
            name_key=f"tong shi {number:02d}",
            initials="ts",
            created_at=now,
        )
        for number in range(2, PEOPLE)
    ]
    db.session.add_all(people)
    db.session.flush()
    for person in people:
        since = {"since": date(2020, 1, 1), "category": "公务员"}
        db.session.add(Membership(person_id=person.id, unit_id=cast.office, **since))
    db.session.flush()
    return [cast.jiang, cast.luo, *(person.id for person in people)]


@pytest.fixture
def sat(app: Any, cast: Any, bank: int, at: Any) -> Sat:
    """The exam is over; 何 has not searched it yet."""
    now = at("2026-12-10 09:00")
    people = colleagues(cast)
    asked = db.session.scalars(
        select(Revision)
        .join(Question, Question.id == Revision.question_id)
        .where(Question.bank_id == bank, Revision.kind == "single", Revision.status == "published")
        .where(bank_queries.has_use("exam"))
        .order_by(Revision.id)
        .limit(QUESTIONS)
    ).all()
    values = {
        "title": "2026年度考试",
        "purpose": "annual",
        "mode": "fixed",
        "bank_ids": [bank],
        "picked": [one.question_id for one in asked],
        "points": {"single": 25, "multiple": 25, "judge": 25},
        "blueprint": totals(single=QUESTIONS),
        "opens_at": now + timedelta(days=1),
        "closes_at": clock.end_of(date(2026, 12, 25)),
    }
    exam = actions.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    actions.publish(exam, now, actor_id=cast.he)
    db.session.flush()
    begun = at("2026-12-12 10:00")
    attempts = _attempts(exam, people, begun)
    db.session.commit()
    while runs.mark_batch(runs.current({exam.id})[exam.id].id):
        pass
    db.session.commit()
    at(OVER)
    return Sat(exam.id, attempts)


def _attempts(exam: Exam, people: list[int], begun: Any) -> list[int]:
    source, chance, made = queries.frozen_source(exam), Random(5), []
    faces = bank_queries.full(slot.revision_id for slot in source.slots)
    candidates = {
        one.person_id: one
        for one in db.session.scalars(select(Candidate).where(Candidate.exam_id == exam.id))
    }
    own: list[dict[int, str]] = []  # of each person: revision → own letter
    for number, person_id in enumerate(people):
        paper = source.paper(candidates[person_id].id, 1)
        answers = {
            place.revision_id: faces[place.revision_id].key
            if chance.random() < 0.55
            else chance.choice(sorted(set(place.order) - set(faces[place.revision_id].key)))
            for place in paper
        }
        own.append(dict(own[SOURCE]) if number == COPIER else answers)
        text = sheet.format_slots(
            layouts.displayed_letters(place, own[-1][place.revision_id]) for place in paper
        )
        made.append(_attempt(exam, candidates[person_id], paper, text, begun, number))
    return made


def _attempt(exam: Exam, candidate: Candidate, paper: Any, text: str, begun: Any, number: int) -> int:
    layout = layouts.to_text(paper)
    ends = begun + timedelta(minutes=60)
    attempt = Attempt(
        token=receipts.new_token(),
        exam_id=exam.id,
        candidate_id=candidate.id,
        person_id=candidate.person_id,
        number=1,
        state="submitted",
        layout=layout,
        layout_hash=layouts.hash_of(layout),
        slots=len(paper),
        created_at=begun,
        started_at=begun,
        closes_at=ends,
        refused_after=ends,
        epoch=1,
        sheet=text,
        closed_at=ends,
    )
    db.session.add(attempt)
    db.session.flush()
    slots, seconds = text.split("."), 2 if number == 0 else 20 + number % 4  # 江 is ten times faster
    extras = ["", '{"takeover":true}'] if number == COPIER else [""]
    for extra in extras:
        db.session.add(_event(attempt, "open", begun, "." * (len(slots) - 1), extra))
    for done in range(10, len(slots) + 1, 10):
        saved = ".".join([*slots[:done], *[""] * (len(slots) - done)])
        db.session.add(_event(attempt, "save", begun + timedelta(seconds=done * seconds), saved, ""))
    closing = {"epoch": 1, "revision": 9, "closed_at": ends, "by": "person", "answered": len(slots)}
    digest = receipts.digest(attempt.token, attempt.layout_hash, text)
    db.session.add(
        Closing(
            attempt_id=attempt.id, n=1, sheet=text, receipt=receipts.new_receipt(), digest=digest, **closing
        )
    )
    db.session.flush()
    return attempt.id


def _event(attempt: Attempt, kind: str, moment: Any, text: str, extra: str) -> SheetEvent:
    return SheetEvent(
        attempt_id=attempt.id, kind=kind, epoch=1, revision=1, at=moment, sheet=text, extra=extra
    )
