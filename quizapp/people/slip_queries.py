"""Who waits for a one-time password, and who has one that was never used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import Interval, current, inside

NEEDING, UNUSED = "none", "waiting"  # the two lists, as addresses call them
MOST = 1000  # slips on one print; so far people who wait for one are counted


def active() -> ColumnElement[bool]:
    """SQL: the account is not disabled."""
    return Person.disabled_at.is_(None)


def needing(now: datetime) -> ColumnElement[bool]:
    """SQL: the person cannot sign in: never had a slip, or the last one ran out unused."""
    ran_out = and_(Person.must_change, or_(Person.slip_expires_at.is_(None), Person.slip_expires_at <= now))
    return or_(Person.password_hash.is_(None), ran_out)


def without_own() -> ColumnElement[bool]:
    """SQL: the person has never set an own password, or has a slip instead of it."""
    return or_(Person.password_hash.is_(None), Person.must_change)


def wanted(only: str, now: datetime) -> ColumnElement[bool]:
    """SQL: what one of the two lists is about; "" is everybody. Disabled accounts are in none."""
    if only == NEEDING:
        return and_(active(), needing(now))
    return and_(active(), without_own()) if only == UNUSED else active()


@dataclass(frozen=True)
class Waiting:
    """How many people of some units cannot sign in before they get a slip, and how many have one not used yet.

    more: there are more than MOST of them in all; then the two are of the first that were met.
    """

    needing: int
    holding: int
    more: bool = False


def waiting(intervals: Iterable[Interval], day: date, now: datetime) -> Waiting:
    """These numbers for the people counted in these units on a day: a province is not counted to its end for them."""
    met = (
        select(needing(now).label("needing"))
        .select_from(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, current(day), active(), without_own(), inside(Unit.lft, intervals))
        .limit(MOST + 1)
        .subquery()
    )
    found, every = db.session.execute(select(func.count().filter(met.c.needing), func.count())).one()
    return Waiting(found, every - found, every > MOST)
