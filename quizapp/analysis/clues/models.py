"""异常线索 of an exam, what candidates said to them, and what people made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db

KINDS = {"takeover": "更换页面或设备", "pace": "作答速度", "similarity": "作答相似"}
OUTCOMES = {"clear": "已核对，无异常", "handled": "已按规定处理"}


class ClueRun(db.Model):
    """The latest search for hints in an exam. figures: what was counted, see `finding.Figures`."""

    __tablename__ = "clue_run"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    figures: Mapped[dict[str, Any]] = mapped_column(db.JSON)


class Clue(db.Model):
    """One hint about one attempt. other_id: of a similarity, the attempt of the other person; each has a row.

    facts: numbers as `facts` words them. They stay as they were found once somebody has looked at the attempt.
    """

    __tablename__ = "clue"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    other_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
    facts: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("kind IN ('takeover', 'pace', 'similarity')", "kind"),
        CheckConstraint("(kind = 'similarity') = (other_id IS NOT NULL)", "other"),
        Index("ix_clue_exam", "exam_id", "attempt_id"),
    )


class ClueReview(db.Model):
    """What a person made of the hints about an attempt. The newest counts; rows are only ever added."""

    __tablename__ = "clue_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (CheckConstraint("outcome IN ('clear', 'handled')", "outcome"),)


class ClueStatement(db.Model):
    """What a candidate says to the hints about the own attempt. Rows are only ever added."""

    __tablename__ = "clue_statement"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
