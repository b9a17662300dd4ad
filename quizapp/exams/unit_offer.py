"""Which units a form of an exam offers to tick: all of a county, of a province its upper levels and what was chosen."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select

from quizapp.db import db
from quizapp.people import queries as people
from quizapp.people import unit_listing
from quizapp.people.models import Unit


@dataclass(frozen=True)
class Offered:
    """A unit to tick. has_below: there are open units below it, so that 含下级 means something."""

    id: int
    name: str
    depth: int
    has_below: bool


@dataclass(frozen=True)
class Offer:
    """The units in tree order. total: open units of the holding one, itself included; beyond those offered they are
    named by code or name."""

    units: list[Offered]
    total: int

    @property
    def is_part(self) -> bool:
        return len(self.units) < self.total


def offer(holder: Unit, chosen: Collection[int]) -> Offer:
    """What a form for this holding unit offers. chosen: ids that must be among them. A statement for each level."""
    where = [(holder.lft, holder.rgt)]
    total = unit_listing.count(where).open
    if total <= unit_listing.WHOLE:
        units = people.units_below(where)
    else:
        units = _upper(holder, unit_listing.WHOLE, chosen)
    parents = set(
        db.session.scalars(
            select(Unit.parent_id)
            .where(Unit.parent_id.in_([unit.id for unit in units]), Unit.closed_on.is_(None))
            .distinct()
        )
    )
    depth = people.depths(units)
    return Offer([Offered(unit.id, unit.name, depth[unit.id], unit.id in parents) for unit in units], total)


def _upper(holder: Unit, most: int, chosen: Collection[int]) -> list[Unit]:
    """The holding unit and as many whole levels below it as fit in, and the chosen ones with all above them."""
    found, level = {holder.id: holder}, [holder.id]
    while level:
        below = db.session.scalars(
            select(Unit)
            .where(Unit.parent_id.in_(level), Unit.closed_on.is_(None))
            .limit(most - len(found) + 1)
        ).all()
        if len(found) + len(below) > most:
            break
        found |= {unit.id: unit for unit in below}
        level = [unit.id for unit in below]
    found |= {unit.id: unit for unit in _with_all_above(holder, [one for one in chosen if one not in found])}
    return sorted(found.values(), key=lambda unit: unit.lft)


def _with_all_above(holder: Unit, ids: Collection[int]) -> list[Unit]:
    spans = db.session.execute(select(Unit.lft, Unit.rgt).where(Unit.id.in_(ids))).all() if ids else []
    if not spans:
        return []
    wanted = or_(*((Unit.lft <= lft) & (Unit.rgt >= rgt) for lft, rgt in spans))
    return list(db.session.scalars(select(Unit).where(wanted, Unit.lft.between(holder.lft, holder.rgt))))
