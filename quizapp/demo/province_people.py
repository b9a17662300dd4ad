"""The people of the demonstration province: who sits where, and the four named ones through whom one looks around."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from random import Random
from typing import NamedTuple

from quizapp.demo import bulk, people
from quizapp.demo import names as lists
from quizapp.demo.people import POSTS, Named
from quizapp.demo.province_units import ROOT_CODE
from quizapp.people import accounts, names
from quizapp.people.models import Membership, Person

SINCE = date(2021, 3, 1)
CATEGORIES = ("公务员", "公务员", "事业编制")
HOME, BUREAU = f"{ROOT_CODE}0101", f"{ROOT_CODE}0101-Z02"  # 青石县, 青石县信访局
FOUR = (
    Named("jiang", "江映雪", BUREAU, "工作人员", (), "学员"),
    Named("luo", "罗成", HOME, "科室负责人", (("unit_administrator", HOME),), "单位管理员（青石县）"),
    Named(
        "he",
        "何平",
        f"{ROOT_CODE}-Z02",
        "科室负责人",
        tuple((role, ROOT_CODE) for role in ("administrator", "writer", "exam_administrator")),
        "系统管理员、命题人员、考务管理员",
    ),
    Named("li", "李文", ROOT_CODE, "主要负责人", (("leader", ROOT_CODE),), "单位负责人（岚江省）"),
)


class Placed(NamedTuple):
    """A unit of the province as it stands in the tables. people: of its own, without the four."""

    id: int
    parent_id: int | None
    lft: int
    rgt: int
    code: str
    name: str
    people: int


class Somebody(NamedTuple):
    """One of the province's people, with what the list of an exam keeps."""

    id: int
    account: str
    name: str
    name_key: str
    initials: str
    unit_id: int
    lft: int
    post: str
    sort: int
    category: str


def everybody(units: Sequence[Placed], chance: Random) -> Iterator[Somebody]:
    """The four, then the people of each unit in turn; ids count from 1. Every account is another one."""
    count = len(FOUR) + sum(unit.people for unit in units)
    numbers = iter(enumerate(accounts.make_many(count, (), chance), 1))
    at = {unit.code: unit for unit in units}
    for one in FOUR:
        yield _somebody(next(numbers), one.name, at[one.unit], one.post, CATEGORIES[0])
    known = lists.common(chance)
    for unit in units:
        for place in range(unit.people):
            post = POSTS[0][0] if place == 0 else chance.choices(POSTS[1:], (2, 3, 9))[0][0]
            yield _somebody(next(numbers), next(known), unit, post, chance.choice(CATEGORIES))


def _somebody(number: tuple[int, str], name: str, unit: Placed, post: str, category: str) -> Somebody:
    return Somebody(*number, name, *_keys(name), unit.id, unit.lft, post, dict(POSTS)[post], category)


@cache
def _keys(name: str) -> tuple[str, str]:
    return names.sort_key(name), names.initials(name)


def store(rows: Sequence[Somebody], now: datetime) -> None:
    """Accounts without a password, and where each belongs. Two statements."""
    bulk.add(
        Person,
        ("id", "account", "name", "name_key", "initials", "created_at"),
        [(*one[:5], now) for one in rows],
    )
    bulk.add(
        Membership,
        ("id", "person_id", "unit_id", "since", "post", "sort", "category"),
        [(one.id, one.id, one.unit_id, SINCE, one.post, one.sort, one.category) for one in rows],
    )


def let_in(ids: dict[str, int], now: datetime) -> dict[str, tuple[int, str]]:
    """Passwords and roles of the four: person id and password by key. ids: of units, by code."""
    return people.let_in(FOUR, range(1, len(FOUR) + 1), ids, now)
