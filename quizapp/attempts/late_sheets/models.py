"""What people decided about a sheet that was held."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class HeldVerdict(db.Model):
    """How it stands with a held sheet; without a row nobody has done anything about it yet."""

    __tablename__ = "held_verdict"
    held_id: Mapped[int] = mapped_column(ForeignKey("held_sheet.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(8))  # see late_sheets.rules
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who proposed, rejected or took back
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who approved
    second_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_id: Mapped[int | None] = mapped_column(ForeignKey("closing.id"), unique=True)  # made by accepting
    replaced_id: Mapped[int | None] = mapped_column(ForeignKey("closing.id"))  # the one that stood before
    __table_args__ = (
        CheckConstraint("state IN ('open', 'proposed', 'accepted', 'rejected')", "state"),
        CheckConstraint("(state = 'accepted') = (closing_id IS NOT NULL)", "accepted_has_closing"),
        CheckConstraint("(closing_id IS NULL) = (replaced_id IS NULL)", "closing_instead_of_another"),
        CheckConstraint("(state = 'accepted') = (second_id IS NOT NULL)", "accepted_has_second"),
        CheckConstraint("second_id IS NULL OR second_id <> by_id", "second_is_another"),
    )
