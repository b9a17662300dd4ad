"""What was asked for one attempt, by whom, and who decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db

ASKED = text("state = 'asked'")


class Intervention(db.Model):
    """One person asks to void, restore or reopen an attempt; another approves it or sends it back."""

    __tablename__ = "intervention"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    kind: Mapped[str] = mapped_column(String(7))  # see interventions.rules
    minutes: Mapped[int | None]  # of a reopening
    reason: Mapped[str] = mapped_column(Text)  # the candidate reads it once it is approved
    evidence: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(9), default="asked")
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")  # why it was sent back
    effect: Mapped[dict[str, Any] | None] = mapped_column(db.JSON)  # {"before": [number, tenths], "after": …}
    __table_args__ = (
        CheckConstraint("kind IN ('void', 'restore', 'reopen')", "kind"),
        CheckConstraint("state IN ('asked', 'approved', 'rejected', 'withdrawn')", "state"),
        CheckConstraint("(kind = 'reopen') = (minutes IS NOT NULL)", "reopening_has_minutes"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", "asked_is_undecided"),
        CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_by_id <> asked_by_id", "second_is_another"
        ),
        Index("uq_intervention_asked", "attempt_id", unique=True, sqlite_where=ASKED, postgresql_where=ASKED),
    )
