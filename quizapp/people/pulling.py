"""What programs read of units and people: rows ordered by a key that never changes. A function is one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import Interval, current, inside


@dataclass(frozen=True)
class UnitEntry:
    """A unit; parent_code: none where the unit above is out of reach."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    sort: int
    closed_on: date | None
    parent_code: str | None


def units(intervals: Sequence[Interval], *, after: int, limit: int) -> list[UnitEntry]:
    """The units of these intervals, closed ones too, by id."""
    above = aliased(Unit)
    rows = db.session.execute(
        select(
            *(Unit.id, Unit.code, Unit.name, Unit.short_name, Unit.kind, Unit.sort, Unit.closed_on),
            above.code,
        )
        .outerjoin(above, and_(above.id == Unit.parent_id, inside(above.lft, intervals)))
        .where(inside(Unit.lft, intervals), Unit.id > after)
        .order_by(Unit.id)
        .limit(limit)
    )
    return [UnitEntry(*row) for row in rows]


@dataclass(frozen=True)
class PersonEntry:
    """A person and the membership by which the person is counted."""

    person: Person
    membership: Membership
    unit_code: str


def people(intervals: Sequence[Interval], day: date, *, after: int, limit: int) -> list[PersonEntry]:
    """Who is counted in these units on a day, disabled accounts too, by id."""
    rows = db.session.execute(
        select(Person, Membership, Unit.code)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, current(day), inside(Unit.lft, intervals), Person.id > after)
        .order_by(Person.id)
        .limit(limit)
    )
    return [PersonEntry(*row) for row in rows]
