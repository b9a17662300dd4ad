"""免考 and 缓考: one person asks, another decides, the counters follow, and what has a day ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, excusing, jobs, queries, tallies
from quizapp.exams.models import Candidate, ExcuseRequest
from tests.exams.test_publish import people_of
from tests.statements import statements

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def candidate_of(exam, person_id):
    return db.session.scalar(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
    )


def ids_of(exam):
    return list(db.session.scalars(select(Candidate.id).where(Candidate.exam_id == exam.id)))


def traces(action):
    return [row.detail for row in db.session.scalars(select(AuditEvent).where(AuditEvent.action == action))]


def states():
    return list(db.session.scalars(select(ExcuseRequest.state).order_by(ExcuseRequest.id)))


@pytest.fixture
def ask(published, cast):
    """ask(江): the request of 方 for these people, the exam's fixture unless another is named."""

    def asking(*people, kind="exempt", until=None, exam=published, now=None, **more):
        ids = [candidate_of(exam, person).id for person in people]
        values = {"reason": "产假", "now": now or clock.now(), "actor_id": cast.fang} | more
        excusing.ask(exam, ids, kind, until=until, **values)
        db.session.commit()
        return list(db.session.scalars(select(ExcuseRequest.id).order_by(ExcuseRequest.id)))

    return asking


@pytest.fixture
def decide(cast):
    def deciding(ids, *, granting=True, answer="同意", now=None, actor_id=cast.he):
        excusing.decide(ids, granting=granting, answer=answer, now=now or clock.now(), actor_id=actor_id)
        db.session.commit()

    return deciding


def test_a_granted_request_excuses_and_the_counters_follow(published, cast, ask, decide):
    until = clock.now() + DAY
    ids = ask(cast.jiang, cast.luo, kind="deferred", until=until)
    assert queries.sums(published.id)["expected"] == 6
    decide(ids)
    sums = queries.sums(published.id)
    assert (sums["expected"], sums["deferred"], sums["exempt"]) == (4, 2, 0)
    jiang = candidate_of(published, cast.jiang)
    assert (jiang.status, jiang.excused_until) == ("deferred", until)
    assert tallies.faults(published.id) == {}
    trace = traces("candidate.status")[0]
    assert (trace["before"], trace["after"], trace["reason"]) == ("expected", "deferred", "产假")
    assert trace["asked_by"] == cast.fang


def test_a_refused_request_changes_no_candidate_and_says_why(published, cast, ask, decide):
    ids = ask(cast.jiang)
    with pytest.raises(Refused, match="answer"):
        decide(ids, granting=False, answer="")
    decide(ids, granting=False, answer="材料不全")
    assert states() == ["refused"]
    assert candidate_of(published, cast.jiang).status == "expected"
    assert traces("candidate.excuse_refused")[0]["reason"] == "材料不全"
    ask(cast.jiang)
    assert states() == ["refused", "asked"]


def test_nobody_decides_what_the_same_person_asked_for(cast, ask, decide):
    ids = ask(cast.jiang)
    for granting in (True, False):
        with pytest.raises(Refused, match="same_person"):
            decide(ids, granting=granting, actor_id=cast.fang)
    db.session.rollback()
    assert states() == ["asked"]


def test_who_has_sat_is_neither_asked_for_nor_excused(published, cast, ask, decide):
    ids = ask(cast.jiang)
    for person in (cast.jiang, cast.luo):
        tallies.record_result(
            candidate_of(published, person).id,
            points=700,
            passed=True,
            excellent=False,
            sat=True,
            finished_at=clock.now(),
        )
    db.session.commit()
    with pytest.raises(Refused, match="江映雪已经交卷，没有处理"):
        decide(ids)
    db.session.rollback()
    with pytest.raises(Refused, match="罗成已经交卷，没有提交"):
        ask(cast.luo)
    db.session.rollback()
    decide(ids, granting=False)
    assert states() == ["refused"]


def test_all_that_stands_in_the_way_is_told_at_once_and_nothing_is_asked(published, cast, ask):
    ask(cast.jiang)
    tallies.set_status(candidate_of(published, cast.luo).id, "exempt")
    db.session.commit()
    with pytest.raises(Refused) as refusal:
        ask(cast.jiang, cast.luo, cast.li)
    db.session.rollback()
    assert "江映雪已有待批的申请" in refusal.value.sentence
    assert "罗成已经免考" in refusal.value.sentence
    assert states() == ["asked"]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"reason": " "}, "reason"), ({"until": "now"}, "until"), ({"people": []}, "nobody")],
)
def test_a_request_has_its_limits(cast, ask, given, code):
    moment = clock.now()
    values = {"now": moment} | {name: moment if v == "now" else v for name, v in given.items()}
    people = values.pop("people", [cast.jiang])
    with pytest.raises(Refused) as refusal:
        ask(*people, **values)
    assert refusal.value.code == code


def test_nothing_is_asked_of_a_cancelled_exam_or_once_answers_are_out(published, cast, ask, decide):
    ids = ask(cast.jiang)
    published.released_at = clock.now()
    db.session.commit()
    with pytest.raises(Refused, match="released"):
        ask(cast.luo)
    published.state = "cancelled"
    db.session.commit()
    with pytest.raises(Refused, match="not_published"):
        ask(cast.luo)
    with pytest.raises(Refused, match="not_published"):
        decide(ids)


def test_a_request_is_withdrawn_until_it_is_decided(cast, ask, decide):
    first, second = ask(cast.jiang, cast.luo)
    one, two = (db.session.get(ExcuseRequest, i) for i in (first, second))
    excusing.withdraw(one, now=clock.now(), actor_id=cast.fang)
    decide([second])
    with pytest.raises(Refused, match="decided"):
        excusing.withdraw(two, now=clock.now(), actor_id=cast.fang)
    with pytest.raises(Refused, match="江映雪的申请已经处理或撤回"):
        decide([first])
    db.session.rollback()
    assert states() == ["withdrawn", "granted"]


def test_an_excuse_ends_with_its_day_while_the_exam_runs(published, cast, ask, decide):
    until = published.opens_at + DAY
    decide(ask(cast.jiang, until=until))
    assert excusing.expire(until - SECOND) == 0
    assert excusing.expire(until) == 1
    assert excusing.expire(until) == 0
    db.session.commit()
    jiang = candidate_of(published, cast.jiang)
    assert (jiang.status, jiang.excused_until) == ("expected", None)
    assert queries.sums(published.id)["expected"] == 6
    assert tallies.faults(published.id) == {}
    assert [trace["after"] for trace in traces("candidate.status")] == ["exempt", "expected"]
    assert traces("candidate.status")[1]["reason"] == excusing.EXPIRED


@pytest.mark.parametrize(("personal", "back"), [(None, 0), (2, 1)])
def test_an_excuse_that_outlasts_the_persons_window_stays(published, cast, ask, decide, personal, back):
    end = published.closes_at
    decide(ask(cast.jiang, until=end))
    if personal:
        candidate_of(published, cast.jiang).personal_closes_at = end + personal * DAY
        db.session.commit()
    assert excusing.expire(end) == back


def test_an_excuse_stays_when_the_slot_of_the_unit_is_over(published, cast, ask, decide):
    until = published.opens_at + DAY
    decide(ask(cast.jiang, until=until))
    candidate_of(published, cast.jiang).slot_closes_at = until
    db.session.commit()
    assert excusing.expire(until) == 0


def test_the_minutes_job_brings_everybody_back_batch_by_batch(published, cast, ask, decide, at, monkeypatch):
    monkeypatch.setattr(excusing, "BATCH", 1)
    until = published.opens_at + DAY
    decide(ask(cast.jiang, cast.luo, until=until))
    at(until)
    jobs.bring_back()
    assert queries.sums(published.id)["expected"] == 6
    assert len(traces("candidate.status")) == 4


def test_asking_deciding_and_ending_cost_the_same_for_many(make_exam, cast):
    people_of(cast.office, 40, 30000000)
    exam = make_exam()
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    everybody, costs = ids_of(exam), []
    for some in (everybody[:1], everybody[1:]):
        assert exam.state == "published"  # read anew after the commit, outside of the count
        until = clock.now() + DAY
        with statements() as asked:
            excusing.ask(
                exam, some, "exempt", reason="驻村", until=until, now=clock.now(), actor_id=cast.fang
            )
        ids = list(db.session.scalars(select(ExcuseRequest.id).where(ExcuseRequest.state == "asked")))
        with statements() as decided:
            excusing.decide(ids, granting=True, answer="", now=clock.now(), actor_id=cast.he)
        with statements() as ended:
            assert excusing.expire(until) == len(some)
        costs.append([len(asked), len(decided), len(ended)])
        db.session.commit()
    assert costs[0] == costs[1]
    assert tallies.faults(exam.id) == {}
