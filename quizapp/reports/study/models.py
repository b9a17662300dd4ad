"""Figures of learning by unit that a job keeps: when read, all answers of a province would be counted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class StudyUnit(db.Model):
    """A unit's daily quizzes and mastery: of its own people, and of them with all below.

    own, whole: `sums.Own` and `sums.Study` as JSON; own_chosen, chosen: which options they chose, see `choices`.
    members, rule, counted_on: of whom, of which questions and on which day this was counted; what differs from today
    is counted anew.
    """

    __tablename__ = "study_unit"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    members: Mapped[int] = mapped_column(BigInteger)  # sum of the ids of its people
    rule: Mapped[int] = mapped_column(BigInteger)  # checksum of what they may practise
    counted_on: Mapped[date]
    own: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id"), index=True
    )  # when `whole` was summed
    whole: Mapped[dict[str, Any] | None] = mapped_column(db.JSON(none_as_null=True))
    own_chosen: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    chosen: Mapped[dict[str, Any] | None] = mapped_column(db.JSON(none_as_null=True))
    behind: Mapped[bool]  # `own` was counted after the last `whole`


class StudyState(db.Model):
    """Of when the figures are, and which answers they hold; a single row, none before the first count."""

    __tablename__ = "study_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    figures_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen: Mapped[int] = mapped_column(BigInteger)  # the newest answer at the last count …
    seen_before: Mapped[int] = mapped_column(
        BigInteger
    )  # … and at the one before: ids are committed out of order
    tree: Mapped[int] = mapped_column(BigInteger)  # checksum of the units' intervals
    __table_args__ = (CheckConstraint("id = 1", "single"),)
