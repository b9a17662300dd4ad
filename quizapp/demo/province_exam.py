"""The exam of the demonstration province: one paper for everybody, most sheets closed, marked by the app's own rule.

Rows are made as the app's own actions leave them, without going through these one by one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import Any

from quizapp import audit, clock, config
from quizapp.attempts import layout as layouts
from quizapp.attempts import marks as marking
from quizapp.attempts import receipts, runs
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt, AttemptMark, Closing, SheetEvent
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.demo import bulk, sitting
from quizapp.demo.county import SHORT, blueprint
from quizapp.demo.province_people import FOUR, Placed, Somebody
from quizapp.exams import actions, assembling, bands, frozen_tree, queries
from quizapp.exams.models import Candidate, Exam, ExamUnit

SAT, EXEMPT, DEFERRED = 0.93, 0.012, 0.008  # shares of the candidates
DAYS_OPEN, DAYS_LEFT = 10, 6
ABILITY, SPREAD, STEPS = 0.4, 0.8, 41  # of the people; into how many steps abilities are rounded
WRONG = 50  # wrong answers to a question among which people choose
RECEIPTS = len(receipts.UNAMBIGUOUS) ** 8
STRIDE = 370_248_451_003  # shares no factor with RECEIPTS: no receipt comes twice


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
    """The exam that runs since ten days, published without its candidates, who come with `store`."""
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
    """From −3 to +3 standard deviations."""
    return ABILITY + SPREAD * (6 * step / (STEPS - 1) - 3)


def _wrong(place: Any, face: Any, chance: Random) -> str:
    """What somebody chooses who knows nothing; now and then no letter."""
    chosen = sitting.answer(len(place.order), face.key, face.kind, -99, face.difficulty, chance)
    return layouts.displayed_letters(place, chosen)


def store(paper: Paper, people: Sequence[Somebody], chance: Random) -> None:
    """These people as candidates, most of them with sheet, receipt, marks and result. Five statements."""
    exam_id, candidates = paper.exam.id, []
    attempts, closings, marks, events = [], [], [], []
    weights = list(accumulate(2.718281828 ** -((6 * n / (STEPS - 1) - 3) ** 2 / 2) for n in range(STEPS)))
    steps = chance.choices(range(STEPS), cum_weights=weights, k=len(people))
    latest = clock.now() - timedelta(hours=1)
    for one, step in zip(people, steps, strict=True):
        status = _status(one, chance)
        sat = status == "expected" and one.id > len(FOUR) and chance.random() < SAT
        result: tuple[Any, ...] = (status, False, False, None, False, False, None)
        if sat:
            sheet = _sheet(paper, paper.sure[step], chance)
            started = sitting.working_hour(paper.opens_at, latest, chance)
            closed = started + timedelta(minutes=paper.exam.minutes * chance.uniform(0.35, 0.95))
            earned = paper.run.marker.marks(paper.layout, sheet)
            token = "".join(chance.choices(receipts.ADDRESS_LETTERS, k=22))
            answered = sheets.answered(sheet)
            attempts.append(_attempt(paper, one.id, token, sheet, answered, started, closed))
            digest = receipts.digest(token, paper.layout_hash, sheet)
            closings.append(
                (one.id, one.id, 1, sheet, 1, answered, closed, "person", _receipt(one.id), digest, answered)
            )
            marks.append((paper.run.id, one.id, earned.total, marking.slots_text(earned)))
            events.append((one.id, one.id, "hand_in", 1, answered, closed, sheet, DEMO))
            result = _result(paper, earned.total, closed)
        candidates.append(
            (one.id, exam_id, one.id, one.unit_id, one.lft, one.name, one.name_key)
            + (one.post, one.sort, one.category, *result)
        )
    bulk.add(Candidate, CANDIDATE, candidates)
    bulk.add(Attempt, ATTEMPT, attempts)
    bulk.add(Closing, CLOSING, closings)
    bulk.add(AttemptMark, ("run_id", "closing_id", "total", "marks"), marks)
    bulk.add(SheetEvent, EVENT, events)


DEMO = json.dumps({"demo": True})
CANDIDATE = (
    *("id", "exam_id", "person_id", "unit_id", "lft", "name", "name_key", "post", "post_sort", "category"),
    *("status", "started", "sat", "points", "passed", "excellent", "finished_at"),
)
ATTEMPT = (
    *("id", "token", "exam_id", "candidate_id", "person_id", "number", "state", "layout", "layout_hash"),
    *("slots", "pledge", "pledged_at", "created_at", "started_at", "closes_at", "refused_after"),
    *("epoch", "revision", "sheet", "saved_epoch", "saved_revision", "saved_at", "closed_at"),
)
CLOSING = (
    *(
        "id",
        "attempt_id",
        "n",
        "sheet",
        "epoch",
        "revision",
        "closed_at",
        "by",
        "receipt",
        "digest",
        "answered",
    ),
)
EVENT = ("id", "attempt_id", "kind", "epoch", "revision", "at", "sheet", "extra")


def _status(one: Somebody, chance: Random) -> str:
    lot = chance.random() if one.id > len(FOUR) else 1.0
    return "exempt" if lot < EXEMPT else "deferred" if lot < EXEMPT + DEFERRED else "expected"


def _sheet(paper: Paper, sure: Sequence[float], chance: Random) -> str:
    lot = chance.random
    slots = zip(paper.keys, paper.wrong, sure, strict=True)
    return ".".join([key if lot() < known else wrong[int(lot() * WRONG)] for key, wrong, known in slots])


def _result(paper: Paper, total: int, closed: datetime) -> tuple[Any, ...]:
    passed = bands.passed(total, paper.run.pass_mark)
    return ("expected", True, True, total, passed, bands.excellent(total, paper.run.excellent_mark), closed)


def _attempt(
    paper: Paper, number: int, token: str, sheet: str, saves: int, started: datetime, closed: datetime
) -> tuple[Any, ...]:
    exam = paper.exam
    ends = started + timedelta(minutes=exam.minutes)
    return (
        *(number, token, exam.id, number, number, 1, "submitted", paper.layout, paper.layout_hash),
        *(
            len(paper.keys),
            exam.pledge,
            started,
            started,
            started,
            ends,
            ends + timedelta(seconds=exam.grace_s),
        ),
        *(1, saves, sheet, 1, saves, closed, closed),
    )


def _receipt(number: int) -> str:
    """A receipt for each attempt, which looks drawn by chance as those of the app are."""
    rest, letters = number * STRIDE % RECEIPTS, receipts.UNAMBIGUOUS
    eight = []
    for _ in range(8):
        rest, place = divmod(rest, len(letters))
        eight.append(letters[place])
    return f"R-{''.join(eight[:4])}-{''.join(eight[4:])}"
