"""Closing a sheet, by its person or by time: receipt, journal, marks and counters stand in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, literal_column, select, update

from quizapp.attempts import guards, journal, receipts, results, runs
from quizapp.attempts import sheet as sheets
from quizapp.attempts.dialects import insert_unless
from quizapp.attempts.models import Attempt, Closing
from quizapp.db import db

BATCH = 500  # attempts that one transaction of the sweeper closes
NEEDED = (  # what write_down reads of an attempt
    *(Attempt.id, Attempt.token, Attempt.exam_id, Attempt.candidate_id, Attempt.trial),
    *(Attempt.layout, Attempt.layout_hash, Attempt.slots, Attempt.sheet),
    *(Attempt.epoch, Attempt.revision, Attempt.saved_epoch, Attempt.saved_revision, Attempt.closed_at),
    # how many it has had before (those of a reopened one are withdrawn); as text, since inside a RETURNING for SQLite
    # SQLAlchemy leaves out the names of tables
    literal_column(
        "(SELECT coalesce(max(before.n), 0) FROM closing AS before WHERE before.attempt_id = attempt.id)",
        Integer,
    ).label("closings"),
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
    rows = sorted(rows, key=lambda row: row.id)
    journal.add(lines(rows, "expire", now))
    write_down(rows, "deadline")
    return len(rows)


def lines(rows: Sequence[Any], kind: str, now: datetime, *, extra: str = "") -> list[dict[str, Any]]:
    """The journal's lines of attempts that were closed with the sheet that they held."""
    return [
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


def time_of_expiry(_now: datetime) -> Any:
    """A sheet closed by time was closed when its time was up, whenever somebody noticed."""
    return Attempt.closes_at


def newest(attempt_id: int) -> Closing | None:
    """The closing of an attempt that stands; of one that was opened again, the last that was withdrawn."""
    stands_first = (Closing.withdrawn_at.is_(None).desc(), Closing.n.desc())
    return db.session.scalar(
        select(Closing).where(Closing.attempt_id == attempt_id).order_by(*stands_first).limit(1)
    )


def write_down(rows: Sequence[Any], by: str) -> list[dict[str, Any]]:
    """Closings, marks and counters of attempts that were closed in this transaction, in sets. rows: see NEEDED."""
    closings = [
        {
            "attempt_id": row.id,
            "n": row.closings + 1,
            "sheet": row.sheet,
            "epoch": row.saved_epoch,
            "revision": row.saved_revision,
            "closed_at": row.closed_at,
            "by": by,
            "digest": receipts.digest(row.token, row.layout_hash, row.sheet),
            "answered": sheets.answered(row.sheet),
        }
        for row in rows
    ]
    ids = _store(closings)
    _count([(ids[row.id], row) for row in rows if not row.trial], by)
    return closings


def _count(closed: Sequence[tuple[int, Any]], by: str) -> None:
    """Marks and counters of (closing id, attempt row) pairs."""
    if not closed:
        return
    held = runs.current({row.exam_id for _, row in closed})
    totals = runs.mark_closings(closed, held)
    results.record(
        [
            results.Sat(row.candidate_id, row.exam_id, totals[closing_id], row.closed_at, _sat(by, row.sheet))
            for closing_id, row in closed
            if row.candidate_id is not None
        ],
        held,
    )


def _sat(by: str, sheet: str) -> bool:
    """实考: handed in, or closed by time with at least one answer."""
    return by == "person" or sheets.answered(sheet) > 0


def _store(closings: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Give each closing its receipt and insert it; the new ids by attempt. A receipt that is taken is drawn again."""
    stored: dict[int, int] = {}
    left = closings
    while left:
        for closing in left:
            closing["receipt"] = receipts.new_receipt()
        statement = insert_unless(Closing, "receipt").returning(
            Closing.__table__.c.attempt_id, Closing.__table__.c.id
        )
        stored |= dict(db.session.connection().execute(statement, list(left)).all())
        left = [closing for closing in left if closing["attempt_id"] not in stored]
    return stored
