"""What a unit plans and a person chooses for the daily quiz, and how well answers were foretold."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class StudyPlan(db.Model):
    """学习计划 of a unit and all below it: what share of the articles is to be mastered by a day. See `plans`."""

    __tablename__ = "study_plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    regulations: Mapped[list[str]] = mapped_column(db.JSON)  # slugs
    share: Mapped[int]  # percent of the articles that have questions
    by_day: Mapped[date]  # included
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("share BETWEEN 10 AND 100", "share"),
        Index(
            "uq_study_plan_one_open",
            "unit_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class DailyWish(db.Model):
    """How many minutes a day somebody chose; without a row the setting DAILY_MINUTES holds."""

    __tablename__ = "daily_wish"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    minutes: Mapped[int]
    __table_args__ = (CheckConstraint("minutes IN (2, 5, 10)", "minutes"),)


class Calibration(db.Model):
    """How well the answers of a day's sample were foretold: see `calibration`. A few are kept, the newest counts."""

    __tablename__ = "calibration"
    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    report: Mapped[dict[str, Any]] = mapped_column(db.JSON)
