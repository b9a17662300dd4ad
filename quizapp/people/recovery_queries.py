"""What the pages about forgotten passwords read. A function is one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.db import db
from quizapp.people import names, recovery
from quizapp.people.models import Membership, PasswordRecovery, Person, Unit
from quizapp.people.queries import Interval, current, in_order, inside
from quizapp.people.sign_in import plain_login


def meant(typed: str, phone: str) -> Person | None:
    """Who asks: by 学法账号, 工号 or phone; by name only where the number on record is the one that was typed.

    typed: as an account or a name. phone: its digits. Disabled accounts are nobody.
    """
    login = plain_login(typed)
    by_name = and_(Person.name == names.normalise(typed), Person.phone == phone)
    found = list(
        db.session.scalars(
            select(Person)
            .where(or_(Person.account == login, Person.staff_number == login, Person.phone == login, by_name))
            .where(Person.disabled_at.is_(None))
        )
    )
    exact = next((person for person in found if person.account == login), None)
    return exact or (found[0] if len(found) == 1 else None)


@dataclass(frozen=True)
class Asked:
    """A request as the browser that made it sees it."""

    id: int
    person_id: int | None
    account: str
    code: str
    asked_at: datetime
    expires_at: datetime
    standing: str  # see recovery.standing


def asked(token_hash: str, now: datetime) -> Asked | None:
    """The request of a browser."""
    row = db.session.execute(
        select(PasswordRecovery, Person.account, Person.password_set_at, Person.disabled_at)
        .outerjoin(Person, Person.id == PasswordRecovery.person_id)
        .where(PasswordRecovery.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        return None
    one, account, password_set_at, disabled_at = row
    stands = recovery.standing(
        one.state, asked_at=one.asked_at, expires_at=one.expires_at, password_set_at=password_set_at, now=now
    )
    where = "over" if disabled_at is not None else stands
    return Asked(one.id, one.person_id, account or "", one.code, one.asked_at, one.expires_at, where)


def usable(now: datetime) -> ColumnElement[bool]:
    """SQL over PasswordRecovery and Person: the request has neither run out nor been overtaken by a new password."""
    fresh = or_(Person.password_set_at.is_(None), Person.password_set_at <= PasswordRecovery.asked_at)
    return and_(PasswordRecovery.expires_at > now, fresh, Person.disabled_at.is_(None))


# The administrators' list -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """A person whose requests wait, or whose confirmed request has not been used."""

    person_id: int
    name: str
    account: str
    phone: str | None
    unit: str
    requests: tuple[PasswordRecovery, ...]  # the oldest first

    @property
    def confirmed(self) -> PasswordRecovery | None:
        return next((one for one in self.requests if one.state == "confirmed"), None)

    @property
    def asking(self) -> tuple[PasswordRecovery, ...]:
        return tuple(one for one in self.requests if one.state == "asked")

    @property
    def matching(self) -> int:
        """How many of the requests name the number on record."""
        return sum(one.phone_matches is True for one in self.asking)


def _within(intervals: Iterable[Interval], day: date, now: datetime, *columns: Any) -> Any:
    return (
        select(*columns)
        .select_from(PasswordRecovery)
        .join(Person, Person.id == PasswordRecovery.person_id)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, current(day), inside(Unit.lft, intervals), usable(now))
    )


def waiting(intervals: Iterable[Interval], day: date, now: datetime) -> list[Waiting]:
    """Who waits in these units, in the order of people."""
    wanted = _within(intervals, day, now, PasswordRecovery, Person, Unit.name)
    rows = db.session.execute(
        wanted.where(PasswordRecovery.state.in_(("asked", "confirmed"))).order_by(
            *in_order(), PasswordRecovery.id
        )
    )
    found = []
    for _, group in groupby(rows, key=lambda row: row[1].id):
        several = list(group)
        _, person, unit = several[0]
        requests = tuple(one for one, _, _ in several)
        found.append(Waiting(person.id, person.name, person.account, person.phone, unit, requests))
    return found


def count(intervals: Iterable[Interval], day: date, now: datetime) -> int:
    """How many people wait in these units to be confirmed."""
    people = func.count(PasswordRecovery.person_id.distinct())
    wanted = _within(intervals, day, now, people).where(PasswordRecovery.state == "asked")
    return db.session.scalar(wanted) or 0


# What the person is told ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """Something that happened to one's own password: asked (it waits), confirmed or used; by: who confirmed it."""

    state: str
    at: datetime
    by: str


def notices(person_id: int, now: datetime) -> list[Notice]:
    """Of the last days, the newest first: requests that wait, and passwords set anew."""
    decider = aliased(Person)
    rows = db.session.execute(
        select(PasswordRecovery, decider.name)
        .join(Person, Person.id == PasswordRecovery.person_id)
        .outerjoin(decider, decider.id == PasswordRecovery.decided_by_id)
        .where(PasswordRecovery.person_id == person_id, PasswordRecovery.asked_at > now - recovery.TOLD)
        .where(
            or_(
                PasswordRecovery.state == "used",
                and_(PasswordRecovery.state.in_(("asked", "confirmed")), usable(now)),
            )
        )
        .order_by(PasswordRecovery.id.desc())
        .limit(3)
    )
    return [Notice(one.state, one.used_at or one.asked_at, by or "") for one, by in rows]
