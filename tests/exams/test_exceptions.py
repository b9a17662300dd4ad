"""Exceptions after publishing: each has a reason and a trace, none changes the rules for the others."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, exceptions, queries, tallies
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Membership, Person, Unit

hour = timedelta(hours=1)


def candidate_of(exam, person_id):
    return db.session.scalar(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
    )


def traces(action):
    return [row.detail for row in db.session.scalars(select(AuditEvent).where(AuditEvent.action == action))]


def newcomer(unit_id, account="20000014"):
    person = Person(account=account, name="新来者", name_key="xin lai zhe", created_at=clock.now())
    db.session.add(person)
    db.session.flush()
    db.session.add(Membership(person_id=person.id, unit_id=unit_id, since=date(2020, 1, 1), post="科员"))
    db.session.commit()
    return person.id


def test_more_time_for_one_is_recorded_and_told(published, cast, monkeypatch):
    told = []
    monkeypatch.setattr(
        actions,
        "on_extension",
        [lambda exam, chosen, now: told.extend(db.session.scalars(chosen))],
    )
    jiang, end = candidate_of(published, cast.jiang), published.closes_at + hour
    exceptions.grant_time(
        published,
        jiang,
        extra_minutes=20,
        personal_closes_at=end,
        reason="停电",
        now=clock.now(),
        actor_id=cast.he,
    )
    assert (jiang.extra_minutes, jiang.personal_closes_at) == (20, end)
    assert told == [jiang.id]
    assert queries.latest_personal(published.id) == end
    (trace,) = traces("candidate.time")
    assert (trace["before"]["minutes"], trace["after"]["minutes"], trace["reason"]) == (0, 20, "停电")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": ""}, "reason"),
        ({"extra_minutes": 241}, "extra"),
        ({"extra_minutes": -1}, "extra"),
        ({"extra_percent": 201}, "extra"),
        ({"personal_closes_at": "closes"}, "personal_end"),
    ],
)
def test_more_time_has_its_limits(published, cast, given, code):
    values = {"extra_minutes": 5, "personal_closes_at": None, "reason": "停电"} | given
    if values["personal_closes_at"]:
        values["personal_closes_at"] = published.closes_at
    with pytest.raises(Refused) as refusal:
        exceptions.grant_time(
            published, candidate_of(published, cast.jiang), now=clock.now(), actor_id=cast.he, **values
        )
    assert refusal.value.code == code


def test_who_has_sat_the_exam_is_not_exempted(published, cast):
    jiang = candidate_of(published, cast.jiang)
    tallies.record_result(
        jiang.id, points=0, passed=False, excellent=False, sat=True, finished_at=clock.now()
    )
    with pytest.raises(Refused, match="has_sat"):
        exceptions.set_status(published, jiang, "exempt", "产假", actor_id=cast.he)


def test_a_newcomer_is_added_with_the_unit_of_today(published, cast):
    person = newcomer(cast.office)
    added = exceptions.add_candidate(published, "20000014", "新进", clock.now(), actor_id=cast.he)
    assert (added.person_id, added.unit_id, added.post) == (person, cast.office, "科员")
    assert added.lft == candidate_of(published, cast.jiang).lft
    assert queries.sums(published.id)["expected"] == 7
    assert tallies.faults(published.id) == {}
    with pytest.raises(Refused, match="listed"):
        exceptions.add_candidate(published, "20000014", "新进", clock.now(), actor_id=cast.he)


def test_a_newcomers_unit_that_had_nobody_joins_the_frozen_tree(published, cast):
    section = Unit(code="QS-XF-1", name="接访股", parent_id=cast.office, lft=10_120, rgt=10_130)
    db.session.add(section)
    db.session.flush()
    newcomer(section.id)
    added = exceptions.add_candidate(published, "20000014", "新进", clock.now(), actor_id=cast.he)
    frozen = db.session.get(ExamUnit, (published.id, added.lft))
    assert (frozen.unit_id, frozen.parent_id, frozen.name) == (section.id, cast.office, "接访股")
    office = db.session.get(Unit, cast.office)
    assert queries.sums(published.id, (office.lft, office.rgt))["expected"] == 3
    assert tallies.faults(published.id) == {}


def test_a_unit_that_no_longer_fits_is_counted_with_the_one_above(published, cast):
    section = Unit(code="QS-XF-1", name="接访股", parent_id=cast.office, lft=10_520, rgt=10_530)
    db.session.add(section)
    db.session.get(Unit, cast.office).lft, db.session.get(Unit, cast.office).rgt = 10_500, 10_600
    db.session.flush()
    newcomer(section.id)
    added = exceptions.add_candidate(published, "20000014", "新进", clock.now(), actor_id=cast.he)
    assert added.lft == candidate_of(published, cast.jiang).lft
    assert added.unit_id == section.id
    assert tallies.faults(published.id) == {}


def test_nobody_from_elsewhere_is_added(make_exam, cast):
    exam = make_exam(unit=cast.office)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    for login in ("10000066", "99999999"):  # 方 of the town; nobody
        with pytest.raises(Refused, match="unknown_person"):
            exceptions.add_candidate(exam, login, "新进", clock.now(), actor_id=cast.he)


def test_nobody_is_added_after_the_end(published, cast):
    newcomer(cast.office)
    with pytest.raises(Refused, match="over"):
        exceptions.add_candidate(published, "20000014", "新进", published.closes_at, actor_id=cast.he)


def test_answers_wait_for_the_last_candidate(published, cast):
    jiang = candidate_of(published, cast.jiang)
    jiang.personal_closes_at = published.closes_at + hour
    db.session.commit()
    grace = timedelta(seconds=published.grace_s)
    for moment in (published.closes_at + timedelta(minutes=30), published.closes_at + hour + grace):
        with pytest.raises(Refused, match="running"):
            actions.release(published, moment, actor_id=cast.he)
    moment = published.closes_at + hour + grace + timedelta(seconds=1)
    actions.release(published, moment, actor_id=cast.he)
    assert published.released_at == moment
    with pytest.raises(Refused, match="released"):
        actions.release(published, moment, actor_id=cast.he)


def test_an_exam_is_cancelled_before_its_end_only(published, make_exam, cast):
    with pytest.raises(Refused, match="too_late_to_cancel"):
        actions.cancel(published, "试题有误", published.closes_at, actor_id=cast.he)
    with pytest.raises(Refused, match="reason"):
        actions.cancel(published, "", published.opens_at, actor_id=cast.he)
    actions.cancel(published, "试题有误", published.opens_at, actor_id=cast.he)
    assert published.state == "cancelled"
    assert traces("exam.cancelled")[0]["state"] == "running"
    with pytest.raises(Refused, match="not_published"):
        actions.release(published, published.closes_at + hour, actor_id=cast.he)
    draft = make_exam()
    actions.cancel(draft, "不再需要", clock.now(), actor_id=cast.he)
    assert db.session.get(Exam, draft.id).state == "cancelled"
