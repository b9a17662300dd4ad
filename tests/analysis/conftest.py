"""A real exam that many people sit: papers are started, opened and handed in by the app's own actions."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from quizapp.attempts import handing_in, opening, starting
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.protocol import OpenBody, SheetBody
from quizapp.bank import marking
from quizapp.bank.models import Question, Revision
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam, Form, Slot, Tally
from quizapp.people.models import Person
from tests.attempts.conftest import OPENS, candidate_of, live_session, make_exam, revisions


@dataclass(frozen=True)
class Sat:
    """What one attempt answered: own letters and marks by revision, None where it was not asked."""

    attempt_id: int
    person_id: int
    letters: dict[int, str]
    marks: dict[int, int]

    @property
    def total(self) -> int:
        return sum(self.marks.values())


@dataclass
class Hall:
    """An exam and the people who sit it."""

    exam: Exam
    asked: dict[int, Revision]
    people: list[int]
    chance: Random

    def sit(self, person_id: int, now: datetime, *, blank: bool = False) -> Sat:
        """One attempt from start to hand-in, answered at random, better by those who stand further down the list."""
        attempt = starting.start(
            self.exam, candidate_of(self.exam, person_id), pledge=self.exam.pledge, now=now
        )
        claim = live_session(person_id, now)
        opening.open_page(attempt.token, OpenBody(), claim, now)
        places = layouts.from_text(attempt.layout)
        ability = self.people.index(person_id) / len(self.people)
        letters = {
            place.revision_id: "" if blank else self._answer(place.revision_id, ability) for place in places
        }
        text = sheets.format_slots(
            layouts.displayed_letters(place, letters[place.revision_id]) for place in places
        )
        handing_in.hand_in(attempt.token, SheetBody(1, 1, text, len(places)), claim, now)
        db.session.commit()
        return Sat(attempt.id, person_id, letters, {p.revision_id: self._mark(p, letters) for p in places})

    def _answer(self, revision_id: int, ability: float) -> str:
        revision = self.asked[revision_id]
        lot = self.chance.random()
        if lot < ability:
            return revision.key
        if lot > 0.95:
            return ""
        offered = "ABCDE"[: len(revision.options)]
        if revision.kind == "multiple":
            return "".join(letter for letter in offered if self.chance.random() < 0.5)
        return self.chance.choice(offered)

    def _mark(self, place: Any, letters: dict[int, str]) -> int:
        revision = self.asked[place.revision_id]
        rule = self.exam.multiple_rule if revision.kind == "multiple" else "all"
        chosen = marking.letters(letters[place.revision_id])
        return marking.earned(marking.letters(revision.key), chosen, place.points, rule=rule)


def table_of(sat: list[Sat], ids: Any) -> list[list[Fraction | None]]:
    """The plain table of the same answers."""
    return [[None if (m := one.marks.get(item)) is None else Fraction(m) for item in ids] for one in sat]


def add_people(exam: Exam, cast: Any, count: int) -> list[int]:
    """More candidates of 县信访局, committed; gives the ids of all, 江 and 罗 first."""
    made = [
        Person(
            account=str(20_000_000 + number),
            name=f"考生{number}",
            name_key=f"kao sheng {number:04}",
            initials="ks",
            created_at=exam.created_at,
        )
        for number in range(count)
    ]
    db.session.add_all(made)
    db.session.flush()
    for person in made:
        db.session.add(
            Candidate(
                exam_id=exam.id,
                person_id=person.id,
                unit_id=cast.office,
                lft=100,
                name=person.name,
                name_key=person.name_key,
            )
        )
    tally = db.session.get_one(Tally, (exam.id, 100))
    tally.listed, tally.expected = tally.listed + count, tally.expected + count
    db.session.commit()
    return [cast.jiang, cast.luo, *(person.id for person in made)]


def more_singles(asked: list[Revision], count: int) -> list[Revision]:
    """Further single choices of the small bank, before the others of the paper."""
    first, made = asked[0], []
    bank_id = db.session.get_one(Question, first.question_id).bank_id
    for number in range(count):
        question = Question(bank_id=bank_id, code=f"S-more-{number}", created_at=first.created_at)
        db.session.add(question)
        db.session.flush()
        made.append(
            Revision(
                question_id=question.id,
                number=1,
                kind="single",
                stem=f"又一道题{number}（　）。",
                options=[f"又{number}{letter}" for letter in "ABCD"],
                key="ABCD"[number % 4],
                content_hash=(f"m{number}" * 32)[:64],
                status="published",
                created_at=first.created_at,
            )
        )
    db.session.add_all(made)
    db.session.flush()
    return [*made, *asked]


def forms_of(hall):
    """The questions of the exam on two fixed papers: the first two singles on one each, the rest on both."""
    form = db.session.scalars(select(Form)).one()
    slots = db.session.scalars(select(Slot).order_by(Slot.position)).all()
    form.plan = None
    other = Form(exam_id=hall.exam.id, number=2, seed="2", hash="1" * 64, plan=None)
    db.session.add(other)
    db.session.flush()
    for slot in slots[1:]:
        db.session.add(
            Slot(
                form_id=other.id,
                position=slot.position,
                revision_id=slot.revision_id,
                points=slot.points,
                section=slot.section,
                cell=slot.cell,
            )
        )
    db.session.delete(slots[1])
    db.session.commit()
    return slots[0].revision_id, slots[1].revision_id


@pytest.fixture
def make_hall(app, cast, at):
    """make_hall(singles=3, people=14, attempts_allowed=2): a published exam at its opening, nobody has begun."""

    def make(*, singles: int = 0, people: int = 14, **rules: Any) -> Hall:
        now = at(OPENS)
        asked = more_singles(revisions(), singles)
        exam = make_exam(cast, now, asked=asked, **rules)
        return Hall(exam, {one.id: one for one in asked}, add_people(exam, cast, people), Random(7))

    return make


def everybody(hall: Hall, at: Any) -> list[Sat]:
    """All people of the hall sit once, a minute apart."""
    return [hall.sit(person, at.later(minutes=1)) for person in hall.people]
