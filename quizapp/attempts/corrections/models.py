"""What stands behind a further marking run: why, by which policy, what it changes, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db

UNDECIDED = ("rehearsing", "rehearsed", "waiting", "approving")
OPEN = f"state IN {UNDECIDED}"


class Correction(db.Model):
    """A marking run that people have asked for, with its reason, its effect as rehearsed, and the decision."""

    __tablename__ = "correction"
    run_id: Mapped[int] = mapped_column(ForeignKey("marking_run.id"), primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    base_id: Mapped[int] = mapped_column(ForeignKey("marking_run.id"))  # what it is compared with
    restores_id: Mapped[int | None] = mapped_column(
        ForeignKey("marking_run.id")
    )  # 撤销: whose keys it takes up
    policy: Mapped[str] = mapped_column(String(6))  # new, better: see attempts.marks
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="rehearsing")
    effect: Mapped[dict[str, Any] | None] = mapped_column(db.JSON)  # see effects.Effect
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # of an approved one: since when it counts
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))  # which carries out the approval
    trouble: Mapped[str] = mapped_column(Text, default="")  # why the last approval could not be carried out
    answer: Mapped[str] = mapped_column(Text, default="")  # why it was sent back
    __table_args__ = (
        CheckConstraint(f"state IN {(*UNDECIDED, 'approved', 'rejected', 'withdrawn')}", "state"),
        CheckConstraint("policy IN ('new', 'better')", "policy"),
        Index(
            "uq_correction_open", "exam_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)
        ),
    )
