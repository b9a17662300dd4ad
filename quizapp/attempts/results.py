"""From marks to what counts for a candidate: points, passed, excellent, and the counters of the unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import and_, select

from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.db import db
from quizapp.exams import bands, counting, tallies
from quizapp.exams.models import Candidate, Exam


@dataclass(frozen=True)
class Sat:
    """One attempt as it ended. sat: 实考, it counts as taking part. points: tenths of a 分."""

    candidate_id: int
    exam_id: int
    points: int
    finished_at: datetime
    sat: bool


class Limits(Protocol):
    """From how many tenths of a 分 a result has passed and counts as 优秀."""

    @property
    def pass_mark(self) -> int: ...

    @property
    def excellent_mark(self) -> int: ...


def record(ended: Sequence[Sat], limits: Mapping[int, Limits]) -> None:
    """Attempts were closed and marked just now: candidates and counters follow, in this transaction.

    limits: by exam.
    """
    if ended:
        tallies.record_results([_result(one, limits[one.exam_id]) for one in ended])


def recount(candidate_ids: Sequence[int]) -> None:
    """Work out anew what counts for these candidates: after a void, a reopening, another marking run.

    They are locked before anything is read: of two who do this at once, the second sees what the first has done.
    """
    if not candidate_ids:
        return
    chosen = select(Candidate.id).where(Candidate.id.in_(candidate_ids)).order_by(Candidate.id)
    db.session.execute(chosen.with_for_update())
    rows = db.session.execute(
        select(
            *(Attempt.candidate_id, Attempt.exam_id, AttemptMark.total, Closing.closed_at),
            *(Closing.by, Closing.answered, Exam.counts),
        )
        .join(Closing, and_(Closing.attempt_id == Attempt.id, Closing.withdrawn_at.is_(None)))
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(MarkingRun, and_(MarkingRun.exam_id == Exam.id, MarkingRun.state == "current"))
        .join(AttemptMark, and_(AttemptMark.closing_id == Closing.id, AttemptMark.run_id == MarkingRun.id))
        .where(Attempt.candidate_id.in_(candidate_ids), Attempt.state.in_(("submitted", "expired")))
        .order_by(Attempt.candidate_id, Attempt.number, Closing.n)
    ).all()
    counted: dict[int, Sat] = {}
    for candidate_id, exam_id, total, closed_at, by, answered, rule in rows:
        if candidate_id is None or (by == "deadline" and not answered):
            continue
        so_far = counted.get(candidate_id)
        if counting.counts(so_far.points if so_far else None, total, rule):
            counted[candidate_id] = Sat(candidate_id, exam_id, total, closed_at, True)
    limits = _limits({sat.exam_id for sat in counted.values()})
    tallies.replace_results(
        {
            candidate_id: _result(sat, limits[sat.exam_id]) if (sat := counted.get(candidate_id)) else None
            for candidate_id in candidate_ids
        }
    )


def _limits(exam_ids: set[int]) -> Mapping[int, Limits]:
    rows = db.session.execute(
        select(Exam.id, Exam.pass_mark, Exam.excellent_mark).where(Exam.id.in_(exam_ids))
    )
    return {row.id: row for row in rows}


def _result(one: Sat, limits: Limits) -> tallies.Result:
    return tallies.Result(
        one.candidate_id,
        one.points,
        bands.passed(one.points, limits.pass_mark),
        bands.excellent(one.points, limits.excellent_mark),
        one.sat,
        one.finished_at,
    )
