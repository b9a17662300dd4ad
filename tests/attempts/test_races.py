"""Things that arrive at once, on real connections: one attempt, one receipt, one mark (hazards H2, H13)."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts import closing, handing_in, opening, runs, saving, starting
from quizapp.attempts.marks import Key
from quizapp.attempts.models import Attempt, AttemptMark, Closing, SheetEvent
from quizapp.attempts.outcomes import Closed, HandedIn, Opened, OtherPage, Overtaken, Saved
from quizapp.attempts.protocol import OpenBody, sheet_from
from quizapp.attempts.receipts import digest
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import exceptions, excusing, tallies, unit_windows
from quizapp.exams.models import Candidate, Exam, ExamUnit, ExcuseRequest, Tally
from tests.attempts.conftest import candidate_of, live_session, started

SHEET = "A.B.AC.A"


@pytest.fixture
def at_once(app):
    """at_once([work, …]): each in a thread and transaction of its own, all starting together; their results."""

    def run(works):
        barrier, found, failed = threading.Barrier(len(works)), [], []

        def one(work):
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


def test_twenty_openings_make_one_attempt(exam, cast, at_once):
    now, claim, exam_id = clock.now(), live_session(cast.jiang, clock.now()), exam.id

    def begin():
        loaded = db.session.get_one(Exam, exam_id)
        attempt = starting.start(loaded, candidate_of(loaded, cast.jiang), pledge="", now=now)
        return opening.open_page(attempt.token, OpenBody(), claim, now)

    found = at_once([begin] * 20)
    assert Counter(type(outcome) for outcome in found) == {Opened: 1, OtherPage: 19}
    attempt = db.session.query(Attempt).one()
    assert (attempt.number, attempt.epoch, attempt.state) == (1, 1, "in_progress")
    assert db.session.get(Tally, (exam_id, 100)).started == 1


def test_six_hand_ins_give_one_receipt_and_one_mark(exam, cast, at_once):
    attempt = started(exam, cast.jiang, clock.now())
    token, now, claim = attempt.token, clock.now(), live_session(cast.jiang, clock.now())
    found = at_once([lambda: handing_in.hand_in(token, sheet_from(1, 1, SHEET), claim, now)] * 6)
    assert all(isinstance(outcome, HandedIn) for outcome in found)
    assert len({outcome.receipt for outcome in found}) == 1
    assert sorted(outcome.first for outcome in found) == [False] * 5 + [True]
    assert db.session.query(Closing).count() == db.session.query(AttemptMark).count() == 1
    assert tallies.faults(exam.id) == {}


def test_hand_in_and_expiry_at_once_close_the_sheet_once(exam, cast, at_once):
    """Hazard H13: at the last moment of the grace the person hands in, a moment later the sweeper comes."""
    exam.attempts_allowed = 5
    db.session.commit()
    for turn in range(5):
        attempt = started(exam, cast.jiang, exam.opens_at + timedelta(hours=2 * turn))
        token, limit = attempt.token, attempt.refused_after
        claim = live_session(cast.jiang, limit)

        def hand_in(token=token, claim=claim, limit=limit):
            return handing_in.hand_in(token, sheet_from(1, 1, SHEET), claim, limit)

        def sweep(limit=limit):
            return closing.expire(limit + timedelta(microseconds=1))

        found = at_once([sweep, hand_in, sweep, hand_in])
        row = db.session.query(Attempt).filter_by(token=token).one()
        closed = db.session.query(Closing).filter_by(attempt_id=row.id).one()
        assert db.session.query(AttemptMark).filter_by(closing_id=closed.id).count() == 1
        outcomes = {type(one) for one in found if not isinstance(one, int)}
        assert outcomes == ({HandedIn} if row.state == "submitted" else {Closed})
        assert closed.sheet == row.sheet == (SHEET if row.state == "submitted" else "...")
        db.session.rollback()
    assert tallies.faults(exam.id) == {}


def test_the_closed_sheet_is_the_marked_one_whatever_saves_arrive_meanwhile(exam, cast, at_once):
    exam.attempts_allowed = 5
    db.session.commit()
    seen = Counter()
    for turn in range(5):
        now = exam.opens_at + timedelta(hours=2 * turn)
        token = started(exam, cast.jiang, now).token
        claim = live_session(cast.jiang, now)

        def save(thread, token=token, claim=claim, now=now):
            outcomes = []
            for step in range(3):
                body = sheet_from(1, 10 * step + thread, f"{'ABCD'[step]}...")
                outcomes.append(saving.save(token, body, claim, now))
                db.session.commit()
            return outcomes

        def hand_in(token=token, claim=claim, now=now):
            time.sleep(random.Random(token).random() * 0.01)
            return [handing_in.hand_in(token, sheet_from(1, 1000, SHEET), claim, now)]

        found = at_once([lambda n=n: save(n) for n in range(1, 5)] + [hand_in])
        seen.update(type(outcome) for outcomes in found for outcome in outcomes)
        row = db.session.query(Attempt).filter_by(token=token).one()
        closed = db.session.query(Closing).filter_by(attempt_id=row.id).one()
        assert row.sheet == closed.sheet == SHEET
        assert closed.digest == digest(row.token, row.layout_hash, row.sheet)
        last = (
            db.session.query(SheetEvent).filter_by(attempt_id=row.id).order_by(SheetEvent.id.desc()).first()
        )
        assert (last.kind, last.sheet) == ("hand_in", SHEET)
        db.session.rollback()
    assert seen[HandedIn] == 5
    assert seen[Saved] > 0
    assert seen[Saved] + seen[Overtaken] + seen[Closed] == 60


def test_a_hand_in_during_the_switch_of_marking_runs_is_marked_once_in_the_new_one(exam, cast, at_once):
    revision = next(iter(runs.current({exam.id})[exam.id].keys))
    attempts = [started(exam, who, clock.now()) for who in (cast.jiang, cast.luo)]
    change = {revision: Key("single", (frozenset("ABCD"),), "full")}
    run_id = runs.prepare(exam.id, change, actor_id=cast.he, reason="更正", now=clock.now()).id
    now = clock.now()
    pairs = [(a.token, live_session(a.person_id, now)) for a in attempts]
    works = [
        lambda token=token, claim=claim: handing_in.hand_in(token, sheet_from(1, 1, SHEET), claim, now)
        for token, claim in pairs
    ]
    db.session.commit()
    at_once([*works, lambda: runs.activate(run_id, actor_id=cast.zhou)])
    closings = [row.id for row in db.session.query(Closing)]
    marked = [row.closing_id for row in db.session.query(AttemptMark).filter_by(run_id=run_id)]
    assert sorted(marked) == sorted(closings)
    assert len(closings) == 2
    assert tallies.faults(exam.id) == {}


def extension(exam_id, by, actor_id, hours):
    """Work that gives the whole exam an end so many hours later; refused where another gave as late a one."""

    def extend():
        loaded = db.session.get_one(Exam, exam_id)
        unit = db.session.get_one(ExamUnit, (exam_id, 1))
        end = loaded.closes_at + timedelta(hours=hours)
        try:
            return unit_windows.extend(loaded, unit, end, reason="停电", now=by, actor_id=actor_id)
        except Refused as refused:
            return refused.code

    return extend


def test_later_ends_and_hand_ins_at_once_never_wait_in_a_circle(exam, cast, at_once):
    exam.attempts_allowed = 5
    db.session.commit()
    exam_id, now = exam.id, exam.opens_at
    for turn in range(5):
        hand_ins = []
        for person in (cast.jiang, cast.luo):
            token = started(db.session.get_one(Exam, exam_id), person, now).token
            claim = live_session(person, now)
            sheet = sheet_from(1, 1, SHEET)
            hand_ins.append(lambda t=token, c=claim, s=sheet: handing_in.hand_in(t, s, c, now))
        extensions = [extension(exam_id, now, cast.he, 2 * turn + more) for more in (1, 2)]
        found = at_once([*extensions, *hand_ins])
        assert sum(isinstance(one, HandedIn) for one in found) == 2
        assert set(found) - {2, "not_later"} == {one for one in found if isinstance(one, HandedIn)}
    assert tallies.faults(exam_id) == {}


def test_who_opens_while_the_end_is_moved_gets_the_later_end(exam, cast, at_once):
    exam.attempts_allowed = 5
    exam.minutes = 240
    db.session.commit()
    exam_id, now = exam.id, exam.closes_at - timedelta(minutes=1)
    for turn in range(1, 6):
        attempt = starting.start(
            db.session.get_one(Exam, exam_id), candidate_of(exam, cast.jiang), pledge="", now=now
        )
        token, claim = attempt.token, live_session(cast.jiang, now)
        at_once(
            [
                extension(exam_id, now, cast.he, turn / 2),
                lambda t=token, c=claim: opening.open_page(t, OpenBody(), c, now),
            ]
        )
        row = db.session.query(Attempt).filter_by(token=token).one()
        loaded = db.session.get_one(Exam, exam_id)
        assert row.closes_at == loaded.closes_at + timedelta(hours=turn / 2)
        closing.expire(row.refused_after + timedelta(seconds=1))
        db.session.commit()


def test_two_workers_end_an_excuse_once(exam, cast, at_once):
    candidate, until = candidate_of(exam, cast.jiang), exam.opens_at + timedelta(hours=1)
    exceptions.set_status(exam, candidate, "exempt", "驻村", until=until, actor_id=cast.he)
    found = at_once([lambda: excusing.expire(until)] * 4)
    assert sorted(found) == [0, 0, 0, 1]
    told = db.session.query(AuditEvent).filter_by(action="candidate.status", actor_id=None)
    assert told.count() == 1
    assert tallies.faults(exam.id) == {}


def test_two_who_decide_at_once_decide_once(exam, cast, at_once):
    now, candidate = clock.now(), candidate_of(exam, cast.jiang)
    excusing.ask(exam, [candidate.id], "deferred", reason="借调", now=now, actor_id=cast.fang)
    asked = db.session.query(ExcuseRequest).one().id

    def decide(granting):
        try:
            excusing.decide([asked], granting=granting, answer="答复", now=now, actor_id=cast.he)
        except Refused as refused:
            return refused.code
        return granting

    found = at_once([lambda g=granting: decide(g) for granting in (True, False, True, False)])
    assert found.count("barred") == 3
    [won] = [one for one in found if one != "barred"]
    status = db.session.query(Candidate.status).filter_by(person_id=cast.jiang).scalar()
    assert status == ("deferred" if won else "expected")
    assert tallies.faults(exam.id) == {}
