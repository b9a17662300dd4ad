"""Exams, completion and results for programs: equal to the pages, within reach, scores of released exams alone."""

import itertools
from datetime import timedelta

import pytest
from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from werkzeug.exceptions import NotFound

from quizapp import clock
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.people import tree
from quizapp.people.access import Held
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.tree import Place
from quizapp.reports import access, pulling, queries
from tests.pulling import Puller, make_token
from tests.statements import statements

SCOPES = ("completion:read", "results:read")
serial = itertools.count(1)


@pytest.fixture
def released(results, at):
    """The exam's id, once it is over and its results are released."""
    exam = db.session.get_one(Exam, results)
    now = at(exam.closes_at + timedelta(days=2))
    exam.released_at = now
    db.session.commit()
    return results


def test_exams_are_told_with_their_state(client, cast, results):
    [exam] = Puller(client, make_token(cast.office, *SCOPES)).all("/exams")
    assert exam == {
        "id": results,
        "title": "2026年度考试",
        "purpose": "annual",
        "state": "running",
        "unit_code": "QS",
        "makeup_of": None,
        "opens_at": "2026-12-11T00:00:00+08:00",
        "closes_at": "2026-12-26T00:00:00+08:00",
        "released_at": None,
        "pass_points": "60",
        "excellent_points": "90",
    }


def test_drafts_and_exams_of_other_units_are_not_told(client, cast, results):
    other = Unit(code="ELSEWHERE", name="外县", lft=20_000, rgt=20_100)
    db.session.add(other)
    db.session.add(Exam(title="草稿", purpose="unit", unit_id=cast.county, created_at=clock.now()))
    db.session.commit()
    assert [one["id"] for one in Puller(client, make_token(cast.county, *SCOPES)).all("/exams")] == [results]
    away = Puller(client, make_token(other.id, *SCOPES))
    assert away.all("/exams") == []
    for what in ("completion", "results"):
        for number in (results, results + 1, 999_999_999_999):
            reply = away.get(f"/exams/{number}/{what}")
            assert (reply.status_code, reply.json["code"]) == (404, "not_found")


def test_completion_equals_the_page_to_the_last_digit(client, cast, released):
    told = {
        one["unit_code"]: one
        for one in Puller(client, make_token(cast.county, *SCOPES)).all(
            f"/exams/{released}/completion?limit=1"
        )
    }
    assert list(told) == ["QS", "QS-XF", "QS-YL"]
    g.held = [Held("administrator", cast.county, 10_000, 11_000)]
    for code, unit_id in (("QS", cast.county), ("QS-XF", cast.office), ("QS-YL", cast.town)):
        counts, _ = queries.unit_rows(released, access.exam_unit_or_404(released, unit_id))
        one = told[code]
        for name in (
            "listed",
            "exempt",
            "deferred",
            "expected",
            "started",
            "submitted",
            "passed",
            "excellent",
        ):
            assert one[name] == getattr(counts, name), (code, name)
        assert one["missing"] == counts.missing
        for name, words in (
            ("taken_percent", "参考率"),
            ("pass_percent", "合格率"),
            ("expected_pass_percent", "应考合格率"),
            ("excellent_percent", "优秀率"),
        ):
            assert (f"{one[name]}%" if one[name] is not None else "—") == counts.words[words], (code, name)
        assert (one["mean_points"] or "—") == counts.words["平均分"]
    assert told["QS"]["submitted"] == 3
    assert told["QS-YL"]["taken_percent"] is None
    assert [one["parent_code"] for one in told.values()] == [None, "QS", "QS"]


SCORED = ("passed", "excellent", "pass_percent", "expected_pass_percent", "excellent_percent", "mean_points")


def test_who_has_sat_and_what_they_scored_are_two_rights(client, cast, released):
    address = f"/exams/{released}/completion"
    sat = Puller(client, make_token(cast.county, "completion:read"))
    assert not set(SCORED) & set(sat.all(address)[0])
    assert sat.get(f"/exams/{released}/results").json["code"] == "scope_missing"
    scores = Puller(client, make_token(cast.county, "results:read"))
    assert scores.get(address).json["code"] == "scope_missing"
    assert len(scores.all(f"/exams/{released}/results")) == 6


def test_before_the_release_no_score_is_told(client, cast, results):
    puller = Puller(client, make_token(cast.county, *SCOPES))
    reply = puller.get(f"/exams/{results}/results")
    assert (reply.status_code, reply.json["code"]) == (409, "not_released")
    whole = puller.all(f"/exams/{results}/completion")[0]
    assert whole["submitted"] == 3
    assert {whole[name] for name in SCORED} == {None}


def test_results_are_those_of_the_list_of_that_day(client, cast, released):
    jiang = db.session.scalars(select(Membership).where(Membership.person_id == cast.jiang)).one()
    jiang.unit_id = cast.town  # moved since: the result stays with the unit of the day
    db.session.commit()
    told = {
        one["name"]: one
        for one in Puller(client, make_token(cast.county, *SCOPES)).all(f"/exams/{released}/results")
    }
    assert told["江映雪"] == {
        "account": "10000017",
        "name": "江映雪",
        "unit_code": "QS-XF",
        "post": "",
        "category": "公务员",
        "status": "submitted",
        "points": "78.5",
        "passed": True,
        "excellent": False,
        "band": "合格",
        "finished_at": "2026-12-12T10:00:00+08:00",
    }
    assert (told["罗成"]["points"], told["罗成"]["passed"], told["罗成"]["band"]) == ("42.5", False, "")
    assert {name: one["status"] for name, one in told.items()} == {
        "江映雪": "submitted",
        "罗成": "submitted",
        "何平": "submitted",
        "方圆": "exempt",
        "李文": "absent",
        "周明": "deferred",
    }
    assert told["李文"]["points"] is None


def test_results_come_page_by_page_each_person_once(client, cast, released):
    pages = list(Puller(client, make_token(cast.county, *SCOPES)).pages(f"/exams/{released}/results?limit=4"))
    assert [len(page) for page in pages] == [4, 2]
    assert len({one["account"] for page in pages for one in page}) == 6


def test_a_voided_exam_has_no_figures(client, cast, released):
    db.session.execute(update(Exam).where(Exam.id == released).values(state="voided"))
    db.session.commit()
    puller = Puller(client, make_token(cast.county, *SCOPES))
    assert [one["state"] for one in puller.all("/exams")] == ["voided"]
    for what in ("completion", "results"):
        reply = puller.get(f"/exams/{released}/{what}")
        assert (reply.status_code, reply.json["code"]) == (409, "voided")


def test_no_question_key_or_phone_number_is_in_any_reply(client, cast, released):
    """Hazard H37."""
    db.session.get_one(Person, cast.jiang).phone = "13812345678"
    db.session.commit()
    puller = Puller(client, make_token(cast.county, *SCOPES, "units:read", "people:read"))
    addresses = ["/units", "/people", "/exams", f"/exams/{released}/completion", f"/exams/{released}/results"]
    told = "".join(puller.get(address).get_data(as_text=True) for address in addresses)
    assert "78.5" in told
    assert "13812345678" not in told
    for revision in db.session.scalars(select(Revision)):
        assert revision.stem not in told
        assert not revision.explanation or revision.explanation not in told


def test_a_change_gives_another_etag(client, cast, released):
    puller = Puller(client, make_token(cast.county, *SCOPES))
    address = f"/exams/{released}/completion"
    tag = puller.get(address).headers["ETag"]
    assert puller.get(address, **{"If-None-Match": tag}).status_code == 304
    db.session.execute(update(Tally).where(Tally.lft == 10_100).values(submitted=1))
    db.session.commit()
    assert puller.get(address, **{"If-None-Match": tag}).status_code == 200


def test_a_page_costs_the_same_statements_however_long_it_is(client, cast, released):
    puller = Puller(client, make_token(cast.county, *SCOPES))
    puller.get("/exams")
    for what, number in (("", 3), (f"/{released}/completion", 6), (f"/{released}/results", 5)):
        with statements() as short:
            puller.get(f"/exams{what}?limit=1")
        with statements() as long:
            puller.get(f"/exams{what}?limit=1000")
        assert len(short) == len(long) == number


def test_figures_come_from_the_replica_and_the_token_from_the_primary(
    released, cast, database, databases, make_app
):
    db.session.remove()
    db.engine.dispose()
    copy = databases.copy(database)
    try:
        token = make_token(cast.county, *SCOPES)  # the replica has never seen it
        db.session.execute(update(Tally).values(submitted=0))
        db.session.commit()
        for settings_, sat in (({"REPORTS_URL": copy.url}, 3), ({}, 0)):
            puller = Puller(make_app(**settings_).test_client(), token)
            assert puller.all(f"/exams/{released}/completion")[0]["submitted"] == sat
    finally:
        db.session.remove()
        databases.drop(copy)


# Whatever the trees are -------------------------------------------------------------------------------------


@st.composite
def worlds(draw):
    """(parents today, parents at publishing, who has a candidate, the token's unit, the size of a page)."""
    size = draw(st.integers(1, 12))
    parents = st.tuples(*(st.integers(0, max(i - 1, 0)) for i in range(size)))
    units = st.integers(0, size - 1)
    return (
        draw(parents),
        draw(parents),
        draw(st.sets(units, min_size=1)),
        draw(units),
        draw(st.integers(1, 5)),
    )


def numbered(parents):
    return tree.numbering(Place(i, parents[i] if i else None, 0, f"c{i:02d}") for i in range(len(parents)))


def below(parents, top):
    """The unit and everything below it, found by walking."""
    found = {top}
    for unit in range(1, len(parents)):
        if parents[unit] in found:
            found.add(unit)
    return found


def build(world):
    """The exam of a world, released, with a candidate of 50 points in each named unit; and the token's reach."""
    today, then, who, top, _ = world
    here, frozen, run, moment = numbered(today), numbered(then), next(serial), clock.now()
    units = [
        Unit(code=f"W{run}-{i}", name=f"单位{i}", lft=here[i][0] + 1_000_000, rgt=here[i][1] + 1_000_000)
        for i in range(len(today))
    ]
    db.session.add_all(units)
    db.session.flush()
    exam = Exam(title="考试", purpose="unit", unit_id=units[0].id, state="published", created_at=moment)
    exam.published_at = exam.opens_at = moment - timedelta(days=2)
    exam.closes_at = exam.released_at = moment - timedelta(days=1)
    people = [
        Person(account=f"{run:04d}{i:04d}", name=f"人{i}", name_key="ren", created_at=moment) for i in who
    ]
    db.session.add_all([exam, *people])
    db.session.flush()
    for i, unit in enumerate(units):
        lft, rgt = frozen[i]
        parent = units[then[i]].id if i else None
        row = ExamUnit(exam_id=exam.id, lft=lft, rgt=rgt, unit_id=unit.id, parent_id=parent, name=unit.name)
        db.session.add(row)
    for i, person in zip(who, people, strict=True):
        of = {"exam_id": exam.id, "lft": frozen[i][0]}
        counted = {"listed": 1, "expected": 1, "started": 1, "submitted": 1, "points": 500}
        db.session.add(Tally(**of, **counted))
        db.session.add(
            Candidate(**of, person_id=person.id, unit_id=units[i].id, name=person.name, name_key="ren")
        )
    db.session.flush()
    g.held = [Held("administrator", units[top].id, units[top].lft, units[top].rgt)]
    return exam, units


def walk(page, key):
    """All rows, page after page."""
    found = []
    while rows := page(key(found[-1]) if found else 0):
        found += rows
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_a_token_reads_what_stood_below_the_units_that_it_reaches_today(app, world):
    """Hazards H23, H38: each unit and candidate once, sums equal to counting, whatever moved since."""
    today, then, who, top, size = world
    try:
        exam, units = build(world)
        reached = set().union(*(below(then, unit) for unit in below(today, top)))
        where = pulling.reach_or_404(exam.id)
        told = walk(
            lambda after: pulling.units(exam.id, where, released=True, after=after, limit=size),
            lambda unit: unit.lft,
        )
        assert {unit.code: unit.counts.submitted for unit in told} == {
            units[i].code: len(below(then, i) & who) for i in reached
        }
        assert len(told) == len(reached)
        assert {unit.code: unit.parent_code for unit in told} == {
            units[i].code: units[then[i]].code if i and then[i] in reached else None for i in reached
        }
        results = walk(
            lambda after: pulling.results(exam, where, after=after, limit=size),
            lambda one: one.candidate.person_id,
        )
        assert sorted(one.unit_code for one in results) == sorted(units[i].code for i in reached & who)
        assert [one.exam.id for one in pulling.exams(after=0, limit=1000)] == [exam.id]
        g.held = []
        assert pulling.exams(after=0, limit=1000) == []
        with pytest.raises(NotFound):
            pulling.reach_or_404(exam.id)
    finally:
        db.session.rollback()
        g.pop("held", None)
