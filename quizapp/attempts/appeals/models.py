"""What candidates ask to have looked at again, and the answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class Appeal(db.Model):
    """A 成绩复核申请 of one question of one's own sheet, or of the whole result."""

    __tablename__ = "appeal"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))  # of the attempt: lists ask by it
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    number: Mapped[int]  # of the question as this person saw it, from 1; 0: the whole result
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id")
    )  # the question that stands there
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="open")  # see appeals.rules
    answer: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # or withdrawn at
    __table_args__ = (
        CheckConstraint("state IN ('open', 'kept', 'corrected', 'remedied', 'withdrawn')", "state"),
        CheckConstraint("(number = 0) = (revision_id IS NULL)", "question_or_whole"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", "open_is_undecided"),
        Index("ix_appeal_exam", "exam_id", "state"),
        Index(
            "uq_appeal_open",
            "attempt_id",
            "number",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
