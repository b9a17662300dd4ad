"""The cast of every test: 江 a cadre, 罗 her colleague, 何 the trainer, 李 leader of the unit above, 周 administers.

青石县 (李, 何, 周)
├── 县信访局 (江, 罗)
└── 云岭镇 (方 — somebody whom 李's colleagues of 县信访局 have no business with)
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.bank.models import Bank
from quizapp.db import db
from quizapp.people.models import Grant, LoginSession, Membership, Person, Unit

PASSWORD = "Qingshan-2026"


@dataclass(frozen=True)
class Cast:
    """Row ids: the rows themselves belong to whoever loads them."""

    county: int
    office: int
    town: int
    jiang: int
    luo: int
    he: int
    li: int
    zhou: int
    fang: int


PEOPLE = {  # attribute: account, name, sort key, unit
    "jiang": ("10000017", "江映雪", "jiang ying xue", "office"),
    "luo": ("10000025", "罗成", "luo cheng", "office"),
    "he": ("10000033", "何平", "he ping", "county"),
    "li": ("10000041", "李文", "li wen", "county"),
    "zhou": ("10000058", "周明", "zhou ming", "county"),
    "fang": ("10000066", "方圆", "fang yuan", "town"),
}
ROLES = {
    "he": ("writer", "exam_administrator"),
    "li": ("leader",),
    "zhou": ("administrator", "reviewer"),
}


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The units and the people, committed; everybody has the same password and has read the notice."""
    return make_cast()


def make_cast() -> Cast:
    """Put the cast into the database of the app context that is pushed, and commit."""
    from quizapp.people import passwords

    moment = clock.now()
    county = Unit(code="QS", name="青石县", lft=10_000, rgt=11_000, sort=1)
    db.session.add(county)
    db.session.flush()
    office = Unit(code="QS-XF", name="县信访局", parent_id=county.id, lft=10_100, rgt=10_200, sort=1)
    town = Unit(code="QS-YL", name="云岭镇", parent_id=county.id, lft=10_300, rgt=10_400, sort=2)
    db.session.add_all([office, town])
    hashed = passwords.hash_password(PASSWORD)
    units = {"county": county, "office": office, "town": town}
    people = {
        key: Person(
            account=account,
            name=name,
            name_key=sort_key,
            initials="".join(part[0] for part in sort_key.split()),
            password_hash=hashed,
            password_set_at=moment,
            notice_accepted_at=moment,
            notice_version=None,
            created_at=moment - timedelta(days=400),
        )
        for key, (account, name, sort_key, _) in PEOPLE.items()
    }
    db.session.add_all(people.values())
    db.session.flush()
    for key, person in people.items():
        unit = units[PEOPLE[key][3]]
        db.session.add(
            Membership(person_id=person.id, unit_id=unit.id, since=date(2020, 1, 1), category="公务员")
        )
        for role in ROLES.get(key, ()):
            db.session.add(Grant(person_id=person.id, role=role, unit_id=county.id, granted_at=moment))
    db.session.commit()
    return Cast(
        **{name: unit.id for name, unit in units.items()},
        **{name: person.id for name, person in people.items()},
    )


def sign_in(client: Any, person_id: int) -> Any:
    """Sign a person in without the form: the row and the cookie, as the form would leave them."""
    moment = clock.now()
    row = LoginSession(
        id=secrets.token_urlsafe(32),
        person_id=person_id,
        kind="short",
        started_at=moment,
        confirmed_at=moment,
        expires_at=moment + timedelta(hours=12),
    )
    db.session.add(row)
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie.update(
            sid=row.id, _user_id=str(person_id), _fresh=True, kind="short", seen=int(moment.timestamp())
        )
    return client


def _as(name: str) -> Any:
    @pytest.fixture(name=f"as_{name}")
    def somebody(app: Flask, cast: Cast) -> Any:
        return sign_in(app.test_client(), getattr(cast, name))

    return somebody


as_jiang = _as("jiang")
as_luo = _as("luo")
as_he = _as("he")
as_li = _as("li")
as_zhou = _as("zhou")
as_fang = _as("fang")


@pytest.fixture
def bank(app: Flask) -> int:
    """The 条例 and the shipped bank, published (the fixture `database` has them then); gives the bank's id."""
    return db.session.scalars(select(Bank.id)).one()
