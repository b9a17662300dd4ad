"""The demonstration province 岚江省: as large as people ask for, to see and to measure how the app bears a million.

One transaction: an interrupted run leaves the database as it was. The same number of people on the same day always
gives the same province, but for the passwords of the four.
"""

from collections.abc import Iterator
from itertools import islice
from random import Random

from sqlalchemy import exists, select

from quizapp import audit, clock, config
from quizapp.attempts.models import Attempt, Closing, SheetEvent
from quizapp.bank.models import Bank
from quizapp.db import db
from quizapp.demo import bulk, county, province_exam, province_people, province_sheets, province_units
from quizapp.demo.county import Say
from quizapp.demo.province_people import FOUR, Placed
from quizapp.demo.units import DemoUnit
from quizapp.errors import Refused
from quizapp.exams import tallies
from quizapp.exams.models import Candidate
from quizapp.people import tree
from quizapp.people.models import Membership, Person, Unit
from quizapp.reports import refreshing

SEED = "岚江省"
BATCH = 20_000  # people in memory at a time
TOLD = 5  # batches between two sentences


def build(people: int, say: Say) -> list[str]:
    """Build a province of so many people and commit. Gives what the console says: how the four sign in.

    Raises Refused in a database that holds people or units; nothing is changed then.
    """
    if db.session.scalar(select(exists().where(Person.id > 0) | exists().where(Unit.id > 0))):
        raise Refused(
            "not_empty",
            "数据库中已有人员或单位，没有建立演示省，也没有改动任何内容。",
            "请另建一个空的数据库（QUIZAPP_DATABASE_URL）后重新执行。",
        )
    known = _built(people, say)
    db.session.commit()
    county.note(FOUR, known, f"演示省（{people}人）可用以下身份登录（口令只用于演示）：")
    say("正在计算中位数和分布……")
    _refresh()
    say("正在整理数据库……")
    bulk.settle()
    return county.notes().read_text(encoding="utf-8").splitlines()


def _built(people: int, say: Say) -> dict[str, tuple[int, str]]:
    chance, now = Random(SEED), clock.now()
    config.store("SITE_SPONSOR", "岚江省信访工作联席会议办公室（演示）")
    bank_id = db.session.scalars(select(Bank.id).order_by(Bank.id).limit(1)).one()
    units = _placed(province_units.province(people - len(FOUR), chance))
    say(f"正在建立{SEED}：{people}人，{len(units)}个单位；中断后数据库保持原样，可以重新执行。")
    paper = province_exam.publish(units[0], units, bank_id, now, chance)
    for done, batch in _batches(units, chance):
        province_people.store(batch, now)
        province_sheets.store(paper, batch, chance)
        if done == people or done // BATCH % TOLD == 0:
            say(f"正在写入人员、答卷和成绩：已完成{done}人，共{people}人……")
    say("正在汇总各单位的成绩……")
    tallies.begin(paper.exam.id)
    bulk.follow(Unit, Person, Membership, Candidate, Attempt, Closing, SheetEvent)
    db.session.expire_all()
    audit.record("people.units_added", ("unit", units[0].id), actor_id=None, units=len(units), people=people)
    return province_people.let_in({unit.code: unit.id for unit in units}, now)


def _placed(found: list[DemoUnit]) -> list[Placed]:
    """Write the units, each behind the one above it, numbered as the app numbers a tree."""
    ids = {unit.code: number for number, unit in enumerate(found, 1)}
    places = [tree.Place(ids[u.code], ids.get(u.above), n, u.code) for n, u in enumerate(found)]
    numbers = tree.numbering(places)
    rows = [
        (ids[u.code], u.code, u.name, u.short, u.kind, place.parent_id, place.sort, *numbers[place.id])
        for u, place in zip(found, places, strict=True)
    ]
    bulk.add(Unit, ("id", "code", "name", "short_name", "kind", "parent_id", "sort", "lft", "rgt"), rows)
    return [
        Placed(place.id, place.parent_id, *numbers[place.id], u.code, u.name, u.people)
        for u, place in zip(found, places, strict=True)
    ]


def _batches(units: list[Placed], chance: Random) -> Iterator[tuple[int, list[province_people.Somebody]]]:
    """Everybody in pieces, and how many have come with each."""
    everybody, done = province_people.everybody(units, chance), 0
    while batch := list(islice(everybody, BATCH)):
        done += len(batch)
        yield done, batch


def _refresh() -> None:
    """What a server would do in its first minute."""
    now = clock.now()
    for exam_id, counted in refreshing.due(now).items():
        refreshing.refresh(exam_id, counted, now)
    db.session.commit()
