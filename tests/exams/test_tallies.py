"""The counters always say what the candidates say, whatever comes in whatever order."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import delete, event, select

from quizapp import clock, together
from quizapp.db import db
from quizapp.exams import actions, exceptions, queries, tallies
from quizapp.exams.counting import Standing, contribution
from quizapp.exams.models import Candidate, Tally
from quizapp.exams.tallies import Result
from quizapp.people.models import Unit


def ids(exam):
    return list(
        db.session.scalars(select(Candidate.id).where(Candidate.exam_id == exam.id).order_by(Candidate.id))
    )


def result(candidate_id, points, *, sat=True, **more):
    values = {"passed": points >= 600, "excellent": points >= 900, "finished_at": clock.now()}
    return Result(candidate_id, points, sat=sat, **values | more)


def start(candidate_id):
    """This candidate opens the exam."""
    together.write(*tallies.start_of(db.session.get_one(Candidate, candidate_id)))


def test_a_result_moves_the_counters_of_its_own_unit_only(published, cast):
    jiang = db.session.scalar(
        select(Candidate).where(Candidate.exam_id == published.id, Candidate.person_id == cast.jiang)
    )
    start(jiang.id)
    start(jiang.id)
    tallies.record_result(
        jiang.id, points=955, passed=True, excellent=True, sat=True, finished_at=clock.now()
    )
    assert (jiang.started, jiang.sat, jiang.points) == (True, True, 955)
    office, town = db.session.get(Unit, cast.office), db.session.get(Unit, cast.town)
    assert queries.sums(published.id, (office.lft, office.rgt)) == {
        "listed": 2,
        "exempt": 0,
        "deferred": 0,
        "expected": 2,
        "started": 1,
        "submitted": 1,
        "passed": 1,
        "excellent": 1,
        "points": 955,
    }
    assert queries.sums(published.id, (town.lft, town.rgt))["submitted"] == 0
    assert tallies.faults(published.id) == {}


def test_opened_and_never_answered_is_started_and_not_sat(published):
    one = ids(published)[0]
    tallies.record_results([result(one, 0, sat=False)])
    sums = queries.sums(published.id)
    assert (sums["started"], sums["submitted"], sums["points"]) == (1, 0, 0)
    assert db.session.get(Candidate, one).points is None


@pytest.mark.parametrize(("rule", "points", "excellent"), [("best", 900, 1), ("last", 700, 0)])
def test_one_of_several_attempts_counts(make_exam, cast, rule, points, excellent):
    exam = make_exam(attempts_allowed=3, counts=rule)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    one = ids(exam)[0]
    for earned in (650, 900, 700):
        tallies.record_results([result(one, earned)])
    tallies.record_results([result(one, 0, sat=False)])
    sums = queries.sums(exam.id)
    assert (sums["submitted"], sums["points"], sums["excellent"]) == (1, points, excellent)
    assert tallies.faults(exam.id) == {}


def test_exempting_takes_a_candidate_out_of_the_expected_and_back(published, cast):
    one, two = (db.session.get(Candidate, i) for i in ids(published)[:2])
    start(one.id)
    exceptions.set_status(published, one, "exempt", "产假", actor_id=cast.he)
    exceptions.set_status(published, two, "deferred", "住院", actor_id=cast.he)
    sums = queries.sums(published.id)
    assert [sums[name] for name in ("listed", "expected", "exempt", "deferred", "started")] == [6, 4, 1, 1, 0]
    exceptions.set_status(published, one, "expected", "本人申请参加", actor_id=cast.he)
    sums = queries.sums(published.id)
    assert [sums[name] for name in ("expected", "exempt", "started")] == [5, 0, 1]
    assert tallies.faults(published.id) == {}


def test_any_history_leaves_counters_that_agree_with_the_candidates(published, cast):
    chance, everybody = random.Random("history"), ids(published)
    for _ in range(60):
        one = db.session.get(Candidate, chance.choice(everybody))
        step = chance.randrange(3)
        if step == 0:
            start(one.id)
        elif step == 1:
            tallies.record_results([result(one.id, chance.randrange(1001), sat=chance.random() < 0.8)])
        elif not one.sat:
            exceptions.set_status(
                published, one, chance.choice(["exempt", "deferred", "expected"]), "原因", actor_id=cast.he
            )
    assert tallies.faults(published.id) == {}
    sums = queries.sums(published.id)
    assert sums["expected"] == sums["listed"] - sums["exempt"] - sums["deferred"]


def test_a_counter_that_was_tampered_with_is_found(published):
    lft = db.session.scalars(select(Candidate.lft)).first()
    tallies.change(published.id, {lft: {"passed": 2}})
    assert tallies.faults(published.id) == {lft: {"passed": (2, 0)}}


def test_many_results_cost_as_many_statements_as_one(published):
    everybody = ids(published)

    def cost(some):
        seen = []

        def one_more(_connection, _cursor, statement, *_rest):
            seen.append(statement.split()[0])

        event.listen(db.engine, "before_cursor_execute", one_more)
        tallies.record_results([result(i, 700) for i in some])
        event.remove(db.engine, "before_cursor_execute", one_more)
        return seen

    assert cost(everybody[:1]) == cost(everybody[1:]) == ["SELECT", "UPDATE", "UPDATE"]
    assert queries.sums(published.id)["submitted"] == 6


def test_status_words_are_the_same_on_one_candidate_and_in_the_list(published, at):
    everybody = ids(published)
    start(everybody[0])
    tallies.record_results([result(everybody[1], 800), result(everybody[2], 0, sat=False)])
    tallies.set_status(everybody[3], "exempt")
    tallies.set_status(everybody[4], "deferred")
    late = db.session.get(Candidate, everybody[5])
    late.personal_closes_at = published.closes_at + timedelta(hours=1)
    db.session.commit()
    for moment in (
        published.opens_at,
        published.closes_at - timedelta(seconds=1),
        published.closes_at,
        published.closes_at + timedelta(hours=1),
    ):
        rows, total = queries.candidates(published, moment)
        counted = {name: sum(row.status == name for row in rows) for name in queries.STATUSES}
        assert queries.numbers(published, moment) == counted
        assert total == 6
        for name in queries.STATUSES:
            found, number = queries.candidates(published, moment, status=name)
            assert {row.candidate.id for row in found} == {r.candidate.id for r in rows if r.status == name}
            assert number == counted[name]
    assert queries.numbers(published, published.closes_at)["缺考"] == 2
    assert queries.numbers(published, published.closes_at + timedelta(hours=1))["缺考"] == 3


@pytest.mark.parametrize("status", ["expected", "exempt", "deferred"])
@pytest.mark.parametrize(("started", "sat"), [(False, False), (True, False), (True, True)])
def test_the_database_counts_a_candidate_as_the_rule_does(published, status, started, sat):
    one = db.session.get_one(Candidate, ids(published)[0])
    one.status, one.started, one.sat = status, started, sat
    one.points, one.passed, one.excellent = (955, True, True) if sat else (None, False, False)
    db.session.flush()
    standing = Standing(status, started, sat, one.points, one.passed, one.excellent)
    counts = tallies.counted()
    row = db.session.execute(select(*counts.values()).where(Candidate.id == one.id)).one()
    assert dict(zip(counts, row, strict=True)) == contribution(standing)


def test_counters_begun_from_candidates_have_no_fault(published):
    tallies.record_results([result(one, 650) for one in ids(published)[:2]])
    db.session.execute(delete(Tally).where(Tally.exam_id == published.id))
    assert tallies.faults(published.id) != {}
    tallies.begin(published.id)
    assert tallies.faults(published.id) == {}
