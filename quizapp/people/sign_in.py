"""Signing in: read what is known, verify without a transaction, then write (`settling`).

The three steps are separate so that SQLite's one writer never waits for a password hash; every path takes the same
steps and one hash verification, whoever the account belongs to (hazards H40, H41).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
)

from quizapp import config, jsonsql
from quizapp.db import UtcDateTime, at_once, db
from quizapp.people import passwords, throttle
from quizapp.people.models import BackupCode, Grant, LoginFailure, Person

LOGIN_LONGEST = 64
KEEP_FAILURES = timedelta(days=1)


@dataclass(frozen=True)
class Facts:
    """What the tables say about a sign-in that is being tried. person_id: none for an unknown account."""

    key: str  # under what failures are counted: the account, or what was typed
    person_id: int | None = None
    name: str = ""
    unsettled: bool = False  # the first password or the notice is still to come
    stored: str | None = field(default=None, repr=False)
    slip_expired: bool = False
    disabled: bool = False
    holds_grants: bool = False
    codes: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    failed: bool = False  # there are failures to be forgotten
    locked: bool = False  # the account: a 备用码 still opens it
    slowed: bool = False  # the address: nothing does


@dataclass(frozen=True)
class Proof:
    """How somebody proved who they are. new_hash: the password hashed with today's parameters, where due."""

    person_id: int
    by: str  # password, slip or code
    code_id: int | None = None
    new_hash: str | None = field(default=None, repr=False)


def plain_login(typed: str) -> str:
    """What was typed as an account: full-width digits and letters as half-width ones, no blanks."""
    half_width = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in typed)
    return "".join(half_width.split())[:LOGIN_LONGEST]


def look_up(typed: str, *, address: str, now: datetime) -> Facts:
    """Read everything that a decision needs, in the same statements for known and unknown accounts."""
    login = plain_login(typed)
    values = {"login": login, "unknown": login.lower(), "address": address, "since": now - KEEP_FAILURES}
    with at_once() as connection:
        row = connection.execute(_all_facts(), values).one()
    config.know(row.settings)
    key = row.account or login.lower()
    locked, slowed = refused(key, address, now) if row.failures else (False, False)
    if row.id is None:
        return Facts(key, failed=row.failures, locked=locked, slowed=slowed)
    one_time = passwords.is_one_time(row.password_hash)
    return Facts(
        key=key,
        person_id=row.id,
        name=row.name,
        unsettled=row.must_change or row.notice_accepted_at is None,
        stored=row.password_hash,
        slip_expired=one_time and (row.slip_expires_at is None or row.slip_expires_at <= now),
        disabled=row.disabled_at is not None,
        holds_grants=row.holds_grants,
        codes=tuple((code_id, stored) for code_id, stored in row.codes or ()),
        failed=row.failures,
        locked=locked,
        slowed=slowed,
    )


@cache
def _all_facts() -> Select[Any]:
    """One row, for an account that nobody has too. Values: login, unknown (the key of its failures), address, since."""
    login: Any = bindparam("login")
    secrets = (Person.password_hash, Person.slip_expires_at, Person.disabled_at)
    found = (
        select(
            Person.id, Person.account, *secrets, Person.name, Person.must_change, Person.notice_accepted_at
        )
        .where(or_(Person.account == login, Person.staff_number == login, Person.phone == login))
        .order_by(case((Person.account == login, 0), (Person.staff_number == login, 1), else_=2))
        .limit(1)
        .subquery()
    )
    codes = select(jsonsql.arrays_of(BackupCode.id, BackupCode.code_hash)).where(
        BackupCode.person_id == found.c.id, BackupCode.used_at.is_(None)
    )
    key = func.coalesce(found.c.account, bindparam("unknown"))
    counted = LoginFailure.at > bindparam("since", type_=UtcDateTime)
    return select(
        *found.c,
        exists().where(Grant.person_id == found.c.id).label("holds_grants"),
        codes.scalar_subquery().label("codes"),
        exists()
        .where(or_(LoginFailure.login == key, LoginFailure.address == bindparam("address")), counted)
        .label("failures"),
        config.stored().label("settings"),
    ).select_from(select(literal(1).label("one")).subquery().outerjoin(found, true()))


def refused(key: str, address: str, now: datetime) -> tuple[bool, bool]:
    """Whether the account is locked, and whether the address is slowed."""
    minutes, allowed = config.value("LOCK_MINUTES"), config.value("LOCK_FAILURES")
    since = now - timedelta(minutes=minutes)
    failures = db.session.scalars(
        select(LoginFailure.at).where(LoginFailure.login == key, LoginFailure.at > since)
    ).all()
    from_address = db.session.scalar(
        select(func.count())
        .select_from(LoginFailure)
        .where(LoginFailure.address == address, LoginFailure.at > since)
    )
    locked = throttle.is_locked(failures, now=now, allowed=allowed, minutes=minutes)
    return locked, throttle.is_slowed(from_address or 0, allowed=allowed)


def verify(facts: Facts, typed: str) -> Proof | None:
    """Whether `typed` is the password, the one-time password or a 备用码 of the person. No statement, one hash."""
    matches = passwords.verify(facts.stored, typed)
    code_id = passwords.matching_code(facts.person_id or 0, facts.codes, typed)
    if facts.person_id is None or facts.disabled or facts.slowed:
        return None
    if matches and not facts.slip_expired and not facts.locked:
        stored = facts.stored or ""
        if passwords.is_one_time(stored):
            return Proof(facts.person_id, "slip")
        new_hash = passwords.hash_password(typed) if passwords.needs_rehash(stored) else None
        return Proof(facts.person_id, "password", new_hash=new_hash)
    return Proof(facts.person_id, "code", code_id) if code_id is not None else None


def fail(facts: Facts, *, address: str, now: datetime) -> None:
    """Count a failed attempt. While refused, further attempts are not counted: a lock ends although somebody knocks."""
    if facts.locked or facts.slowed:
        return
    db.session.execute(insert(LoginFailure).values(login=facts.key, address=address[:64], at=now))
    db.session.execute(delete(LoginFailure).where(LoginFailure.at < now - KEEP_FAILURES))
