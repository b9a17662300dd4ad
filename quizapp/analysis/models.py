"""Figures of exams and of their questions, kept by a job, and who has checked a key that the figures made doubtful."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class ExamStatistic(db.Model):
    """The figures of an exam's test as a whole, as of `made_at`; none of them before the job has been there.

    tried, counted: what the exam's counters said when the job looked last, and when these figures were made (see
    `analysis.counters`): where counted is not what they say now, the figures are out of date.
    """

    __tablename__ = "exam_statistic"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    tried: Mapped[list[int]] = mapped_column(db.JSON)
    counted: Mapped[list[int] | None] = mapped_column(db.JSON(none_as_null=True))
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("marking_run.id"))  # by whose keys
    sheets: Mapped[int] = mapped_column(default=0)
    whole: Mapped[dict[str, Any]] = mapped_column(db.JSON, default=dict)  # see analysis.working
    forms: Mapped[list[Any]] = mapped_column(db.JSON, default=list)  # A卷, B卷 … compared and linked


class ItemStatistic(db.Model):
    """The figures of one question in one exam, over the sheets that met it. Shares and coefficients as they are, 0…1
    or -1…1; none where they are not defined."""

    __tablename__ = "item_statistic"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    position: Mapped[int]  # in the order of the exam's papers, from 1
    points: Mapped[int]  # tenths of a 分
    sheets: Mapped[int]  # that met it
    facility: Mapped[float | None]  # 难度系数（得分率）
    deviation: Mapped[float | None]  # of the marks, tenths of a 分
    guess: Mapped[float | None]  # what guessing earns, a share
    discrimination: Mapped[float | None]
    efficiency: Mapped[float | None]
    intended: Mapped[float | None]  # weight by points, a share
    effective: Mapped[float | None]  # weight by what it did, a share
    rasch: Mapped[float | None]  # logits; 0 is the mean of the exam's questions, see ScaleLink
    rasch_error: Mapped[float | None]
    flags: Mapped[str] = mapped_column(String(200), default="")  # ",negative,hard,": to be searched
    told: Mapped[list[Any]] = mapped_column(
        db.JSON, default=list
    )  # [code, letters, evidence], the gravest first
    doubt: Mapped[float] = mapped_column(default=0.0)  # how much speaks against the key: see analysis.doubts
    options: Mapped[list[Any]] = mapped_column(
        db.JSON, default=list
    )  # distractors.OptionStatistics, a row each
    patterns: Mapped[list[Any]] = mapped_column(
        db.JSON, default=list
    )  # whole answers: ["AC", 17], most first
    __table_args__ = (Index("ix_item_statistic_revision_id", "revision_id"),)


class ScaleLink(db.Model):
    """How the Rasch values of an exam stand to the scale of a bank: what must be added to them, see
    `analysis.common_scale`. Made anew, for all exams of the bank, whenever one of them has been computed."""

    __tablename__ = "scale_link"
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    on_scale: Mapped[bool]  # false: its values stand alone
    begins: Mapped[bool]  # the scale has its 0 where this exam's questions have their mean
    shift: Mapped[float]  # logits
    error: Mapped[float]  # standard error of the shift
    common: Mapped[int]  # questions that agree
    drifted: Mapped[list[int]] = mapped_column(db.JSON)  # questions left out
    __table_args__ = (Index("ix_scale_link_exam_id", "exam_id"),)


class KeyCheck(db.Model):
    """已核对，无误: somebody has compared a doubtful key of an exam with the law and found it right."""

    __tablename__ = "key_check"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
