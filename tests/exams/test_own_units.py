"""Whatever the tree is today and was at publishing: a unit administrator sees exactly the candidates in reach."""

import itertools
from datetime import timedelta

import pytest
from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from quizapp import clock
from quizapp.db import db
from quizapp.exams import access, duty, excuse_queries
from quizapp.exams.models import Candidate, Exam, ExamDuty, ExamUnit, ExcuseRequest
from quizapp.people import tree
from quizapp.people.access import Held
from quizapp.people.models import Person, Unit
from quizapp.people.tree import Place

serial = itertools.count(1)


@st.composite
def worlds(draw):
    """(parents today, parents at publishing, who has a candidate, granted units with roles); units are 0…size-1."""
    size = draw(st.integers(1, 12))
    parents = st.tuples(*(st.integers(0, max(i - 1, 0)) for i in range(size)))
    units = st.integers(0, size - 1)
    role = st.sampled_from(["unit_administrator", "leader", "administrator", "exam_administrator"])
    return (
        draw(parents),
        draw(parents),
        draw(st.sets(units, min_size=1)),
        draw(st.lists(st.tuples(units, role), max_size=3)),
    )


def intervals(parents):
    return tree.numbering(Place(i, parents[i] if i else None, 0, f"c{i:02d}") for i in range(len(parents)))


def below(parents, top):
    """The unit and everything below it, found by walking."""
    found = {top}
    for unit in range(len(parents)):
        if unit and parents[unit] in found:
            found.add(unit)
    return found


def build(world):
    """The exam; candidate of each unit; asked requests; and the grants as the request holds them."""
    today, then, who, grants = world
    here, frozen, run = intervals(today), intervals(then), next(serial)
    units = [
        Unit(code=f"T{run}-{i}", name=f"单位{i}", lft=here[i][0] + 1_000_000, rgt=here[i][1] + 1_000_000)
        for i in range(len(today))
    ]
    db.session.add_all(units)
    db.session.flush()
    moment = clock.now()
    exam = Exam(
        title="考试", purpose="unit", unit_id=units[0].id, state="published", created_at=moment, minutes=60
    )
    exam.published_at, exam.opens_at, exam.closes_at = moment, moment, moment + timedelta(days=1)
    people = [
        Person(account=f"{run:04d}{i:04d}", name=f"人{i}", name_key=f"ren {i}", created_at=moment)
        for i in who
    ]
    db.session.add_all([exam, *people])
    db.session.flush()
    for i, unit in enumerate(units):
        lft, rgt = frozen[i]
        db.session.add(ExamUnit(exam_id=exam.id, lft=lft, rgt=rgt, unit_id=unit.id, name=unit.name))
    candidates = {
        i: Candidate(
            exam_id=exam.id,
            person_id=person.id,
            unit_id=units[i].id,
            lft=frozen[i][0],
            name=person.name,
            name_key=person.name_key,
        )
        for i, person in zip(who, people, strict=True)
    }
    db.session.add_all(candidates.values())
    db.session.flush()
    db.session.add_all(
        [
            ExcuseRequest(candidate_id=one.id, kind="exempt", reason="驻村", asked_at=moment)
            for one in candidates.values()
        ]
    )
    db.session.flush()
    g.held = [Held(role, units[i].id, units[i].lft, units[i].rgt) for i, role in grants]
    return exam, candidates


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_a_unit_administrator_sees_exactly_the_candidates_in_reach(app, world):
    """Hazard H38, for lists, requests, ticks and single requests alike; by where a unit stands today."""
    today, _, who, grants = world
    try:
        exam, candidates = build(world)
        reached = {i for unit, role in grants if role == "unit_administrator" for i in below(today, unit)}
        expected = {candidates[i].id for i in who & reached}
        rows, total = excuse_queries.own_candidates(exam, clock.now())
        assert {row.candidate.id for row in rows} == expected
        assert total == len(expected)
        requests, number = excuse_queries.own_requests()
        assert {row.candidate.id for row in requests} == expected
        assert number == len(expected)
        everybody = [one.id for one in candidates.values()]
        assert set(excuse_queries.own_ids(exam.id, everybody)) == expected
        numbers = {one.id: (people, waiting) for one, people, waiting in excuse_queries.exams_of_own_units()}
        assert numbers == ({exam.id: (len(expected),) * 2} if expected else {})
        for asked in db.session.query(ExcuseRequest):
            found = excuse_queries.own_request(asked.id)
            assert (found is not None) is (asked.candidate_id in expected)
        if reached:
            assert access.exam_of_own_units_or_404(exam.id) is exam
        else:
            with pytest.raises(NotFound):
                access.exam_of_own_units_or_404(exam.id)
    finally:
        db.session.rollback()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_the_queue_shows_the_requests_of_exams_held_in_reach_and_no_others(app, world):
    today, _, _, grants = world
    try:
        exam, candidates = build(world)
        roles = ("administrator", "exam_administrator")
        holds = any(0 in below(today, unit) for unit, role in grants if role in roles)
        rows, _ = excuse_queries.queue(state="asked")
        assert {row.candidate.id for row in rows} == ({c.id for c in candidates.values()} if holds else set())
        asked = [one.id for one in db.session.query(ExcuseRequest)]
        assert set(excuse_queries.decidable(asked)) == (set(asked) if holds else set())
        assert excuse_queries.queue_numbers(exam.id) == ({"asked": len(candidates)} if holds else {})
    finally:
        db.session.rollback()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_whoever_is_on_duty_finds_the_candidates_of_that_exam_and_no_others(app, world):
    try:
        exam, candidates = build(world)
        other, _ = build(world)
        someone = next(iter(candidates.values()))
        db.session.add(ExamDuty(exam_id=exam.id, person_id=someone.person_id, phone="12345"))
        db.session.flush()
        assert duty.exams_of(someone.person_id, clock.now()) == [exam]
        assert {row.candidate.exam_id for row in duty.candidates(exam, "人")} == {exam.id}
        assert duty.candidates(exam, " ") == []
        assert other.id != exam.id
    finally:
        db.session.rollback()
