"""The small exam of tests/attempts, sat by many whose answers follow from their place: nothing is left to chance.

The key of the first question is wrong: the upper half choose C, the lower half the key B.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from quizapp import clock
from quizapp.attempts import closing, receipts
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams.drawing import Place
from quizapp.exams.models import Candidate, Exam, Slot
from quizapp.people.models import Person

ORDERS = {"single": "ABCD", "multiple": "ABCDE", "judge": "AB"}
Answers = Callable[[int, int], list[str]]


def by_place(place: int, people: int) -> list[str]:
    """What somebody answers of the four questions, the better the later: keys are B, D, ACE, A."""
    share = place / people
    return [
        "C" if share >= 0.5 else "B",
        "D" if share >= 0.3 else "A",
        "ACE" if share >= 0.4 else "AC",
        "A" if share >= 0.2 or place % 3 == 0 else "",
    ]


def sit(
    exam: Exam,
    people: int,
    answers: Answers = by_place,
    *,
    slots: list[Slot] | None = None,
    first: int = 0,
    **candidate: Any,
) -> list[int]:
    """So many people, with accounts of their own, sit the exam and hand in; committed. Gives the attempts.

    slots: of the paper, in its order; of the exam's first form without. first: the number of the first of them.
    """
    now = clock.now()
    slots = slots or list(db.session.scalars(select(Slot).order_by(Slot.position)))
    places = [Place(one.revision_id, ORDERS[one.section], one.points) for one in slots]
    text = layouts.to_text(places)
    persons = db.session.scalars(
        insert(Person).returning(Person.id),
        [
            {
                "account": f"{exam.id:04}{place:04}"[-8:],
                "name": f"考生{place}",
                "name_key": f"{place:05}",
                "created_at": now,
            }
            for place in range(first, first + people)
        ],
    ).all()
    where = {"unit_id": db.session.query(Candidate).first().unit_id, "lft": 100} | candidate
    candidates = db.session.scalars(
        insert(Candidate).returning(Candidate.id),
        [
            {"exam_id": exam.id, "person_id": person, "name": "考生", "name_key": str(person), **where}
            for person in sorted(persons)
        ],
    ).all()
    rows = [
        {
            "token": receipts.new_token(),
            "exam_id": exam.id,
            "candidate_id": sat,
            "person_id": person,
            "number": 1,
            "trial": False,
            "state": "submitted",
            "layout": text,
            "layout_hash": layouts.hash_of(text),
            "slots": len(places),
            "created_at": now,
            "started_at": now,
            "closes_at": now + timedelta(minutes=60),
            "refused_after": now + timedelta(minutes=62),
            "sheet": sheets.format_slots(answers(place, people)[: len(places)]),
            "closed_at": now,
        }
        for place, (sat, person) in enumerate(zip(sorted(candidates), sorted(persons), strict=True))
    ]
    attempts = sorted(db.session.scalars(insert(Attempt).returning(Attempt.id), rows))
    stored = db.session.execute(
        select(*closing.NEEDED).where(Attempt.id.in_(attempts)).order_by(Attempt.id)
    ).all()
    closing.write_down(stored, "person")
    db.session.commit()
    return attempts
