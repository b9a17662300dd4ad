"""What people decide while others sit the exam, at once, on real connections. See also tests/faults/test_races.py."""

from datetime import timedelta

from quizapp import clock
from quizapp.attempts import closing, handing_in, opening, starting
from quizapp.attempts.models import Attempt
from quizapp.attempts.outcomes import HandedIn
from quizapp.attempts.protocol import OpenBody, sheet_from
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import exceptions, excusing, tallies, unit_windows
from quizapp.exams.models import Candidate, Exam, ExamUnit, ExcuseRequest
from tests.attempts.conftest import candidate_of, live_session, started

SHEET = "A.B.AC.A"


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
