"""Statistics of a large exam on PostgreSQL: from sheets as they are stored to every figure of every question.

Two exams: one paper of a hundred questions for everybody, each in an order of its own, and a hundred drawn of four
hundred per person. Some thousands of papers are made one by one and stored many times over; they are read and
taken apart as often. The goals are meant for the million: of fewer sheets the figures are told without them.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select, text

from quizapp import clock
from quizapp.attempts import layout as layouts
from quizapp.attempts import marks as marking
from quizapp.attempts import runs
from quizapp.attempts import sheet as sheets
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.demo import sitting
from quizapp.exams.drawing import Place
from quizapp.exams.models import Exam, Form, Slot
from quizapp.people.models import Unit
from tests.bench.rows import Row, at_most
from tests.databases import in_app

MILLION = 1_000_000
SECONDS, MEGABYTES = 60.0, 4096.0
QUESTIONS, POOL, PAPERS = 100, 400, 10_000
POINTS = 10  # tenths of a 分
CASES = {"fixed": QUESTIONS, "drawn": POOL}
MEASURED = """
import json, re, resource, sys, time
from pathlib import Path
from quizapp import create_app
from quizapp.analysis import describing, document, reading
exam = int(sys.argv[1])
with create_app().app_context():
    began = time.monotonic()
    sheets = reading.of_exam(exam)
    read = time.monotonic() - began
    told = document.document(sheets, describing.of_exam(exam, sheets.ids)[1])
    spent = time.monotonic() - began
use = resource.getrusage(resource.RUSAGE_SELF)
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([told["test"]["attempts"], told["test"]["mean"], read, spent, use.ru_utime + use.ru_stime, peak]))
"""
PEOPLE = """
  INSERT INTO person (account, name, name_key, initials, must_change, text_size, created_at)
  SELECT 'b' || lpad(CAST(n AS text), 7, '0'), '考生' || n, 'kao sheng', 'ks', false, 'standard', :now
  FROM generate_series(1, :people) AS n
"""
PAPER = (
    "CREATE TEMPORARY TABLE paper (n integer, layout text, hash text, sheet text, marks text, total integer)"
)
ATTEMPTS = """
  INSERT INTO attempt (token, exam_id, person_id, number, trial, rehearsal, state, layout, layout_hash, slots, pledge,
    created_at, started_at, closes_at, refused_after, epoch, revision, sheet, saved_epoch, saved_revision, saved_at,
    closed_at)
  SELECT lpad(CAST(:exam AS text) || '-' || person.id, 22, '0'), :exam, person.id, 1, false, false, 'submitted',
    layout, hash, :slots, '', :now, :now, :now, :now, 1, 1, sheet, 1, 1, :now, :now
  FROM person JOIN paper ON paper.n = mod(person.id, :papers) WHERE account LIKE 'b%'
"""
CLOSINGS = """
  INSERT INTO closing (attempt_id, n, sheet, epoch, revision, closed_at, "by", receipt, digest, answered)
  SELECT id, 1, sheet, 1, 1, :now, 'person', 'R-' || lpad(CAST(id AS text), 9, '0'), 'sha256:', :slots
  FROM attempt WHERE exam_id = :exam
"""
MARKS = """
  INSERT INTO attempt_mark (run_id, closing_id, total, marks)
  SELECT :run, closing.id, paper.total, paper.marks FROM closing
  JOIN attempt ON attempt.id = closing.attempt_id JOIN paper ON paper.n = mod(attempt.person_id, :papers)
  WHERE attempt.exam_id = :exam
"""


def rows(told: Mapping[str, Any], count: int, say: Callable[[str], None]) -> Iterator[Row]:
    """told: settings of an installation on PostgreSQL with the shipped bank and without people. count: of sheets."""
    in_app(dict(told), lambda: _people(count))
    for name, pool in CASES.items():
        say(f"storing {count} sheets of the {name} exam")
        exam_id, mean = in_app(dict(told), lambda pool=pool: _exam(pool, count))
        say("measuring their statistics")
        for row in _measured(told, name, exam_id, count, mean):
            yield row if count >= MILLION or row.goal is None else replace(row, goal=None, holds=None)


def _measured(told: Mapping[str, Any], name: str, exam_id: int, count: int, mean: float) -> Iterator[Row]:
    environment = os.environ | {f"QUIZAPP_{key}": str(value) for key, value in told.items()}
    command = [sys.executable, "-c", MEASURED, str(exam_id)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    attempts, found, read, spent, own, peak = json.loads(done.stdout.splitlines()[-1])
    sound = attempts == count and abs(found - mean) < 1e-6
    yield at_most(
        f"analysis-{name}",
        spent,
        SECONDS,
        f"seconds for {count} sheets of {QUESTIONS} questions, {read:.1f} s of them reading; {own:.0f} s of processor",
        sound=sound,
    )
    yield at_most(
        f"analysis-{name}-memory", peak, MEGABYTES, "megabytes at most, of that process", sound=sound
    )


def _people(count: int) -> None:
    db.session.execute(text(PEOPLE), {"people": count, "now": clock.now()})
    db.session.commit()


def _exam(pool: int, count: int) -> tuple[int, float]:
    """An exam with so many sheets, and their mean in 分."""
    now, chance = clock.now(), Random(pool)
    unit = db.session.scalars(select(Unit).where(Unit.code == "BENCH")).one_or_none()
    if unit is None:
        unit = Unit(code="BENCH", name="省", lft=1, rgt=1000, sort=1)
        db.session.add(unit)
        db.session.flush()
    exam = Exam(
        title=f"{pool}题中的{QUESTIONS}题",
        purpose="annual",
        unit_id=unit.id,
        state="published",
        seed=f"{pool:032}",
        created_at=now,
        published_at=now,
        opens_at=now,
        closes_at=now + timedelta(days=1),
    )
    db.session.add(exam)
    db.session.flush()
    plan = [{"cells": [0], "count": QUESTIONS}] if pool > QUESTIONS else None
    form = Form(exam_id=exam.id, number=1, seed=exam.seed, hash="0" * 64, plan=plan)
    db.session.add(form)
    asked = db.session.scalars(
        select(Revision).where(Revision.status == "published").order_by(Revision.id).limit(pool)
    ).all()
    db.session.flush()
    db.session.add_all(
        Slot(form_id=form.id, position=n, revision_id=one.id, points=POINTS, section=one.kind)
        for n, one in enumerate(asked, 1)
    )
    db.session.flush()
    runs.first_run(exam, now)
    papers = _papers(asked, runs.current({exam.id})[exam.id], chance)
    values = {
        "exam": exam.id,
        "run": runs.current({exam.id})[exam.id].id,
        "slots": QUESTIONS,
        "papers": PAPERS,
        "now": now,
    }
    db.session.execute(text("DROP TABLE IF EXISTS paper"))
    db.session.execute(text(PAPER))
    db.session.execute(text("INSERT INTO paper VALUES (:n, :layout, :hash, :sheet, :marks, :total)"), papers)
    for statement in (ATTEMPTS, CLOSINGS, MARKS):
        used = {name: value for name, value in values.items() if f":{name}" in statement}
        db.session.execute(text(statement), used)
    mean = db.session.scalar(
        text("SELECT avg(total) FROM attempt_mark WHERE run_id = :run"), {"run": values["run"]}
    )
    db.session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE) person, attempt, closing, attempt_mark"))
    return exam.id, float(mean or 0) / 10


def _papers(asked: Any, run: runs.Run, chance: Random) -> list[dict[str, Any]]:
    """Papers with questions and options in an order of chance, answered by people of different ability."""
    made = []
    for n in range(PAPERS):
        ability = chance.gauss(0.8, 1.0)
        places, answers = [], []
        for one in chance.sample(asked, QUESTIONS):
            letters = "ABCDEFGH"[: len(one.options)]
            order = "".join(chance.sample(letters, len(letters))) if one.kind != "judge" else letters
            places.append(Place(one.id, order, POINTS))
            chosen = sitting.answer(len(letters), one.key, one.kind, ability, one.difficulty, chance)
            answers.append(layouts.displayed_letters(places[-1], chosen))
        layout, sheet = layouts.to_text(places), sheets.format_slots(answers)
        earned = run.marker.marks(layout, sheet)
        made.append(
            {
                "n": n,
                "layout": layout,
                "hash": layouts.hash_of(layout),
                "sheet": sheet,
                "marks": marking.slots_text(earned),
                "total": earned.total,
            }
        )
    return made
