"""Practice in a province: every tenth person has answered twenty questions of the last month, written by the database
itself; and what the job takes to keep the figures of its units."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import func, select, text

from quizapp import clock
from quizapp.bank.queries import keys
from quizapp.db import db
from quizapp.people.models import Membership
from quizapp.practice import actions
from quizapp.practice.models import PracticeAnswer
from quizapp.practice.queries import practice_pool
from quizapp.reports.jobs import refresh_study
from tests.bench.rows import Row, fact

EACH, QUESTIONS, DAYS = 10, 20, 30  # every so many people, so many questions, of so many days
ANEW = 1000  # people who answer one question more
COUNT = """
import json, re, time
from pathlib import Path
from quizapp import create_app
from quizapp.reports.jobs import refresh_study
from quizapp.reports.study import queries
app, began, turns = create_app(), time.perf_counter(), 0
with app.app_context():
    while queries.as_of() is None:
        refresh_study()
        turns += 1
spent = time.perf_counter() - began
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([peak, spent, turns]))
"""
ASKED = """
  CREATE TEMPORARY TABLE asked AS SELECT person.id AS person, revision.id AS revision,
    revision.question_id AS question, revision.key AS key, mod(person.id + revision.id, 4) <> 0 AS "right",
    mod(person.id + 7 * revision.id, :days) AS back
  FROM person JOIN revision ON revision.id = ANY(:revisions) WHERE mod(person.id, :each) = 0
"""
ANSWERS = """
  INSERT INTO practice_answer (client_id, person_id, question_id, revision_id, chosen, correct, source, day,
    answered_at, received_at)
  SELECT 'bench' || person || '-' || revision, person, question, revision,
    CASE WHEN "right" THEN key WHEN key = 'A' THEN 'B' ELSE 'A' END, "right", 'daily', CAST(:today AS date) - back,
    :now - back * interval '1 day', :now - back * interval '1 day' FROM asked
"""
CARDS = """
  INSERT INTO card (person_id, question_id, stability, difficulty, due_at, reviewed_at, answers, "right", wrong_open,
    right_days, last_right_on)
  SELECT person, question, 2.3 + back, 5, :now, :now - back * interval '1 day', 1, CAST("right" AS integer),
    NOT "right", CAST("right" AS integer), CASE WHEN "right" THEN CAST(:today AS date) - back END FROM asked
"""


def practised() -> Row:
    """Let people practise. PostgreSQL only."""
    now = clock.now()
    values: dict[str, Any] = {
        "revisions": [entry.revision_id for entry in practice_pool()[:QUESTIONS]],
        "each": EACH,
        "days": DAYS,
        "now": now,
        "today": clock.today(now),
    }
    for statement in (ASKED, ANSWERS, CARDS):
        used = {name: values[name] for name in values if f":{name}" in statement}
        db.session.execute(text(statement), used)
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) practice_answer, card"))
    count = db.session.scalar(select(func.count()).select_from(PracticeAnswer)) or 0
    return fact("province-practised", count, f"answers: {QUESTIONS} of every {EACH}th person")


def counted(peak: float, seconds: float, turns: int) -> Iterator[Row]:
    """What COUNT printed of a process of its own."""
    yield fact("province-study", seconds, f"seconds to count all units, in {turns} turns of the job")
    yield fact("province-study-memory", peak, "megabytes at most, of a process that does only this")


def kept() -> Iterator[Row]:
    """The job once all units are counted: when nothing has happened, and units in which people have answered since."""
    for name, minutes, detail in (
        ("quiet", 5, "seconds of a turn when nothing has happened"),
        ("anew", 10, f"seconds of a turn after {ANEW} people have answered"),
    ):
        if name == "anew":
            _answer_anew()
        with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=True):
            began = time.perf_counter()
            refresh_study()
            yield fact(f"province-study-{name}", time.perf_counter() - began, detail)


def _answer_anew() -> None:
    now = clock.now()
    [entry] = practice_pool()[QUESTIONS : QUESTIONS + 1]
    right = keys([entry.revision_id])[entry.revision_id]
    people = db.session.scalars(
        select(Membership.person_id).where(Membership.main, Membership.person_id % EACH == 1).limit(ANEW)
    ).all()
    actions.record(
        [
            actions.Answer(
                f"anew-{person:08}", person, entry.revision_id, right, "daily", clock.today(now), now
            )
            for person in people
        ],
        now,
    )
    db.session.commit()
