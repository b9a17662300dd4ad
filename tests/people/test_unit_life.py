"""Whatever becomes of units: the tree stays whole, everybody has one home, reach is what walking finds."""

import itertools
from datetime import date

from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from quizapp import clock
from quizapp.db import db
from quizapp.people import access, actions, queries
from quizapp.people.access import Held
from quizapp.people.actions import NewPerson, NewUnit
from quizapp.people.models import Grant, Membership, Unit, UnitEvent
from tests.people.lives import Model, second, steps

serial = itertools.count(1)
places = st.integers(0, 6)


@st.composite
def worlds(draw):
    """(parents, home of each person, who is lent where, grants as (person, unit), what is done)."""
    size = draw(st.integers(2, 7))
    parents = [draw(st.integers(0, max(i - 1, 0))) for i in range(size)]
    homes = draw(st.lists(places, min_size=1, max_size=6))
    lent = draw(st.lists(st.tuples(places, places), max_size=3, unique=True))
    grants = draw(st.lists(st.tuples(places, places), max_size=4, unique=True))
    return parents, homes, lent, grants, draw(st.lists(steps, min_size=1, max_size=10))


def build(parents, homes, lent, grants):
    run = next(serial)
    codes = [f"W{run}-{i}" for i in range(len(parents))]
    new = [
        NewUnit(codes[i], f"单位{i}", codes[parents[i]] if i else None, sort=i % 3)
        for i in range(len(parents))
    ]
    ids = actions.add_units(new, clock.now())
    units = [ids[code] for code in codes]
    homes = [units[home % len(units)] for home in homes]
    since = date(2024, 1, 1)
    people = actions.add_people(
        [NewPerson(f"人{i}", home, since=since) for i, home in enumerate(homes)], clock.now()
    )
    model = Model(
        {unit: units[parents[i]] if i else None for i, unit in enumerate(units)},
        {unit: f"单位{i}" for i, unit in enumerate(units)},
        dict(zip(people, homes, strict=True)),
    )
    model.lent = {(people[p % len(people)], units[u % len(units)]) for p, u in lent} - set(model.home.items())
    for person, unit in sorted(model.lent):
        second(person, unit)
    for person, unit in {(people[p % len(people)], units[u % len(units)]) for p, u in grants}:
        db.session.add(Grant(person_id=person, role="leader", unit_id=unit, granted_at=clock.now()))
        model.grants.setdefault(unit, set()).add(person)
    db.session.flush()
    return model


def check(model):
    units = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(model.parents)))}
    today = clock.today()
    for i, unit in units.items():
        assert (unit.parent_id, unit.name) == (model.parents[i], model.names[i])
        assert (unit.closed_on is not None) is (i in model.closed)
        inside = {j for j, other in units.items() if unit.lft <= other.lft <= unit.rgt}
        assert inside == model.below(i)
        assert all(unit.lft <= units[j].lft < units[j].rgt <= unit.rgt for j in inside)
        assert i not in model.closed or inside <= model.closed, "below a closed unit nothing is open"
        members = queries.members([(unit.lft, unit.rgt)], today)
        assert len(members) == len({row.person_id for row in members})
        assert {row.person_id: row.unit_id for row in members} == {
            person: model.home[person] for person in model.people_below(i)
        }
    for person in model.home:
        g.held = [
            Held("leader", u, units[u].lft, units[u].rgt) for u in model.grants if person in model.grants[u]
        ]
        reached = db.session.scalars(
            select(Unit.id).where(access.within(Unit.lft, "leader"), Unit.id.in_(units))
        )
        wanted = [model.below(held.unit_id) for held in g.held]
        assert set(reached) == set().union(*wanted)


def grants_held(model):
    rows = db.session.execute(select(Grant.unit_id, Grant.person_id).where(Grant.unit_id.in_(model.parents)))
    found: dict[int, set[int]] = {}
    for unit, person in rows:
        found.setdefault(unit, set()).add(person)
    return found


def lent(model):
    """(person, unit) of the memberships beside the main ones that stand today."""
    rows = db.session.execute(
        select(Membership.person_id, Membership.unit_id).where(
            ~Membership.main, queries.current(clock.today()), Membership.person_id.in_(model.home)
        )
    )
    return sorted(tuple(row) for row in rows)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_tree_homes_and_reach_are_what_walking_finds_after_any_history(app, world):
    *start, history = world
    try:
        model = build(*start)
        for step in history:
            model.take(step)
            check(model)
        assert grants_held(model) == model.grants
        assert lent(model) == sorted(model.lent)
        mains = db.session.execute(
            select(Membership.person_id, func.count())
            .where(Membership.main, queries.current(clock.today()), Membership.person_id.in_(model.home))
            .group_by(Membership.person_id)
        ).all()
        assert dict(mains) == dict.fromkeys(model.home, 1)
        kinds = select(UnitEvent.kind).where(UnitEvent.unit_id.in_(model.parents)).order_by(UnitEvent.id)
        assert list(db.session.scalars(kinds)) == model.done
    finally:
        db.session.rollback()
