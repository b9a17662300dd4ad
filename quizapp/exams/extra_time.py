"""More time for candidates, also while they are sitting: more minutes, a share more, a later end of the window.

Locks are taken in the order in which a hand-in takes them: sittings, candidates by id, counters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, preconditions
from quizapp.exams.models import Candidate, Exam

MOST_MINUTES, MOST_PERCENT = 240, 200


@dataclass(frozen=True)
class MoreTime:
    """What is given on top of the exam's rules. closes_at: the person's own end of the window; none: the exam's."""

    minutes: int = 0
    percent: int = 0
    closes_at: datetime | None = None


def grant(
    exam: Exam,
    candidate_ids: Sequence[int],
    more: MoreTime,
    *,
    keep_ends: bool = False,
    reason: str,
    now: datetime,
    actor_id: int | None,
) -> list[Candidate]:
    """Give the same to all of these candidates, in place of what each was given before; gives them.

    keep_ends: who has an end of one's own keeps it where `more` names none. A constant number of statements.
    Raises Refused.
    """
    preconditions.published(exam)
    preconditions.reason_given(reason)
    _within_limits(more)
    if more.closes_at is not None and more.closes_at > now:
        preconditions.answers_hidden(exam, now)
    chosen = select(Candidate.id).where(Candidate.exam_id == exam.id, Candidate.id.in_(candidate_ids))
    for hook in actions.before_extension:
        hook(chosen)
    rows = locked(chosen)
    _later_than_own(exam, more.closes_at, rows)
    before = {row.id: given(row) for row in rows}
    values: dict[str, Any] = {"extra_minutes": more.minutes, "extra_percent": more.percent}
    if not keep_ends or more.closes_at is not None:
        values["personal_closes_at"] = more.closes_at
    db.session.execute(update(Candidate).where(Candidate.id.in_([row.id for row in rows])).values(**values))
    told = {"exam_id": exam.id, "reason": reason}
    audit.record_many(
        "candidate.time",
        "candidate",
        [(row.id, {**told, "before": before[row.id], "after": given(row)}) for row in rows],
        actor_id=actor_id,
    )
    for on_extension in actions.on_extension:
        on_extension(exam, chosen, now)
    return rows


def locked(chosen: actions.Chosen) -> list[Candidate]:
    """These candidates as they are now, by id, kept so until the transaction ends."""
    return list(
        db.session.scalars(
            select(Candidate)
            .where(Candidate.id.in_(chosen))
            .order_by(Candidate.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def given(candidate: Candidate) -> dict[str, Any]:
    """What a candidate has beyond the rules, as the audit log keeps it."""
    own = candidate.personal_closes_at
    return {
        "minutes": candidate.extra_minutes,
        "percent": candidate.extra_percent,
        "closes_at": own.isoformat() if own else None,
    }


def _within_limits(more: MoreTime) -> None:
    if not (0 <= more.minutes <= MOST_MINUTES and 0 <= more.percent <= MOST_PERCENT):
        raise Refused(
            "extra", f"延长时间应为0至{MOST_MINUTES}分钟、0至{MOST_PERCENT}%，没有改动。", status=422
        )


def _later_than_own(exam: Exam, closes_at: datetime | None, rows: Sequence[Candidate]) -> None:
    """A personal end only ever lengthens the window: the exam's, or the slot of the candidate's unit."""
    if closes_at is None:
        return
    ends = [row.slot_closes_at or exam.closes_at for row in rows]
    if any(end is None or closes_at <= end for end in ends):
        raise Refused("personal_end", "个人截止时间应晚于考试结束时间，没有改动。", status=422)
