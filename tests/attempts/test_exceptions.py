"""Void, restore, extension: reason, second person, journal, audit; nothing is deleted (docs/exam-protocol.md, 2)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import exceptions, jobs
from quizapp.attempts.models import AttemptMark, Closing, SheetEvent
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import tallies
from quizapp.exams.models import Candidate
from tests.attempts.conftest import candidate_of, started
from tests.attempts.test_handing_in import right_sheet
from tests.statements import statements

SECOND = timedelta(seconds=1)
TEN = timedelta(minutes=10)


@pytest.fixture
def people(cast):
    return {"actor_id": cast.he, "second_id": cast.zhou, "reason": "机房停电"}


def test_a_voided_attempt_counts_no_more_and_can_come_back(page, attempt, exam, cast, people):
    receipt = page.hand_in(right_sheet(attempt)).json["receipt"]
    exceptions.void(attempt.id, evidence="监考记录", now=clock.now(), **people)
    db.session.commit()
    candidate = db.session.get(Candidate, attempt.candidate_id)
    assert (attempt.state, attempt.state_before) == ("voided", "submitted")
    assert (candidate.sat, candidate.points) == (False, None)
    assert db.session.query(Closing).one().receipt == receipt
    assert db.session.query(AttemptMark).one().total == 90
    assert tallies.faults(exam.id) == {}
    reply = page.save("A...")
    assert (reply.json["code"], reply.json["state"], reply.json["receipt"]) == ("closed", "voided", receipt)
    exceptions.restore(attempt.id, now=clock.now(), **people)
    db.session.commit()
    db.session.refresh(candidate)
    assert (attempt.state, candidate.points) == ("submitted", 90)
    assert tallies.faults(exam.id) == {}
    assert [e.kind for e in db.session.query(SheetEvent).order_by(SheetEvent.id)][-2:] == ["void", "restore"]
    actions = {e.action: e.detail for e in db.session.query(AuditEvent)}
    assert actions["attempt.voided"] == {"second": cast.zhou, "reason": "机房停电", "evidence": "监考记录"}
    assert "attempt.restored" in actions


def test_no_one_decides_alone_or_without_a_reason(page, attempt, cast, people):
    for change in ({"second_id": cast.he}, {"reason": " "}):
        with pytest.raises(Refused):
            exceptions.void(attempt.id, evidence="", now=clock.now(), **(people | change))
        with pytest.raises(Refused):
            exceptions.extend([attempt.id], TEN, now=clock.now(), **(people | change))
    db.session.rollback()
    assert attempt.state == "in_progress"


def test_an_extension_moves_the_end_and_nothing_else(page, attempt, people, at):
    before, limit = attempt.closes_at, attempt.refused_after
    assert exceptions.extend([attempt.id], TEN, now=clock.now(), **people) == 1
    db.session.commit()
    assert (attempt.closes_at, attempt.refused_after) == (before + TEN, limit + TEN)
    at(limit + TEN)
    assert page.save("A...").status_code == 200
    assert db.session.query(AuditEvent).filter_by(action="attempt.extended").one().detail["seconds"] == 600


def test_an_expired_attempt_is_reopened_and_keeps_its_first_receipt(page, attempt, exam, people, at):
    """Hazard H26."""
    page.save(right_sheet(attempt))
    jobs.sweep(at(attempt.refused_after + SECOND))
    first = db.session.query(Closing).one().receipt
    assert exceptions.extend([attempt.id], TEN, now=clock.now(), **people) == 1
    db.session.commit()
    candidate = db.session.get(Candidate, attempt.candidate_id)
    assert (attempt.state, attempt.closed_at, candidate.sat) == ("in_progress", None, False)
    assert tallies.faults(exam.id) == {}
    page.open()
    second = page.hand_in("A...").json["receipt"]
    rows = db.session.query(Closing).order_by(Closing.n).all()
    assert [(c.n, c.receipt, c.withdrawn_at is None) for c in rows] == [(1, first, False), (2, second, True)]
    assert rows[0].sheet != rows[1].sheet
    assert tallies.faults(exam.id) == {}


def test_what_was_handed_in_is_reopened_only_when_it_is_asked_for(page, attempt, people):
    page.hand_in("A...")
    assert exceptions.extend([attempt.id], TEN, now=clock.now(), **people) == 0
    assert exceptions.extend([attempt.id], TEN, now=clock.now(), reopen=("submitted",), **people) == 1
    db.session.commit()
    assert attempt.state == "in_progress"


def test_an_outage_reaches_whoever_was_open_then(exam, cast, people):
    now = exam.opens_at
    early, late = started(exam, cast.jiang, now), started(exam, cast.luo, now + timedelta(hours=3))
    hour = timedelta(hours=1)
    assert exceptions.open_between(exam.id, now, now + hour) == [early.id]
    jobs.sweep(now + 2 * hour)
    assert exceptions.open_between(exam.id, now + 2 * hour, now + 4 * hour) == [late.id]
    assert exceptions.open_between(exam.id, now, now + 4 * hour, units=[(100, 200)]) == [early.id, late.id]
    assert exceptions.open_between(exam.id, now, now + 4 * hour, units=[(300, 400)]) == []


def test_extending_many_costs_as_many_statements_as_extending_one(exam, cast, people):
    ids = [started(exam, who, exam.opens_at).id for who in (cast.jiang, cast.luo)]
    with statements() as one:
        exceptions.extend(ids[:1], TEN, now=clock.now(), **people)
    db.session.rollback()
    with statements() as both:
        exceptions.extend(ids, TEN, now=clock.now(), **people)
    db.session.commit()
    assert len(both) == len(one)


def test_more_minutes_reach_a_sitting_under_way_and_never_shorten_it(page, attempt, exam, cast, people):
    exceptions.extend([attempt.id], TEN, now=clock.now(), **people)
    db.session.commit()
    candidate = candidate_of(exam, cast.jiang)
    ends = []
    for minutes in (30, 5):
        candidate.extra_minutes = minutes
        db.session.flush()
        exceptions.time_granted(exam, select(Candidate.id), clock.now())
        db.session.commit()
        ends.append(attempt.closes_at - attempt.started_at)
    assert ends == [timedelta(minutes=60 + 10 + 30)] * 2
    assert attempt.refused_after - attempt.closes_at == timedelta(seconds=120)
