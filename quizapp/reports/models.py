"""Figures that a job refreshes, because no counter can give them."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import db


class ExamSpread(db.Model):
    """Median, distribution, 人员类别 and progress by day of a unit of an exam's frozen tree with all below it.

    See `reports.spread`; `exam.figures_at` says of when they are. lft: of exam_unit.
    """

    __tablename__ = "exam_spread"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    lft: Mapped[int] = mapped_column(primary_key=True)
    middle: Mapped[int | None]  # sum of the two results in the middle, tenths of a 分
    own_middle: Mapped[int | None]  # of the unit's own people
    steps: Mapped[list[int]] = mapped_column(db.JSON)  # by 10 分
    levels: Mapped[list[int]] = mapped_column(db.JSON)  # below every 成绩等级, then each from the lowest
    categories: Mapped[list[Any]] = mapped_column(db.JSON)  # rows of spread.Category
    days: Mapped[list[Any] | None] = mapped_column(
        db.JSON(none_as_null=True)
    )  # [["2026-12-12", 31]]: who finished
