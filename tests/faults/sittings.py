"""People who sit a small exam in a kit: their papers drawn and not yet opened, their sign-ins real and signed.

Run it with `tests.databases.in_app` on a database that `databases.prepared(dialect)` made; 1,000 people take about
two seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, insert, select, update

from quizapp import clock
from quizapp.attempts.models import Attempt
from quizapp.bank.models import Bank
from quizapp.db import db
from quizapp.exams import actions as exams
from quizapp.exams import queries
from quizapp.exams.models import Candidate, Exam
from quizapp.people import actions as people
from quizapp.people.actions import NewPerson, NewUnit
from quizapp.people.models import Person, Unit
from tests.bench.county import drawn, sign_in
from tests.papers import totals

UNITS = 5  # that share the people, and so their counters
NUMBERS = {"single": 12, "multiple": 4, "judge": 4}
POINTS = {"single": 50, "multiple": 60, "judge": 40}  # 100 分 in all


@dataclass(frozen=True)
class Sitting:
    """One person with a paper of their own, and the headers by which the app knows them."""

    token: str  # of the attempt, as in addresses; "" where no paper was drawn yet
    person_id: int
    slots: int
    headers: dict[str, str]  # Cookie, X-CSRFToken, …
    exam_id: int = 0


@dataclass(frozen=True)
class Rules:
    """Of the exam. minutes: from a sheet's opening to its end. grace_s: seconds after it in which a save counts."""

    minutes: int = 120
    grace_s: int = 120
    numbers: Mapping[str, int] = field(default_factory=lambda: NUMBERS)  # of questions, by kind
    points: Mapping[str, int] = field(default_factory=lambda: POINTS)  # tenths of a 分, by kind

    @property
    def slots(self) -> int:
        return sum(self.numbers.values())


def prepare(count: int, rules: Rules = Rules(), *, seed: int = 0, draw: bool = True) -> list[Sitting]:  # noqa: B008
    """An exam that is open from yesterday to tomorrow, published through the app's actions, for so many people.

    draw: papers, not opened yet; otherwise nobody has begun. The caller commits (in_app does). A second call makes
    another exam, in a county of its own.
    """
    now, chance = clock.now(), Random(seed)
    units = _units()
    rows = [NewPerson(f"考生{number}", units[number % len(units)]) for number in range(count)]
    people.add_people(rows, now, random=chance)
    db.session.execute(update(Person).values(notice_accepted_at=now, must_change=False))
    exam = _exam(units[0], rules)
    listed = db.session.scalars(
        select(Candidate).where(Candidate.exam_id == exam.id).order_by(Candidate.id)
    ).all()
    tokens = _drawn(exam, listed, now) if draw else [""] * len(listed)
    headers = sign_in([candidate.person_id for candidate in listed], now)
    made = [
        Sitting(token, candidate.person_id, rules.slots, header, exam.id)
        for token, candidate, header in zip(tokens, listed, headers, strict=True)
    ]
    chance.shuffle(made)  # neighbours in time share a unit's counters now and then, as in life
    return made


def _drawn(exam: Exam, listed: Sequence[Candidate], now: datetime) -> list[str]:
    """The tokens of their papers."""
    source = queries.frozen_source(exam)
    attempts = [drawn(exam, candidate, source.paper(candidate.id, 1), now) for candidate in listed]
    db.session.execute(insert(Attempt), attempts)
    return [row["token"] for row in attempts]


def _units() -> list[int]:
    """A county of its own with offices below it; their ids, the county's first."""
    code = f"F{db.session.scalar(select(func.count()).select_from(Unit))}"
    offices = [f"{code}-{number}" for number in range(1, UNITS)]
    rows = [NewUnit(code, "青石县", None), *(NewUnit(office, f"{office}局", code) for office in offices)]
    ids = people.add_units(rows, clock.now())
    return [ids[row.code] for row in rows]


def _exam(county: int, rules: Rules) -> Exam:
    now = clock.now()
    today = clock.today(now)
    values = {
        "title": "可靠性试验",
        "purpose": "annual",
        "bank_ids": [db.session.scalars(select(Bank.id).order_by(Bank.id).limit(1)).one()],
        "points": dict(rules.points),
        "blueprint": totals(**rules.numbers),
        "minutes": rules.minutes,
        "opens_at": clock.start_of(today - timedelta(days=1)),
        "closes_at": clock.end_of(today + timedelta(days=1)),
        "bands": [["优秀", 900], ["合格", 600]],
    }
    exam = exams.create(unit_id=county, values=values, audience=[(county, True)], now=now, actor_id=None)
    exam.grace_s = rules.grace_s
    exams.publish(exam, now, actor_id=None)
    return exam
