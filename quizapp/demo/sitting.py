"""What people of the demonstration county answered: invented, with the ups and downs of real results."""

import json
import math
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert, select

from quizapp.attempts import closing, journal, receipts
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.exams import queries as exams
from quizapp.exams.drawing import Place
from quizapp.exams.models import Candidate, Exam


def likely(ability: float, difficulty: int) -> float:
    """How likely somebody of this ability (0 is usual, ±1 a standard deviation) knows a question of difficulty 1–5."""
    return 1 / (1 + math.exp(-(ability + 2.6 - 0.55 * difficulty)))


def knows(ability: float, difficulty: int, chance: Random) -> bool:
    """Whether somebody of this ability knows a question this time."""
    return chance.random() < likely(ability, difficulty)


def answer(options: int, key: str, kind: str, ability: float, difficulty: int, chance: Random) -> str:
    """The own letters somebody chooses; now and then none."""
    letters = "ABCDEFGH"[:options]
    if knows(ability, difficulty, chance):
        return key
    if chance.random() < 0.04:
        return ""
    if kind == "multiple":
        chosen = "".join(letter for letter in letters if chance.random() < 0.55) or letters[0]
        return chosen if chosen != key else letters[: max(1, len(key) - 1)]
    return chance.choice([letter for letter in letters if letter != key])


def sit(exam: Exam, people: dict[int, float], share: float, until: datetime, chance: Random) -> int:
    """Let a share of the candidates sit the exam before a moment. people: ability by person id. How many sat."""
    source = exams.frozen_source(exam)
    candidates = db.session.scalars(
        select(Candidate)
        .where(Candidate.exam_id == exam.id, Candidate.person_id.in_(people))
        .order_by(Candidate.id)
    ).all()
    questions = bank.full(slot.revision_id for slot in source.slots)
    rows = []
    for candidate in candidates:
        if chance.random() < share:
            places = source.paper(candidate.id, 1)
            rows.append(
                _attempt(exam, candidate, places, questions, people[candidate.person_id], until, chance)
            )
    _store(rows, until)
    return len(rows)


def _attempt(
    exam, candidate, places: list[Place], questions, ability: float, until: datetime, chance: Random
):
    text = layouts.to_text(places)
    sheet = sheets.format_slots(
        layouts.displayed_letters(
            place,
            answer(
                len(place.order),
                questions[place.revision_id].key,
                questions[place.revision_id].kind,
                ability,
                questions[place.revision_id].difficulty,
                chance,
            ),
        )
        for place in places
    )
    started = working_hour(exam.opens_at, until - timedelta(hours=1), chance)
    closed = min(started + timedelta(minutes=exam.minutes * chance.uniform(0.35, 0.95)), until)
    saves = sheets.answered(sheet)
    return {
        "token": receipts.new_token(chance.randrange),
        "exam_id": exam.id,
        "candidate_id": candidate.id,
        "person_id": candidate.person_id,
        "number": 1,
        "trial": False,
        "state": "submitted",
        "layout": text,
        "layout_hash": layouts.hash_of(text),
        "slots": len(places),
        "pledge": exam.pledge,
        "pledged_at": started,
        "created_at": started,
        "started_at": started,
        "closes_at": started + timedelta(minutes=exam.minutes),
        "refused_after": started + timedelta(minutes=exam.minutes, seconds=exam.grace_s),
        "epoch": 1,
        "revision": saves,
        "sheet": sheet,
        "saved_epoch": 1,
        "saved_revision": saves,
        "saved_at": closed,
        "closed_at": closed,
    }


def working_hour(first: datetime, last: datetime, chance: Random) -> datetime:
    """Some moment between the two, mostly in working hours of a weekday in China."""
    for _ in range(30):
        moment = first + (last - first) * chance.random()
        local = moment + timedelta(hours=8)
        if local.weekday() < 5 and (9 <= local.hour < 12 or 14 <= local.hour < 18 or 20 <= local.hour < 21):
            return moment
    return first + (last - first) * chance.random()


def _store(rows: list[dict], now: datetime) -> None:
    """Attempts as the app would have left them at hand-in, then closed through its own action, a day at a time."""
    for start in range(0, len(rows), closing.BATCH):
        batch = rows[start : start + closing.BATCH]
        ids = db.session.scalars(insert(Attempt).returning(Attempt.id), batch).all()
        stored = db.session.execute(
            select(*closing.NEEDED).where(Attempt.id.in_(ids)).order_by(Attempt.id)
        ).all()
        journal.add(closing.lines(stored, "hand_in", now, extra=json.dumps({"demo": True})))
        closing.write_down(stored, "person")
    db.session.flush()
