"""An exam, what it draws from, who sits it, and the counters of its completion."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import SortKey, UtcDateTime, db

PURPOSES = {"annual": "年度考试", "unit": "单位测验", "mock": "模拟考试"}


class Exam(db.Model):
    """The rules of one exam. Published rules never change; recorded exceptions stand beside them."""

    __tablename__ = "exam"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(String(8))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # the unit that holds it
    makeup_of_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id"))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    bank_ids: Mapped[list[int]] = mapped_column(db.JSON, default=list)
    blueprint: Mapped[list[dict[str, Any]]] = mapped_column(db.JSON, default=list)  # see exams.blueprint
    points: Mapped[dict[str, int]] = mapped_column(db.JSON, default=dict)  # tenths of a 分 by kind
    multiple_rule: Mapped[str] = mapped_column(String(16), default="all")  # see bank.marking
    minutes: Mapped[int] = mapped_column(default=60)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_start_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # none: until the window ends
    attempts_allowed: Mapped[int] = mapped_column(default=1)
    counts: Mapped[str] = mapped_column(String(4), default="best")  # which attempt counts: best or last
    pass_mark: Mapped[int] = mapped_column(default=600)  # tenths of a 分, the number itself passes
    bands: Mapped[list[Any]] = mapped_column(db.JSON, default=list)  # [["优秀", 900], ["合格", 600]]
    excellent_mark: Mapped[int] = mapped_column(default=900)  # tenths; counts as 优秀 in reports
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    open_book: Mapped[bool] = mapped_column(default=False)
    show_score: Mapped[str] = mapped_column(String(8), default="at_once")
    show_answers: Mapped[str] = mapped_column(String(8), default="released")  # key, right/wrong, article
    notice: Mapped[str] = mapped_column(default="")  # 考试须知
    pledge: Mapped[str] = mapped_column(default="")  # 诚信承诺, its wording frozen with the exam
    grace_s: Mapped[int] = mapped_column(default=120)
    seed: Mapped[str] = mapped_column(default="")  # of the draw; set at creation, 128 random bits as hex
    categories: Mapped[list[str]] = mapped_column(db.JSON, default=list)  # 人员类别; empty: all
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # answers and explanations from then on
    figures: Mapped[dict[str, Any] | None] = mapped_column(db.JSON)  # median …: refreshed by a job
    figures_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("purpose IN ('annual', 'unit', 'mock')", "purpose"),
        CheckConstraint("state IN ('draft', 'published', 'cancelled')", "state"),
        CheckConstraint("opens_at IS NULL OR opens_at < closes_at", "window"),
        CheckConstraint("minutes BETWEEN 5 AND 240", "minutes"),
        CheckConstraint("attempts_allowed BETWEEN 1 AND 5", "attempts"),
        CheckConstraint("grace_s BETWEEN 0 AND 300", "grace"),
        CheckConstraint("counts IN ('best', 'last')", "counts"),
        CheckConstraint("show_score IN ('at_once', 'closed', 'released', 'never')", "show_score"),
        CheckConstraint("show_answers IN ('at_once', 'closed', 'released', 'never')", "show_answers"),
    )


class ExamAudience(db.Model):
    """A unit whose people are invited, with all below it or alone. Publishing turns this into candidates."""

    __tablename__ = "exam_audience"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    with_below: Mapped[bool] = mapped_column(default=True)


class Form(db.Model):
    """A frozen set of slots. With a draw per candidate, form 1 is the pool from which each paper is drawn."""

    __tablename__ = "form"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    number: Mapped[int]
    seed: Mapped[str]
    hash: Mapped[str] = mapped_column(String(64))  # over the slots, in order
    __table_args__ = (UniqueConstraint("exam_id", "number"),)


class Slot(db.Model):
    """One place of a form: the revision pinned there, its points, and the blueprint row it answers."""

    __tablename__ = "slot"
    form_id: Mapped[int] = mapped_column(ForeignKey("form.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    points: Mapped[int]  # tenths of a 分
    section: Mapped[str] = mapped_column(String(8))  # kind: single, multiple, judge
    cell: Mapped[int] = mapped_column(default=0)  # index of the blueprint row


class Candidate(db.Model):
    """One person on the list of an exam, with the unit of the day on which the list was frozen."""

    __tablename__ = "candidate"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    lft: Mapped[int]  # of exam_unit: where its counters stand
    name: Mapped[str]  # as on that day
    name_key: Mapped[str] = mapped_column(SortKey(200))
    post: Mapped[str] = mapped_column(default="")
    post_sort: Mapped[int] = mapped_column(default=0)
    category: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(String(8), default="main")  # 编制单位 (main) or 实际工作单位 (actual)
    status: Mapped[str] = mapped_column(String(8), default="expected")
    extra_minutes: Mapped[int] = mapped_column(default=0)
    extra_percent: Mapped[int] = mapped_column(default=0)
    personal_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started: Mapped[bool] = mapped_column(default=False)
    sat: Mapped[bool] = mapped_column(default=False)  # handed in, or closed by time with an answer
    points: Mapped[int | None]  # tenths: of the attempt that counts
    passed: Mapped[bool] = mapped_column(default=False)
    excellent: Mapped[bool] = mapped_column(default=False)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("exam_id", "person_id"),
        CheckConstraint("status IN ('expected', 'exempt', 'deferred')", "status"),
        Index("ix_candidate_tree", "exam_id", "lft"),
    )


class ExamUnit(db.Model):
    """The unit tree as it stood when the exam was published: last year's report keeps last year's tree."""

    __tablename__ = "exam_unit"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    lft: Mapped[int] = mapped_column(primary_key=True)
    rgt: Mapped[int]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    sort: Mapped[int] = mapped_column(default=0)
    __table_args__ = (UniqueConstraint("exam_id", "unit_id"),)


class Tally(db.Model):
    """Counters of one unit's own candidates, changed by difference; a unit's figures are sums over its interval."""

    __tablename__ = "tally"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    lft: Mapped[int] = mapped_column(primary_key=True)
    listed: Mapped[int] = mapped_column(default=0)  # 名册人数
    exempt: Mapped[int] = mapped_column(default=0)
    deferred: Mapped[int] = mapped_column(default=0)
    expected: Mapped[int] = mapped_column(default=0)  # 应考人数
    started: Mapped[int] = mapped_column(default=0)
    submitted: Mapped[int] = mapped_column(default=0)  # 实考
    passed: Mapped[int] = mapped_column(default=0)
    excellent: Mapped[int] = mapped_column(default=0)
    points: Mapped[int] = mapped_column(default=0)  # tenths, summed over 实考
