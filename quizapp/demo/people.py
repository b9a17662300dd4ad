"""The people of the demonstration county: who sits where, the four named ones, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from sqlalchemy import insert

from quizapp.db import db
from quizapp.demo import names
from quizapp.demo.units import DemoUnit
from quizapp.people import actions, passwords
from quizapp.people.models import Membership, Person, Unit

PEOPLE = 600
SINCE = date(2021, 3, 1)
POSTS = (("主要负责人", 1), ("分管负责人", 2), ("科室负责人", 5), ("工作人员", 10))


@dataclass(frozen=True)
class Named:
    """One of the four through whom a visitor looks around."""

    key: str
    name: str
    unit: str  # code
    post: str
    roles: tuple[tuple[str, str], ...]  # role, unit code
    what: str  # how the console introduces this person


FOUR = (
    Named("jiang", "江映雪", "QS-Z02-2", "工作人员", (), "学员"),
    Named(
        "he",
        "何平",
        "QS-Z02-1",
        "科室负责人",
        (("writer", "QS"), ("exam_administrator", "QS")),
        "命题人员、考务管理员",
    ),
    Named("li", "李文", "QS", "主要负责人", (("leader", "QS"),), "单位负责人（青石县）"),
    Named(
        "zhou",
        "周明",
        "QS-Z01",
        "科室负责人",
        (("administrator", "QS"), ("reviewer", "QS")),
        "系统管理员、审题人员",
    ),
)
COLLEAGUE = ("罗成", "QS-Z02-2")
NAMESAKES = ("刘洋", "QS-Z05", "QS-X03")  # two people of one name


def add(
    units: list[DemoUnit], ids: dict[str, int], chance: Random, now: datetime
) -> dict[str, tuple[int, str]]:
    """Add everybody; gives person id and password of the four by key."""
    rows = [actions.NewPerson(one.name, ids[one.unit], post=one.post, sort=_sort(one.post)) for one in FOUR]
    rows.append(actions.NewPerson(COLLEAGUE[0], ids[COLLEAGUE[1]], post="工作人员", sort=10))
    rows += [actions.NewPerson(NAMESAKES[0], ids[code], post="工作人员", sort=10) for code in NAMESAKES[1:]]
    others = iter(names.people(PEOPLE - len(rows), chance))
    places = [unit.code for unit in units for _ in range(unit.people)]
    chance.shuffle(places)
    heads: set[str] = set()
    for name in others:
        code = places.pop() if places else chance.choice(units).code
        post, sort = POSTS[0] if code not in heads else chance.choices(POSTS[1:], (2, 3, 9))[0]
        heads.add(code)
        rows.append(
            actions.NewPerson(
                name,
                ids[code],
                post=post,
                sort=sort,
                category=chance.choice(("公务员", "公务员", "事业编制")),
            )
        )
    rows = [_with_since(row) for row in rows]
    made = actions.add_people(rows, now, random=chance)
    _second(made[-1], ids["QS-X04"])
    return let_in(FOUR, made, ids, now)


def _sort(post: str) -> int:
    return dict(POSTS)[post]


def _with_since(row: actions.NewPerson) -> actions.NewPerson:
    return actions.NewPerson(**{**vars(row), "since": SINCE, "category": row.category or "公务员"})


def _second(person_id: int, unit_id: int) -> None:
    """Somebody who is 挂职 in another unit and stays counted in the first."""
    db.session.execute(
        insert(Membership).values(
            person_id=person_id,
            unit_id=unit_id,
            since=SINCE,
            kind="attached",
            main=False,
            category="公务员",
            post="挂职",
        )
    )


def let_in(
    four: Sequence[Named], made: Sequence[int], ids: dict[str, int], now: datetime
) -> dict[str, tuple[int, str]]:
    """Give the named people, who come first among those `made`, passwords and roles; id and password by key."""
    known = {}
    for one, person_id in zip(four, made, strict=False):
        person, password = db.session.get_one(Person, person_id), passwords.one_time()
        actions.set_password(person, passwords.hash_password(password), now=now)
        for role, code in one.roles:
            actions.grant(person, role, db.session.get_one(Unit, ids[code]), now=now, actor_id=None)
        known[one.key] = (person_id, password)
    return known
