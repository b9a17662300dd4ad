"""What the life of units reads. A function is one statement, or says how many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.db import db
from quizapp.people import tree
from quizapp.people.models import ROLES, Grant, Membership, Person, Unit, UnitContact, UnitEvent
from quizapp.people.queries import current, former_names, in_order, inside
from quizapp.people.unit_changes import Standing
from quizapp.people.unit_transfers import Stay


def standings(unit_ids: Iterable[int]) -> dict[int, Standing]:
    """The units as the rules see them, by id."""
    last = (
        select(func.max(UnitEvent.day))
        .where(or_(UnitEvent.unit_id == Unit.id, UnitEvent.other_id == Unit.id))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            *(Unit.id, Unit.parent_id, Unit.name, Unit.short_name, Unit.lft, Unit.rgt, Unit.closed_on), last
        ).where(Unit.id.in_(list(unit_ids)))
    )
    return {row.id: Standing(*row) for row in rows}


def names_below(parent_id: int | None) -> dict[int, str]:
    """The open units directly below a unit: id: name."""
    rows = db.session.execute(
        select(Unit.id, Unit.name).where(Unit.parent_id == parent_id, Unit.closed_on.is_(None))
    )
    return dict(rows.all())


def stays(unit_id: int, day: date) -> list[Stay]:
    """The memberships of a unit that stand on a day or later, of disabled people too."""
    return _stays(Membership.unit_id == unit_id, day)


def stays_of_the_same_people(unit_id: int, other_id: int, day: date) -> list[Stay]:
    """The memberships in the other unit of everybody who belongs to the unit on a day or later."""
    here = _reaching(select(Membership.person_id).where(Membership.unit_id == unit_id), day)
    return _stays((Membership.unit_id == other_id) & Membership.person_id.in_(here), day)


def _stays(condition: Any, day: date) -> list[Stay]:
    wanted = select(
        *(Membership.id, Membership.person_id, Membership.since, Membership.until, Membership.main),
        *(Membership.kind, Membership.category, Membership.post, Membership.sort),
    ).where(condition)
    return [Stay(*row) for row in db.session.execute(_reaching(wanted, day).order_by(Membership.id))]


def _reaching(wanted: Any, day: date) -> Any:
    return wanted.where(or_(Membership.until.is_(None), Membership.until >= day))


@dataclass(frozen=True)
class Colleague:
    """Somebody who belongs to a unit, as the page that splits it lists them."""

    person_id: int
    name: str
    post: str
    kind: str
    main: bool


def colleagues(unit_id: int, day: date) -> list[Colleague]:
    """Who belongs to a unit on a day, in order; each person once."""
    rows = db.session.execute(
        select(Person.id, Person.name, Membership.post, Membership.kind, Membership.main)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Unit.id == unit_id, current(day))
        .order_by(*in_order(), Membership.main.desc())
    )
    found: dict[int, Colleague] = {}
    for row in rows:
        found.setdefault(row[0], Colleague(*row))
    return list(found.values())


def people_within(lft: int, rgt: int, day: date) -> int:
    """How many people are counted in a unit and below it on a day."""
    wanted = (
        select(func.count())
        .select_from(Membership)
        .join(Unit, Unit.id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.main, current(day), Person.disabled_at.is_(None), Unit.lft.between(lft, rgt))
    )
    return db.session.scalar(wanted) or 0


def units_within(lft: int, rgt: int) -> int:
    """How many open units lie below a unit."""
    wanted = select(func.count()).where(Unit.lft > lft, Unit.lft <= rgt, Unit.closed_on.is_(None))
    return db.session.scalar(wanted) or 0


def grants_within(lft: int, rgt: int) -> int:
    """How many roles are held on a unit and below it."""
    wanted = select(func.count()).select_from(Grant).join(Unit, Unit.id == Grant.unit_id)
    return db.session.scalar(wanted.where(Unit.lft.between(lft, rgt))) or 0


@dataclass(frozen=True)
class Held:
    """A role that somebody holds on a unit."""

    grant_id: int
    person_id: int
    role: str
    name: str

    @property
    def told(self) -> str:
        """ "李文（单位负责人）" """
        return f"{self.name}（{ROLES[self.role]}）"


def grants_on(unit_id: int) -> list[Held]:
    """The roles held on exactly this unit."""
    return _held(Unit.id == unit_id)


def grants_above(unit: Standing, *, itself: bool) -> list[Held]:
    """The roles held on the units above, the highest first. itself: and on the unit."""
    above = (Unit.lft < unit.lft) & (Unit.rgt > unit.rgt)
    return _held(above | (Unit.id == unit.id) if itself else above)


def _held(condition: Any) -> list[Held]:
    rows = db.session.execute(
        select(Grant.id, Grant.person_id, Grant.role, Person.name)
        .join(Unit, Unit.id == Grant.unit_id)
        .join(Person, Person.id == Grant.person_id)
        .where(condition)
        .order_by(Unit.lft, Grant.role, Person.name_key, Grant.id)
    )
    return [Held(*row) for row in rows]


def open_units_called(words: str, intervals: Iterable[tuple[int, int]]) -> list[Unit]:
    """The open units in these intervals that are meant: by 单位编码, else by 全称 or 简称, else by 曾用名. Three
    statements at most."""
    near = select(Unit).where(inside(Unit.lft, intervals), Unit.closed_on.is_(None)).order_by(Unit.lft)
    found = db.session.scalars(near.where(Unit.code == words)).all()
    found = found or db.session.scalars(near.where(or_(Unit.name == words, Unit.short_name == words))).all()
    if found:
        return list(found)
    once = [unit_id for unit_id, names in former_names().items() if words in names]
    return list(db.session.scalars(near.where(Unit.id.in_(once))))


def offered(intervals: Sequence[tuple[int, int]], most: int) -> list[Row[str, str]]:
    """(code, name) of the open units in these intervals in tree order; [] where there are more than so many."""
    wanted = select(Unit.code, Unit.name).where(
        inside(Unit.lft, tree.outermost(intervals)), Unit.closed_on.is_(None)
    )
    rows = db.session.execute(wanted.order_by(Unit.lft).limit(most + 1)).all()
    return list(rows) if len(rows) <= most else []


def contact(unit_id: int) -> UnitContact | None:
    """Whom to ask in a unit."""
    return db.session.get(UnitContact, unit_id)


@dataclass(frozen=True)
class Happened:
    """One line of the 沿革 of a unit. is_other: the event is another unit's, see `UnitEvent.other_id`."""

    id: int
    kind: str
    day: date
    reason: str
    by: str
    at: datetime
    details: dict[str, Any]
    is_other: bool


def history(unit_id: int) -> list[Happened]:
    """The 沿革 of a unit, the newest change first."""
    by = aliased(Person)
    rows = db.session.execute(
        select(UnitEvent, func.coalesce(by.name, ""))
        .outerjoin(by, by.id == UnitEvent.by_id)
        .where(or_(UnitEvent.unit_id == unit_id, UnitEvent.other_id == unit_id))
        .order_by(UnitEvent.day.desc(), UnitEvent.id.desc())
    )
    return [
        Happened(e.id, e.kind, e.day, e.reason, by, e.at, e.details, e.unit_id != unit_id) for e, by in rows
    ]
