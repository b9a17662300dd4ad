"""Who sat the exam of the demonstration province, and how: sheets, receipts, marks and results.

Rows stand as the app's own actions leave them, without going through these one by one; marks are the app's own rule's.
"""

import json
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from quizapp import clock
from quizapp.attempts import marks as marking
from quizapp.attempts import receipts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt, AttemptMark, Closing, SheetEvent
from quizapp.demo import bulk, sitting
from quizapp.demo.province_exam import STEPS, WRONG, Paper, deviations
from quizapp.demo.province_people import FOUR, Somebody
from quizapp.exams import bands
from quizapp.exams.models import Candidate

SAT, EXEMPT, DEFERRED = 0.93, 0.012, 0.008  # shares of the candidates
RECEIPTS = len(receipts.UNAMBIGUOUS) ** 8
STRIDE = 370_248_451_003  # shares no factor with RECEIPTS: no receipt comes twice
BELL = list(accumulate(math.exp(-(deviations(step) ** 2) / 2) for step in range(STEPS)))
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


def store(paper: Paper, people: Sequence[Somebody], chance: Random) -> None:
    """These people as candidates, most of them with sheet, receipt, marks and result. Five statements."""
    exam_id, candidates = paper.exam.id, []
    attempts, closings, marks, events = [], [], [], []
    steps = chance.choices(range(STEPS), cum_weights=BELL, k=len(people))
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
