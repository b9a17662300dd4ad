"""What the page of units shows: the whole tree of a county, of a province one level at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.db import db
from quizapp.people import tree
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import Interval, current, depths, former_names, inside, units_below

WHOLE = 300  # open units up to which the whole tree stands on one page, and in one drop-down
PAGE = 100  # units on a page of a larger one


@dataclass(frozen=True)
class UnitRow:
    """A unit as the list shows it. people: in itself; people_below: with all units below, where they are counted;
    units_below: open units below it, at any depth. former: 曾用名."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    depth: int
    people: int
    people_below: int | None
    units_below: int
    former: tuple[str, ...]
    closed_on: date | None

    def is_called(self, words: str) -> bool:
        """Whether these words are its code, or part of a name that it has or had."""
        return words == self.code or any(words in name for name in (self.name, self.short_name, *self.former))


@dataclass(frozen=True)
class Count:
    """How many units there are in one's reach."""

    open: int
    closed: int


def count(intervals: Sequence[Interval]) -> Count:
    """One statement."""
    listed, opened = db.session.execute(
        select(func.count(), func.count().filter(Unit.closed_on.is_(None))).where(inside(Unit.lft, intervals))
    ).one()
    return Count(opened, listed - opened)


def whole(intervals: Sequence[Interval], day: date, *, closed: bool = False) -> list[UnitRow]:
    """The tree with the number of people in every unit. closed: with closed units too. Three statements."""
    units, former = units_below(intervals, closed=closed), former_names()
    counts = db.session.execute(
        select(Unit.lft, func.count().label("people"))
        .join(Membership, Membership.unit_id == Unit.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.main, current(day), Person.disabled_at.is_(None), inside(Unit.lft, intervals))
        .group_by(Unit.lft)
    )
    at = dict(counts.all())
    below = _sums(units, at)
    beneath = _sums(units, {unit.lft: 1 for unit in units if unit.closed_on is None})
    depth = depths(units)
    return [
        UnitRow(
            *(u.id, u.code, u.name, u.short_name, u.kind, depth[u.id], at.get(u.lft, 0), below[u.id]),
            units_below=beneath[u.id] - (u.closed_on is None),
            former=former.get(u.id, ()),
            closed_on=u.closed_on,
        )
        for u in units
    ]


def level(
    intervals: Sequence[Interval], under: Unit | None, day: date, *, closed: bool = False, page: int = 1
) -> tuple[list[UnitRow], int]:
    """A page of the units directly below one, or of the topmost ones in reach; and how many there are."""
    if under is not None:
        return _listed(Unit.parent_id == under.id, day, closed=closed, page=page)
    tops = [lft for lft, _ in tree.outermost(intervals)]
    return _listed(Unit.lft.in_(tops), day, closed=closed, page=page)


def found(
    intervals: Sequence[Interval], words: str, day: date, *, closed: bool = False, page: int = 1
) -> tuple[list[UnitRow], int]:
    """A page of the units in reach that these words mean, as `UnitRow.is_called`; and how many there are."""
    once = [unit_id for unit_id, names in former_names().items() if any(words in name for name in names)]
    called = or_(
        Unit.code == words,
        Unit.name.contains(words, autoescape=True),
        Unit.short_name.contains(words, autoescape=True),
        Unit.id.in_(once),
    )
    return _listed(called & inside(Unit.lft, intervals), day, closed=closed, page=page)


def above(unit: Unit, intervals: Sequence[Interval]) -> list[Unit]:
    """The units above this one within reach, from the top."""
    wanted = select(Unit).where(Unit.lft < unit.lft, Unit.rgt > unit.rgt, inside(Unit.lft, intervals))
    return list(db.session.scalars(wanted.order_by(Unit.lft)))


def _listed(wanted: ColumnElement[bool], day: date, *, closed: bool, page: int) -> tuple[list[UnitRow], int]:
    """Three statements. People are counted in each unit alone: a province has too many for every page."""
    if not closed:
        wanted = wanted & Unit.closed_on.is_(None)
    total = db.session.scalar(select(func.count()).select_from(Unit).where(wanted)) or 0
    rows = db.session.execute(
        select(Unit, _people(day).scalar_subquery(), _beneath().scalar_subquery())
        .where(wanted)
        .order_by(Unit.lft)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    former = former_names() if rows else {}
    return [
        UnitRow(
            *(u.id, u.code, u.name, u.short_name, u.kind, 0, people, None),
            units_below=beneath,
            former=former.get(u.id, ()),
            closed_on=u.closed_on,
        )
        for u, people, beneath in rows
    ], total


def _people(day: date) -> Select[Any]:
    return (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.unit_id == Unit.id, Membership.main, current(day), Person.disabled_at.is_(None))
        .correlate(Unit)
    )


def _beneath() -> Select[Any]:
    lower = aliased(Unit)
    return (
        select(func.count())
        .select_from(lower)
        .where(lower.lft > Unit.lft, lower.lft <= Unit.rgt, lower.closed_on.is_(None))
        .correlate(Unit)
    )


def _sums(units: Sequence[Unit], at: dict[int, int]) -> dict[int, int]:
    """What stands at a unit and at all below it, from what stands at each lft. units: in tree order."""
    totals: dict[int, int] = {}
    running: list[tuple[Unit, int]] = []
    for unit in reversed(units):
        total = at.get(unit.lft, 0)
        while running and running[-1][0].lft <= unit.rgt:
            total += running.pop()[1]
        running.append((unit, total))
        totals[unit.id] = total
    return totals
