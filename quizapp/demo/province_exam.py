"""The exam of the demonstration province: one paper for everybody, published without its candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

from quizapp import audit, clock, config
from quizapp.attempts import layout as layouts
from quizapp.attempts import runs
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.demo import bulk, sitting
from quizapp.demo.county import SHORT, blueprint
from quizapp.demo.province_people import FOUR, Placed
from quizapp.exams import actions, assembling, frozen_tree, queries
from quizapp.exams.models import Exam, ExamUnit

DAYS_OPEN, DAYS_LEFT = 10, 6
ABILITY, SPREAD, STEPS = 0.4, 0.8, 41  # of the people; into how many steps abilities are rounded
WRONG = 50  # wrong answers to a question among which people choose


@dataclass(frozen=True)
class Paper:
    """What every sheet of the exam is made and marked with."""

    exam: Exam
    opens_at: datetime
    run: runs.Run
    layout: str
    layout_hash: str
    keys: Sequence[str]  # the right letters of each slot
    wrong: Sequence[Sequence[str]]
    sure: Sequence[Sequence[float]]  # how likely each slot is known, by step of ability


def publish(root: Placed, units: Sequence[Placed], bank_id: int, now: datetime, chance: Random) -> Paper:
    """The exam that runs since ten days, published without its candidates, who come with `province_sheets`."""
    today = clock.today(now)
    first, last = today - timedelta(days=DAYS_OPEN), today + timedelta(days=DAYS_LEFT)
    made = clock.start_of(first) - timedelta(days=3)
    values = {
        "title": f"{today.year}年度全省《信访工作条例》考试",
        "purpose": "annual",
        "bank_ids": [bank_id],
        "blueprint": blueprint(SHORT),
        "points": {"single": 50, "multiple": 60, "judge": 40},
        "minutes": 30,
        "opens_at": clock.start_of(first),
        "closes_at": clock.end_of(last),
        "shuffle_questions": False,
        "shuffle_options": False,
        "pledge": config.value("PLEDGE"),
        "notice": config.value("EXAM_NOTICE"),
        "bands": [["优秀", 900], ["良好", 800], ["合格", 600]],
    }
    exam = actions.create(unit_id=root.id, values=values, audience=[(root.id, True)], now=made, actor_id=None)
    exam.seed = sha256(exam.title.encode()).hexdigest()[:32]  # always the same paper
    _freeze(exam, root, units)
    exam.state, exam.published_at = "published", made
    db.session.flush()
    for hook in actions.on_publish:
        hook(exam, made)
    audit.record("exam.published", exam, actor_id=None, questions=len(exam.picked))
    return _paper(exam, chance)


def _freeze(exam: Exam, root: Placed, units: Sequence[Placed]) -> None:
    """The paper that a draw gives, for everybody; and the units on the way to somebody."""
    pool = assembling.pool(exam)
    drawn = queries.draft_source(exam).paper("province", 1)
    exam.picked = [pool.by_revision[place.revision_id].question_id for place in drawn]
    exam.mode = "fixed"
    assembling.freeze(exam, assembling.forms(exam, pool))
    of_the_four = {one.unit for one in FOUR}
    inhabited = {unit.id for unit in units if unit.people or unit.code in of_the_four}
    kept = frozen_tree.on_the_way(units, {root.id, *inhabited})
    bulk.add(
        ExamUnit,
        ("exam_id", "unit_id", "parent_id", "lft", "rgt", "name", "sort"),
        [(exam.id, u.id, u.parent_id, u.lft, u.rgt, u.name, n) for n, u in enumerate(kept)],
    )


def _paper(exam: Exam, chance: Random) -> Paper:
    places = queries.frozen_source(exam).paper(1, 1)
    faces = bank.full(place.revision_id for place in places)
    asked = [(place, faces[place.revision_id]) for place in places]
    text = layouts.to_text(places)
    abilities = [_ability(step) for step in range(STEPS)]
    return Paper(
        exam,
        clock.start_of(clock.today(clock.now()) - timedelta(days=DAYS_OPEN)),
        runs.current({exam.id})[exam.id],
        text,
        layouts.hash_of(text),
        [layouts.displayed_letters(place, face.key) for place, face in asked],
        [[_wrong(place, face, chance) for _ in range(WRONG)] for place, face in asked],
        [[sitting.likely(ability, face.difficulty) for _, face in asked] for ability in abilities],
    )


def _ability(step: int) -> float:
    return ABILITY + SPREAD * deviations(step)


def deviations(step: int) -> float:
    """How far a step of ability is from the usual: from −3 to +3 standard deviations."""
    return 6 * step / (STEPS - 1) - 3


def _wrong(place: Any, face: Any, chance: Random) -> str:
    """What somebody chooses who knows nothing; now and then no letter."""
    chosen = sitting.answer(len(place.order), face.key, face.kind, -99, face.difficulty, chance)
    return layouts.displayed_letters(place, chosen)
