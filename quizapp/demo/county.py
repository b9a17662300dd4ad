"""The demonstration county 青石县: invented, always the same from a fixed seed, made through the app's own actions."""

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

from flask import current_app
from sqlalchemy import func, select

from quizapp import clock, config
from quizapp.bank.models import Bank
from quizapp.db import db
from quizapp.demo import people, practice, sitting, units
from quizapp.exams import actions as exams
from quizapp.exams import blueprint as blueprints
from quizapp.exams.models import Exam
from quizapp.people import actions
from quizapp.people.models import Person
from quizapp.practice import calibrating, plans

SEED = "青石县"
TERM = 63  # days of daily quizzes
PLANNED = 45  # days that are left for the county's plan
LAW = "xinfang-gongzuo-tiaoli"
Say = Callable[[str], None]

COUNTS = {  # questions of the annual exam by kind and chapter; "" is any chapter
    ("single", "1"): 4,
    ("single", "2"): 5,
    ("single", "3"): 7,
    ("single", "4"): 7,
    ("single", "5"): 5,
    ("single", ""): 2,
    ("multiple", "2"): 2,
    ("multiple", "3"): 3,
    ("multiple", "4"): 3,
    ("multiple", "5"): 2,
    ("judge", "2"): 3,
    ("judge", "3"): 6,
    ("judge", "4"): 6,
    ("judge", "5"): 4,
    ("judge", ""): 1,
}
SHORT = {("single", ""): 10, ("multiple", ""): 5, ("judge", ""): 5}


def blueprint(counts: dict[tuple[str, str], int]) -> list[dict]:
    """The stored rows of a grid."""
    return blueprints.stored(blueprints.of_grid(counts))


def is_empty() -> bool:
    """Whether nobody has an account yet."""
    return db.session.scalar(select(func.count()).select_from(Person)) == 0


def notes() -> Path:
    """Where the four people's ways to sign in are noted, for its owner alone."""
    return Path(current_app.config["INSTANCE_DIR"]) / "demo.txt"


def build_if_empty(say: Say) -> list[str]:
    """Build the county in an empty database. Gives what the console says: how to sign in as each of the four."""
    if is_empty():
        build(say)
    if notes().exists():
        return notes().read_text(encoding="utf-8").splitlines()
    return ["数据库中已有人员，没有建立演示县。"]


def build(say: Say) -> None:
    """Units, people, a term of daily quizzes, a unit's test that is over and an annual exam that runs; one commit."""
    chance, now = Random(SEED), clock.now()
    config.store("SITE_SPONSOR", "青石县信访工作联席会议办公室（演示）")
    say("正在建立单位和人员……")
    county = units.county()
    ids = actions.add_units(
        [actions.NewUnit(u.code, u.name, u.above or None, u.short, u.kind, n) for n, u in enumerate(county)],
        now,
    )
    known = people.add(county, ids, chance, now)
    ability = {
        person_id: chance.gauss(0.4, 0.8)
        for person_id in db.session.scalars(select(Person.id).order_by(Person.id))
    }
    bank_id = db.session.scalars(select(Bank.id).order_by(Bank.id).limit(1)).one()
    say("正在生成一个学期的日常测验……")
    jiang = known["jiang"][0]
    practice.answer_daily(
        ability, clock.today(now), TERM, except_today={jiang}, chance=chance, eager=frozenset({jiang})
    )
    say("正在生成考试和成绩……")
    _unit_test(bank_id, ids, ability, known, now, chance)
    _annual(bank_id, ids, ability, known, now, chance)
    plans.make(
        ids["QS"],
        [LAW],
        80,
        clock.today(now) + timedelta(days=PLANNED),
        now=now,
        actor_id=None,
    )
    calibrating.refresh(now)
    note(people.FOUR, known, "演示县可用以下身份登录（口令只用于演示）：")
    db.session.commit()


def _exam(title: str, purpose: str, unit_id: int, bank_id: int, first: date, last: date, **more) -> Exam:
    values = {
        "title": title,
        "purpose": purpose,
        "bank_ids": [bank_id],
        "points": {"single": 20, "multiple": 20, "judge": 10},
        "opens_at": clock.start_of(first),
        "closes_at": clock.end_of(last),
        "pledge": config.value("PLEDGE"),
        "notice": config.value("EXAM_NOTICE"),
        "bands": [["优秀", 900], ["良好", 800], ["合格", 600]],
        "certificates": True,
        **more,
    }
    made = clock.start_of(first) - timedelta(days=3)
    exam = exams.create(unit_id=unit_id, values=values, audience=[(unit_id, True)], now=made, actor_id=None)
    exam.seed = sha256(f"{SEED} {title}".encode()).hexdigest()[:32]  # always the same papers
    exams.publish(exam, made, actor_id=None)
    return exam


def _annual(bank_id, ids, ability, known, now: datetime, chance: Random) -> None:
    """Runs since ten days, six are left; two thirds have sat it, the four have not."""
    today = clock.today(now)
    exam = _exam(
        f"{today.year}年度《信访工作条例》考试",
        "annual",
        ids["QS"],
        bank_id,
        today - timedelta(days=10),
        today + timedelta(days=6),
        blueprint=blueprint(COUNTS),
        minutes=60,
    )
    four = {person_id for person_id, _ in known.values()}
    sitting.sit(exam, {p: a for p, a in ability.items() if p not in four}, 0.66, now, chance)


def _unit_test(bank_id, ids, ability, known, now: datetime, chance: Random) -> None:
    """Over since a month, answers released: 江 can look at hers."""
    today = clock.today(now)
    last = today - timedelta(days=30)
    exam = _exam(
        "县信访局业务测验",
        "unit",
        ids["QS-Z02"],
        bank_id,
        last - timedelta(days=4),
        last,
        blueprint=blueprint(SHORT),
        points={"single": 50, "multiple": 60, "judge": 40},
        minutes=20,
    )
    over = clock.end_of(last)
    sitting.sit(exam, {known["jiang"][0]: 0.6}, 1, over, chance)
    sitting.sit(exam, {p: a for p, a in ability.items() if p != known["jiang"][0]}, 0.92, over, chance)
    exams.release(exam, over + timedelta(hours=9), actor_id=None)


def note(four: Sequence[people.Named], known: dict[str, tuple[int, str]], head: str) -> None:
    """Write down how the named people sign in. known: person id and password by key."""
    accounts = dict(
        db.session.execute(
            select(Person.id, Person.account).where(
                Person.id.in_([person_id for person_id, _ in known.values()])
            )
        ).all()
    )
    lines = [head]
    for one in four:
        person_id, password = known[one.key]
        lines.append(f"  {one.name}（{one.what}）  学法账号：{accounts[person_id]}  口令：{password}")
    path = notes()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
