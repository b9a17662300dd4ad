"""Figures that a job refreshes, because no counter can give them."""

from datetime import date
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
    apart: Mapped[list[Any] | None] = mapped_column(
        db.JSON(none_as_null=True)
    )  # the five above without the unit's own 领导班子; none where it has none


class ExamHeat(db.Model):
    """What heat maps show of a unit of an exam's frozen tree with all below it, and of its own people alone.

    Of the same time as `ExamSpread`. chapters: {"keys": ["3:2", …], "whole", "own", "board": [people,
    points earned, points possible, for each key]}; keys are edition:chapter; none before the exam is over: see
    `reports.heating`.
    """

    __tablename__ = "exam_heat"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    lft: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[date]  # the day of the first count
    expected: Mapped[int]
    own_expected: Mapped[int]
    days: Mapped[list[int]] = mapped_column(db.JSON)  # how many finished on each day from `first`
    own_days: Mapped[list[int]] = mapped_column(db.JSON)
    chapters: Mapped[dict[str, Any] | None] = mapped_column(db.JSON(none_as_null=True))
