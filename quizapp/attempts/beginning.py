"""开始答题: a paper is drawn and its clock starts, in one write; one small trip to PostgreSQL, however many begin."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, bindparam

from quizapp.attempts import guarded, opening, receipts, starting
from quizapp.attempts import layout as layouts
from quizapp.attempts import outcomes as o
from quizapp.attempts import sheet as sheets
from quizapp.attempts.dialects import insert_once
from quizapp.attempts.models import Attempt
from quizapp.attempts.starting import Tried
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam

COLUMNS = (
    *("token", "exam_id", "candidate_id", "person_id", "number", "trial", "rehearsal"),
    *("layout", "layout_hash", "slots", "sheet", "pledge", "pledged_at", "created_at"),
    *("epoch", "revision", "saved_epoch", "saved_revision", "page_key", *opening.CLOCK),
)
SENT = ("epoch", "revision", "sheet")  # columns that the journal's line takes too


def begin(
    exam: Exam, candidate: Candidate, so_far: Tried, *, pledge: str, now: datetime
) -> tuple[str, o.Opened] | None:
    """The token of a new attempt and its first opening; none when another one was begun at the same moment.

    The candidate's row is locked. Raises Refused with a key of starting.SENTENCES where the person may not begin.
    """
    number = starting.next_number(exam, candidate, so_far, now)
    text = layouts.to_text(starting.drawn(exam, candidate, number))
    slots, began, key = text.count(" ") + 1, opening.clock_of(exam, candidate, now), opening.new_key()
    row = {
        "token": receipts.new_token(),
        "exam_id": exam.id,
        "candidate_id": candidate.id,
        "person_id": candidate.person_id,
        "number": number,
        "trial": False,
        "rehearsal": False,
        "layout": text,
        "layout_hash": layouts.hash_of(text),
        "slots": slots,
        "sheet": sheets.blank(slots),
        "pledge": pledge,
        "pledged_at": now,
        "created_at": now,
        "epoch": 1,
        "revision": 0,
        "saved_epoch": 0,
        "saved_revision": 0,
        "page_key": key,
        **began,
    }
    if guarded.change(insert_opened, "open", _bound(row, now), *tallies.start_of(candidate)) is None:
        return None
    opened = o.Opened(1, 0, key, row["sheet"], (0, 0), (), began["closes_at"], exam.grace_s)
    return row["token"], opened


def _bound(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {_named(name): value for name, value in row.items()} | {"its_extra": "", "now": now}


def _named(column: str) -> str:
    return f"its_{column}" if column in SENT else f"new_{column}"


def insert_opened() -> Insert:
    """One attempt, unless this person has one of this number already. Gives its id."""
    columns = Attempt.__table__.c
    values = {name: bindparam(_named(name), type_=columns[name].type) for name in COLUMNS}
    return insert_once(Attempt.__table__).values(values).returning(columns.id)
