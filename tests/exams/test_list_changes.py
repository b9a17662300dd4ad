"""Hazard H23: a frozen list changes by nothing but what an administrator ticks in a difference that still holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, inviting, queries, roster_changes, slotting, tallies
from quizapp.exams.list_changes import Frozen, Today, difference
from quizapp.exams.models import Candidate, ExamUnit, Tally
from quizapp.people.models import Membership, Person, Unit
from tests.exams.test_exceptions import newcomer
from tests.exams.test_pages import people_of
from tests.statements import statements

persons = st.integers(1, 12)
rosters = st.dictionaries(
    persons, st.tuples(st.sampled_from("甲乙"), st.sampled_from([None, 1, 2]), st.booleans(), st.booleans())
)
lists = st.dictionaries(persons, st.tuples(st.sampled_from("甲乙"), st.integers(1, 2)))


def both(listed, roster):
    frozen = [Frozen(100 + p, p, name, unit, f"单位{unit}") for p, (name, unit) in listed.items()]
    today = {
        p: Today(
            p,
            name,
            f"{p:08d}",
            unit,
            f"单位{unit}",
            belongs and unit is not None,
            elsewhere and unit is not None,
        )
        for p, (name, unit, belongs, elsewhere) in roster.items()
    }
    for p, (name, _) in listed.items():
        today.setdefault(p, Today(p, name, f"{p:08d}", None, "", False))
    return frozen, today


@given(lists, rosters)
def test_every_line_of_a_difference_is_one_and_nothing_is_missing(listed, roster):
    frozen, today = both(listed, roster)
    found = difference(frozen, today)
    assert {c.person_id for c in found.added} == {p for p in today if today[p].belongs and p not in listed}
    here = {p for p in listed if today[p].unit_id is not None and not today[p].elsewhere}
    assert {c.person_id for c in found.gone} == set(listed) - here
    assert {c.person_id for c in found.moved} == {p for p in here if today[p].unit_id != listed[p][1]}
    assert {c.person_id for c in found.renamed} == {p for p in listed if today[p].name != listed[p][0]}
    assert {c.candidate_id for c in found.gone} == {100 + p for p in set(listed) - here}


@given(lists, rosters, persons)
def test_the_digest_tells_a_grown_list_and_another_newcomer(listed, roster, person):
    frozen, today = both(listed, roster)
    before = difference(frozen, today)
    longer = {**listed, person: ("甲", 1)}
    assert (difference(*both(longer, roster)).digest == before.digest) == (person in listed)
    fewer = difference(frozen, {p: one for p, one in today.items() if p in listed})
    assert (fewer.digest == before.digest) == (not before.added)


# In the tables --------------------------------------------------------------------------------------------------


def frozen_rows(exam):
    """Everything that a report of the exam is made of."""
    candidates = db.session.execute(
        select(Candidate.person_id, Candidate.unit_id, Candidate.lft, Candidate.name, Candidate.status)
        .where(Candidate.exam_id == exam.id)
        .order_by(Candidate.id)
    ).all()
    units = db.session.execute(
        select(ExamUnit.unit_id, ExamUnit.name, ExamUnit.lft, ExamUnit.rgt).where(ExamUnit.exam_id == exam.id)
    ).all()
    counters = db.session.execute(select(Tally.lft, Tally.listed).where(Tally.exam_id == exam.id)).all()
    return candidates, sorted(units), sorted(counters)


def moved(person_id, unit_id):
    """A transfer on this day."""
    db.session.execute(
        update(Membership)
        .where(Membership.person_id == person_id)
        .values(until=clock.today() - timedelta(days=1))
    )
    db.session.add(Membership(person_id=person_id, unit_id=unit_id, since=clock.today(), category="公务员"))
    db.session.flush()


def test_transfers_mergers_renames_and_retirements_change_nothing(published, cast):
    before = frozen_rows(published)
    moved(cast.jiang, cast.town)
    newcomer(cast.office)
    db.session.execute(update(Person).where(Person.id == cast.luo).values(name="罗诚"))
    db.session.execute(
        update(Membership).where(Membership.person_id == cast.fang).values(until=date(2026, 1, 1))
    )
    db.session.execute(
        update(Unit).where(Unit.id == cast.town).values(name="云岭街道", lft=10_110, rgt=10_120)
    )
    db.session.flush()
    assert frozen_rows(published) == before
    found = roster_changes.changes(published, clock.today())
    assert [(c.name, c.now) for c in found.added] == [("新来者", "县信访局")]
    assert [(c.name, c.then, c.now) for c in found.moved] == [("江映雪", "县信访局", "云岭街道")]
    assert [(c.name, c.then) for c in found.gone] == [("方圆", "云岭镇")]
    assert [(c.name_then, c.name) for c in found.renamed] == [("罗成", "罗诚")]


def test_what_is_ticked_is_added_with_counters_and_a_trace(published, cast):
    first, second = newcomer(cast.office), newcomer(cast.town, "20000022")
    found = roster_changes.changes(published, clock.today())
    before = queries.sums(published.id)
    done = roster_changes.apply(published, [first], found.digest, "新录用", clock.now(), actor_id=cast.he)
    db.session.flush()
    assert done == 1
    on_it = db.session.scalars(select(Candidate.person_id).where(Candidate.exam_id == published.id)).all()
    assert first in on_it
    assert second not in on_it
    assert queries.sums(published.id)["expected"] == before["expected"] + 1
    assert tallies.faults(published.id) == {}
    (trace,) = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "candidate.added"))
    assert trace == {"exam_id": published.id, "reason": "新录用"}


def test_people_of_units_that_are_new_get_a_place_in_the_frozen_tree(published, cast):
    office = db.session.get_one(Unit, cast.office)
    db.session.get_one(Unit, cast.county).rgt = 20_000
    new = Unit(code="NEW", name="督查室", parent_id=cast.office, lft=office.lft + 10, rgt=office.lft + 20)
    other = Unit(code="NEW2", name="新设局", parent_id=cast.county, lft=15_000, rgt=15_100)
    db.session.add_all([new, other])
    db.session.flush()
    people = [newcomer(new.id), newcomer(new.id, "20000022"), newcomer(other.id, "20000030")]
    found = roster_changes.changes(published, clock.today())
    roster_changes.apply(published, people, found.digest, "机构改革", clock.now(), actor_id=cast.he)
    db.session.flush()
    units = {unit.unit_id: unit for unit in queries.frozen_units(published.id)}
    assert (units[new.id].parent_id, units[new.id].name) == (cast.office, "督查室")
    assert other.id not in units  # lies beyond the interval that was frozen: counted with the county
    counted = dict(
        db.session.execute(select(Tally.lft, Tally.listed).where(Tally.exam_id == published.id)).all()
    )
    assert (counted[new.lft], counted[units[cast.county].lft]) == (2, 4)
    assert tallies.faults(published.id) == {}


def test_newcomers_have_the_slot_of_their_unit(make_exam, cast):
    exam = make_exam()
    span = (exam.opens_at + timedelta(hours=1), exam.opens_at + timedelta(hours=4))
    slotting.give(exam, db.session.get_one(Unit, cast.office), *span, clock.now(), actor_id=cast.he)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    late, elsewhere = newcomer(cast.office), newcomer(cast.town, "20000022")
    found = roster_changes.changes(exam, clock.today())
    roster_changes.apply(exam, [late, elsewhere], found.digest, "新录用", clock.now(), actor_id=cast.he)
    db.session.flush()
    slots = {
        one.person_id: (one.slot_opens_at, one.slot_closes_at)
        for one in db.session.scalars(select(Candidate).where(Candidate.person_id.in_([late, elsewhere])))
    }
    assert slots == {late: span, elsewhere: (None, None)}


@pytest.mark.parametrize("change", ["list", "roster", "transfer", "not offered"])
def test_a_difference_that_holds_no_longer_is_refused(published, cast, change):
    first = newcomer(cast.office)
    found = roster_changes.changes(published, clock.today())
    wanted = [first]
    if change == "list":
        roster_changes.apply(published, [first], found.digest, "新录用", clock.now(), actor_id=cast.he)
    elif change == "roster":
        newcomer(cast.town, "20000022")
    elif change == "transfer":
        moved(first, cast.town)
    else:
        wanted = [cast.jiang]
    db.session.flush()
    before = frozen_rows(published)
    with pytest.raises(Refused) as refusal:
        roster_changes.apply(published, wanted, found.digest, "新录用", clock.now(), actor_id=cast.he)
    assert refusal.value.code == "stale"
    assert "没有增加任何人" in refusal.value.sentence
    assert frozen_rows(published) == before


def test_names_count_in_the_difference_as_they_do_in_publishing(make_exam, cast):
    exam = make_exam(audience=[(cast.office, True)])
    inviting.name(exam, [cast.luo], out=True, day=clock.today(), actor_id=cast.he)
    inviting.leave_out(exam, [(cast.town, True)], actor_id=cast.he)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    newcomer(cast.town)
    late = newcomer(cast.office, "20000022")
    found = roster_changes.changes(exam, clock.today())
    assert [change.person_id for change in found.added] == [late]


def test_after_the_end_nobody_is_added(published, cast, at):
    person = newcomer(cast.office)
    found = roster_changes.changes(published, clock.today())
    at(published.closes_at)
    with pytest.raises(Refused) as refusal:
        roster_changes.apply(published, [person], found.digest, "新录用", clock.now(), actor_id=cast.he)
    assert refusal.value.code == "over"


def test_adding_costs_the_same_for_few_and_many(published, cast):
    costs = []
    for count, start in ((1, 30_000_000), (150, 31_000_000)):
        people_of(cast.town, count, start)
        db.session.expire_all()
        with statements() as looking:
            found = roster_changes.changes(published, clock.today())
        ids = [change.person_id for change in found.added]
        assert len(ids) == count
        with statements() as seen:
            roster_changes.apply(published, ids, found.digest, "新录用", clock.now(), actor_id=cast.he)
            db.session.flush()
        db.session.commit()
        costs.append((len(looking), len(seen)))
    assert costs[0] == costs[1]


# The page -------------------------------------------------------------------------------------------------------


def test_the_page_shows_every_change_before_it_is_applied(as_he, published, cast):
    person = newcomer(cast.office)
    page = as_he.page(f"/exams/{published.id}/candidates").follow("名册变动")
    assert "新来者" in page.text
    assert page.form("加入考生名单").values.getlist("person") == [str(person)]
    page = page.press("加入考生名单", reason="新录用人员")
    assert "已将1人加入考生名单" in page.text
    assert "没有变动" in page.text


def test_a_page_that_lay_open_too_long_adds_nobody(as_he, published, cast):
    newcomer(cast.office)
    page = as_he.page(f"/exams/{published.id}/list-changes")
    newcomer(cast.town, "20000022")
    page = page.press("加入考生名单", reason="新录用人员")
    assert page.status == 409
    assert "没有增加任何人" in page.text
