"""Closing a sheet, by its person or by time: receipt, journal, marks and counters stand in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from quizapp.attempts import guards, journal, receipts, results, runs
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt, Closing
from quizapp.db import db

BATCH = 500  # attempts that one transaction of the sweeper closes
NEEDED = (  # what write_down reads of an attempt
    *(Attempt.id, Attempt.token, Attempt.exam_id, Attempt.candidate_id, Attempt.trial),
    *(Attempt.layout, Attempt.layout_hash, Attempt.slots, Attempt.sheet),
    *(Attempt.epoch, Attempt.revision, Attempt.saved_epoch, Attempt.saved_revision, Attempt.closed_at),
)


def expire(now: datetime, *, only: Sequence[int] | None = None) -> int:
    """Write down what time has closed already (自动交卷): for these attempts, or for a batch of all. How many.

    Whoever comes late does the same with the same result, so the sweeper's lateness or absence changes no score.
    """
    due = select(Attempt.id).where(guards.in_progress(), guards.overdue(now))
    if only is not None:
        due = due.where(Attempt.id.in_(only))
    ids = db.session.scalars(
        due.order_by(Attempt.id)
        .limit(BATCH)
        .with_for_update(of=Attempt, key_share=True, skip_locked=only is None)
    ).all()
    if not ids:
        return 0
    rows = db.session.execute(
        update(Attempt)
        .where(Attempt.id.in_(ids), guards.in_progress(), guards.overdue(now))
        .values(state="expired", closed_at=time_of_expiry(now))
        .returning(*NEEDED)
        .execution_options(synchronize_session=False)
    ).all()
    write_down(sorted(rows, key=lambda row: row.id), "deadline", now)
    return len(rows)


def time_of_expiry(_now: datetime) -> Any:
    """A sheet closed by time was closed when its time was up, whenever somebody noticed."""
    return Attempt.closes_at


def newest(attempt_id: int) -> Closing | None:
    """The last closing of an attempt, withdrawn ones included."""
    return db.session.scalar(
        select(Closing).where(Closing.attempt_id == attempt_id).order_by(Closing.n.desc()).limit(1)
    )


def write_down(rows: Sequence[Any], by: str, now: datetime, *, extra: str = "") -> list[dict[str, Any]]:
    """Closings, journal, marks and counters of attempts that were closed in this transaction, in sets."""
    before = _how_many([row.id for row in rows])
    closings = [
        {
            "attempt_id": row.id,
            "n": before.get(row.id, 0) + 1,
            "sheet": row.sheet,
            "epoch": row.saved_epoch,
            "revision": row.saved_revision,
            "closed_at": row.closed_at,
            "by": by,
            "receipt": receipt,
            "digest": receipts.digest(row.token, row.layout_hash, row.sheet),
            "answered": sheets.answered(row.sheet),
        }
        for row, receipt in zip(rows, free_receipts(len(rows)), strict=True)
    ]
    ids = _store(closings)
    kind = "hand_in" if by == "person" else "expire"
    journal.add(
        [
            journal.row(
                row.id,
                kind,
                epoch=row.saved_epoch,
                revision=row.saved_revision,
                sheet=row.sheet,
                now=now,
                extra=extra,
            )
            for row in rows
        ]
    )
    counted = [(ids[row.id], row) for row in rows if not row.trial]
    totals = runs.mark_closings(counted)
    results.record(
        [
            results.Sat(
                row.candidate_id, row.exam_id, totals[ids[row.id]], row.closed_at, _sat(by, row.sheet)
            )
            for row in rows
            if row.candidate_id is not None
        ]
    )
    return closings


def _sat(by: str, sheet: str) -> bool:
    """实考: handed in, or closed by time with at least one answer."""
    return by == "person" or sheets.answered(sheet) > 0


def _how_many(attempt_ids: Sequence[int]) -> dict[int, int]:
    return dict(
        db.session.execute(
            select(Closing.attempt_id, func.max(Closing.n))
            .where(Closing.attempt_id.in_(attempt_ids))
            .group_by(Closing.attempt_id)
        ).all()
    )


def _store(closings: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Insert and give the new ids by attempt."""
    rows = db.session.execute(insert(Closing).returning(Closing.attempt_id, Closing.id), list(closings))
    return dict(rows.all())


def free_receipts(count: int) -> list[str]:
    """Receipt numbers that no closing has. (Two transactions that draw the same at once: one fails and repeats.)"""
    free: set[str] = set()
    while len(free) < count:
        drawn = {receipts.new_receipt() for _ in range(count - len(free))}
        free |= drawn - set(db.session.scalars(select(Closing.receipt).where(Closing.receipt.in_(drawn))))
    return list(free)
