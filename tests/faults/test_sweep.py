"""自动交卷: a sweep that is late, repeated, on two nodes at once or killed leaves what one punctual sweep leaves.

The same scores, the same closing times. Sheets of many ends are swept in small batches by nodes that are
processes of their own; afterwards everything that a closing leaves is compared with what a sweep at every end left.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, select, true, update

from quizapp import clock, together
from quizapp.attempts import closing, guards, jobs, journal
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.marks import keys_from_json, marks_of, slots_text
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun, SheetEvent
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam, Tally
from tests.databases import settings
from tests.faults import counting, sittings, sweeping
from tests.faults.counting import Count

PEOPLE = 80
UNOPENED = 4  # of them: drawn, never opened; nothing closes them
BATCH = 7  # sheets to a transaction, so that one sweep takes many
ENDS = 5  # different ends of time
SAID = 100  # a whole sweep says at least so many things to the database
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Room:
    """People whose sheets are open, and what a punctual sweep makes of them."""

    exam_id: int
    opened: list[dict[str, Any]]  # the attempts as they stand before any sweep
    late: datetime  # when the last of them is overdue


@pytest.fixture
def room(app, bank):
    sittings.prepare(PEOPLE)
    now, chance = clock.now(), Random(counting.SEED)
    ids = db.session.scalars(select(Attempt.id).order_by(Attempt.id)).all()[UNOPENED:]
    opened = [_as_opened(attempt_id, now + chance.randrange(ENDS) * MINUTE, chance) for attempt_id in ids]
    db.session.execute(update(Attempt), opened)
    journal.add([_saved(row, now) for row in opened if row["saved_revision"]])
    sitting = select(Candidate).join(Attempt, Attempt.candidate_id == Candidate.id).where(Attempt.id.in_(ids))
    for candidate in db.session.scalars(sitting).all():
        together.write(*tallies.start_of(candidate))
    exam_id = db.session.scalars(select(Exam.id)).one()
    db.session.commit()
    return Room(exam_id, opened, max(row["refused_after"] for row in opened) + SECOND)


def _as_opened(attempt_id: int, end: datetime, chance: Random) -> dict[str, Any]:
    slots = sum(sittings.NUMBERS.values())
    answers = [chance.choice(["", "A", "B", "AB"]) for _ in range(slots)]
    sheet = sheets.format_slots(answers) if chance.random() < 0.9 else sheets.blank(slots)
    revision = chance.randrange(1, 40) if sheets.answered(sheet) else 0
    return {
        "id": attempt_id,
        "state": "in_progress",
        "started_at": end - 60 * MINUTE,
        "closes_at": end,
        "refused_after": end + 2 * MINUTE,
        "epoch": 1,
        "revision": revision,
        "saved_epoch": 1 if revision else 0,
        "saved_revision": revision,
        "sheet": sheet,
        "closed_at": None,
    }


def _saved(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return journal.row(row["id"], "save", epoch=1, revision=row["revision"], sheet=row["sheet"], now=now)


def open_again(room: Room) -> None:
    """Everything as it was before anybody swept."""
    for model in (AttemptMark, Closing):
        db.session.execute(delete(model))
    db.session.execute(delete(SheetEvent).where(SheetEvent.kind == "expire"))
    db.session.execute(update(Attempt), room.opened)
    candidates = select(Attempt.candidate_id).where(Attempt.id.in_([row["id"] for row in room.opened]))
    tallies.replace_results(dict.fromkeys(db.session.scalars(candidates)))
    db.session.commit()


# What a sweep leaves ----------------------------------------------------------------------------------------------


def left(room: Room) -> dict[int, dict[str, Any]]:
    """By attempt, all that does not come from chance (receipt numbers, row ids) or from when somebody looked."""
    db.session.rollback()
    found = {
        row.id: {
            "stuck": row.state == "in_progress",
            "closed": (row.state, row.closed_at, row.sheet, row.saved_epoch, row.saved_revision),
            "closings": [],
            "scores": [(row.started, row.sat, row.points, row.passed, row.excellent, row.finished_at)],
        }
        for row in db.session.execute(
            select(
                *(Attempt.id, Attempt.state, Attempt.closed_at, Attempt.sheet),
                *(Attempt.saved_epoch, Attempt.saved_revision),
                *(Candidate.started, Candidate.sat, Candidate.points, Candidate.passed),
                *(Candidate.excellent, Candidate.finished_at),
            ).join(Candidate, Candidate.id == Attempt.candidate_id)
        )
    }
    rows = db.session.execute(
        select(
            *(Closing.attempt_id, Closing.n, Closing.sheet, Closing.epoch, Closing.revision),
            *(Closing.closed_at, Closing.by, Closing.digest, Closing.answered),
            *(AttemptMark.total, AttemptMark.marks),
        )
        .outerjoin(AttemptMark, AttemptMark.closing_id == Closing.id)
        .order_by(Closing.attempt_id, Closing.n)
    )
    for attempt_id, *facts, total, marks in rows:
        found[attempt_id]["closings"].append(tuple(facts))
        found[attempt_id]["scores"].append((total, marks))
    for line in db.session.execute(
        select(SheetEvent.attempt_id, SheetEvent.sheet).where(SheetEvent.kind == "expire")
    ):
        found[line.attempt_id]["closings"].append(("journal", line.sheet))
    assert tallies.faults(room.exam_id) == {}
    return found


def counters(room: Room) -> list[tuple[Any, ...]]:
    return [
        (row.lft, row.started, row.submitted, row.passed, row.excellent, row.points)
        for row in db.session.scalars(select(Tally).where(Tally.exam_id == room.exam_id).order_by(Tally.lft))
    ]


def punctual(room: Room) -> dict[int, dict[str, Any]]:
    """What one sweep at every end leaves; each mark is checked against the rule itself."""
    for end in sorted({row["refused_after"] for row in room.opened}):
        jobs.sweep(end + SECOND)
    found = left(room)
    run = db.session.execute(select(MarkingRun.keys)).scalar_one()
    rule = db.session.get_one(Exam, room.exam_id).multiple_rule
    layout_of = dict(db.session.execute(select(Attempt.id, Attempt.layout)).all())
    for row in room.opened:
        earned = marks_of(layouts.from_text(layout_of[row["id"]]), keys_from_json(run), row["sheet"], rule)
        assert found[row["id"]]["scores"][1] == (earned.total, slots_text(earned))
        assert found[row["id"]]["closed"][:2] == ("expired", row["closes_at"])
    assert Counter(one["closed"][0] for one in found.values()) == {
        "expired": PEOPLE - UNOPENED,
        "created": UNOPENED,
    }
    return found


def differing(found: dict[int, Any], expected: dict[int, Any]) -> Counter[str]:
    """How many attempts are stuck, closed otherwise, or have other scores than one punctual sweep gave."""
    counted: Counter[str] = Counter()
    for attempt_id, facts in expected.items():
        other = found[attempt_id]
        counted["stuck"] += other["stuck"] and not facts["stuck"]
        counted["lost"] += any(other[what] != facts[what] for what in ("closed", "closings"))
        counted["wrong"] += other["scores"] != facts["scores"]
    return counted


# What happens to the sweeper --------------------------------------------------------------------------------------

DAY = timedelta(days=1)
WAYS = {  # how: turns of (how late, for each node: whether it is killed)
    "twice": [(0 * DAY, [False]), (MINUTE, [False])],
    "on two nodes": [(0 * DAY, [False, False])],
    "after a day": [(DAY, [False])],
    "killed in the middle": [(0 * DAY, [True]), (MINUTE, [False])],
    "killed on one of two nodes": [(0 * DAY, [False, True]), (DAY, [False, False])],
}


def closed_again(room, expected, monkeypatch) -> int:
    """The negative control: how many sheets a second sweep closes again when its UPDATE does not look at the state."""
    monkeypatch.setattr(guards, "in_progress", true)
    closing.expire(room.late)
    db.session.commit()
    return differing(left(room), expected)["lost"]


def test_sweeps_of_any_kind_leave_what_one_punctual_sweep_leaves(
    room, database, tmp_path, count, monkeypatch
):
    expected, expected_counters = punctual(room), counters(room)
    chance, turns, found, codes = Random(counting.SEED), counting.trials(50), Counter(), Counter()
    with sweeping.mother(settings(database, tmp_path)) as mother:
        for turn in range(turns):
            open_again(room)
            how = list(WAYS)[turn % len(WAYS)]
            for late, nodes in WAYS[how]:
                dies_at = [chance.randrange(1, SAID) if dies else None for dies in nodes]
                ended = mother.sweep(room.late + late, dies_at, BATCH)
                codes.update(ended)
                assert set(ended) <= {0, sweeping.KILLED}, f"{how}: a node failed"
            found += differing(left(room), expected)
            assert counters(room) == expected_counters, how
    assert codes[sweeping.KILLED] >= turns // len(WAYS)
    again = closed_again(room, expected, monkeypatch)
    assert again == len(room.opened)
    count(
        Count(
            "sweep late, twice, on two nodes, killed",
            database.dialect,
            turns,
            "rounds",
            turns * len(room.opened),
            lost=found["lost"],
            wrong=found["wrong"],
            stuck=found["stuck"],
            control=f"UPDATE without the state: {again} of {len(room.opened)} closed twice",
        )
    )


def test_a_sweep_that_notes_when_it_noticed_closes_at_other_times(room, monkeypatch):
    expected = punctual(room)
    open_again(room)
    monkeypatch.setattr(closing, "time_of_expiry", lambda now: now)
    jobs.sweep(room.late + DAY)
    assert differing(left(room), expected)["lost"] == len(room.opened)
