"""An exam, what it draws from, who sits it, and the counters of its completion."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import SortKey, UtcDateTime, db

PURPOSES = {"annual": "年度考试", "unit": "单位测验", "mock": "模拟考试"}
MODES = {"draw": "每人一卷", "forms": "平行试卷", "fixed": "固定试卷"}  # how papers come about
LONGEST_CERTIFICATE_TITLE, LONGEST_CERTIFICATE_ISSUER = 20, 40  # for which a sheet has room
WHENS = "('at_once', 'closed', 'released', 'never')"  # see exams.release


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
    blueprint: Mapped[list[dict[str, Any]]] = mapped_column(db.JSON, default=list)  # see assembly.rows
    mode: Mapped[str] = mapped_column(String(8), default="draw")
    forms_wanted: Mapped[int] = mapped_column(default=1)  # of mode forms
    overlap: Mapped[int] = mapped_column(default=0)  # questions that two forms may share
    avoid_days: Mapped[int] = mapped_column(default=365)  # questions of exams within these days are avoided
    picked: Mapped[list[int]] = mapped_column(db.JSON, default=list)  # questions of mode fixed, in order
    assembled: Mapped[dict[str, Any] | None] = mapped_column(
        db.JSON
    )  # forms of a draft: see exams.assembling
    points: Mapped[dict[str, int]] = mapped_column(db.JSON, default=dict)  # tenths of a 分 by kind
    multiple_rule: Mapped[str] = mapped_column(String(16), default="all")  # see bank.marking
    minutes: Mapped[int] = mapped_column(default=60)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_start_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # none: until the window ends
    daily_from: Mapped[int | None]  # minutes of the day in China from which one may sit; none: the whole day
    daily_until: Mapped[int | None]  # 1440 is 24:00
    gate: Mapped[bool] = mapped_column(default=False)  # one passed 自测 of the exam's scope comes first
    attempts_allowed: Mapped[int] = mapped_column(default=1)
    counts: Mapped[str] = mapped_column(String(4), default="best")  # which attempt counts: best or last
    pass_mark: Mapped[int] = mapped_column(default=600)  # tenths of a 分, the number itself passes
    bands: Mapped[list[Any]] = mapped_column(db.JSON, default=list)  # [["优秀", 900], ["合格", 600]]
    excellent_mark: Mapped[int] = mapped_column(default=900)  # tenths; counts as 优秀 in reports
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    open_book: Mapped[bool] = mapped_column(default=False)
    show_score: Mapped[str] = mapped_column(String(8), default="at_once")
    show_right: Mapped[str] = mapped_column(String(8), default="released")  # right or wrong
    show_key: Mapped[str] = mapped_column(String(8), default="released")
    show_explanation: Mapped[str] = mapped_column(String(8), default="released")  # with the deciding words
    appeal_days: Mapped[int] = mapped_column(default=7)  # 成绩复核 is asked for within so many days; 0: never
    notice: Mapped[str] = mapped_column(default="")  # 考试须知
    pledge: Mapped[str] = mapped_column(default="")  # 诚信承诺, its wording frozen with the exam
    grace_s: Mapped[int] = mapped_column(default=120)
    seed: Mapped[str] = mapped_column(default="")  # of the draw; set at creation, 128 random bits as hex
    categories: Mapped[list[str]] = mapped_column(db.JSON, default=list)  # 人员类别; empty: all
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # answers and explanations from then on
    certificates: Mapped[bool] = mapped_column(default=False)  # who passes may have a 合格证
    certificate_title: Mapped[str] = mapped_column(default="")  # "": the usual one, see attempts.certificates
    certificate_issuer: Mapped[str] = mapped_column(default="")  # 发证单位; "": the unit that holds the exam
    figures: Mapped[dict[str, Any] | None] = mapped_column(
        db.JSON
    )  # of when and from what the figures of exam_spread are: see reports.refreshing
    figures_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("purpose IN ('annual', 'unit', 'mock')", "purpose"),
        CheckConstraint("state IN ('draft', 'published', 'cancelled', 'voided')", "state"),
        CheckConstraint("mode IN ('draw', 'forms', 'fixed')", "mode"),
        CheckConstraint("forms_wanted BETWEEN 1 AND 20", "forms_wanted"),
        CheckConstraint("(daily_from IS NULL) = (daily_until IS NULL)", "daily_slot_is_whole"),
        CheckConstraint("daily_from IS NULL OR 0 <= daily_from AND daily_from < daily_until", "daily_slot"),
        CheckConstraint("daily_until IS NULL OR daily_until <= 1440", "daily_until"),
        CheckConstraint("opens_at IS NULL OR opens_at < closes_at", "window"),
        CheckConstraint("minutes BETWEEN 5 AND 240", "minutes"),
        CheckConstraint("attempts_allowed BETWEEN 1 AND 5", "attempts"),
        CheckConstraint("grace_s BETWEEN 0 AND 300", "grace"),
        CheckConstraint("counts IN ('best', 'last')", "counts"),
        CheckConstraint(f"show_score IN {WHENS}", "show_score"),
        CheckConstraint(f"show_right IN {WHENS}", "show_right"),
        CheckConstraint(f"show_key IN {WHENS}", "show_key"),
        CheckConstraint(f"show_explanation IN {WHENS}", "show_explanation"),
        CheckConstraint("appeal_days BETWEEN 0 AND 60", "appeal_days"),
    )


class ExamAudience(db.Model):
    """A unit whose people are invited or left out, with all below it or alone. Publishing makes candidates of it.

    A unit can be both: invited with all below it, and itself left out.
    """

    __tablename__ = "exam_audience"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    excluded: Mapped[bool] = mapped_column(default=False, primary_key=True)
    with_below: Mapped[bool] = mapped_column(default=True)


class ExamPerson(db.Model):
    """A person invited by name, or left out by name, whatever the units say."""

    __tablename__ = "exam_person"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    excluded: Mapped[bool] = mapped_column(default=False)


class UnitWindow(db.Model):
    """The time of a unit and all below it: a slot that spreads the load, or a later end after a power cut.

    Publishing and each later change write it to the candidates; this row says what was ordered, when and why.
    """

    __tablename__ = "unit_window"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String(16))  # slot, or extension
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("kind IN ('slot', 'extension')", "kind"),
        CheckConstraint("opens_at IS NULL OR opens_at < closes_at", "window"),
    )


class Form(db.Model):
    """A frozen set of slots: a paper (A卷, B卷), or, where plan says so, the pool from which each paper is drawn.

    plan: [{"cells": [0, 2], "count": 4}] draws four questions of the cells 0 and 2, entry by entry, from what the
    entries before have left; none: every slot stands on the paper.
    """

    __tablename__ = "form"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    number: Mapped[int]
    seed: Mapped[str]
    hash: Mapped[str] = mapped_column(String(64))  # over the slots, in order
    plan: Mapped[list[dict[str, Any]] | None] = mapped_column(db.JSON)
    __table_args__ = (UniqueConstraint("exam_id", "number"),)


class Slot(db.Model):
    """One place of a form: the revision pinned there, its points, and the blueprint row it answers."""

    __tablename__ = "slot"
    form_id: Mapped[int] = mapped_column(ForeignKey("form.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    points: Mapped[int]  # tenths of a 分
    section: Mapped[str] = mapped_column(String(8))  # kind: single, multiple, judge
    cell: Mapped[int] = mapped_column(default=0)  # which questions a plan takes as alike


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
    slot_opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the unit's own time: see UnitWindow
    slot_closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    excused_until: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # when a 免考 or 缓考 expires; none: never
    started: Mapped[bool] = mapped_column(default=False)
    sat: Mapped[bool] = mapped_column(default=False)  # handed in, or closed by time with an answer
    points: Mapped[int | None]  # tenths: of the attempt that counts
    passed: Mapped[bool] = mapped_column(default=False)
    excellent: Mapped[bool] = mapped_column(default=False)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("exam_id", "person_id"),
        CheckConstraint("status IN ('expected', 'exempt', 'deferred')", "status"),
        Index("ix_candidate_tree", "exam_id", "lft", "post_sort", "name_key", "id"),  # the order of names
        Index(  # few have one; every first page asks for the latest
            "ix_candidate_personal_closes_at",
            "exam_id",
            "personal_closes_at",
            sqlite_where=text("personal_closes_at IS NOT NULL"),
            postgresql_where=text("personal_closes_at IS NOT NULL"),
        ),
        Index(
            "ix_candidate_excused_until",
            "excused_until",
            sqlite_where=text("excused_until IS NOT NULL"),
            postgresql_where=text("excused_until IS NOT NULL"),
        ),
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
    __table_args__ = (
        UniqueConstraint("exam_id", "unit_id"),
        Index("ix_exam_unit_parent", "exam_id", "parent_id", "lft"),  # the units below one, in their order
        Index("ix_exam_unit_unit_id", "unit_id"),
    )


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


class ExcuseRequest(db.Model):
    """A 免考 or 缓考 that a unit administrator asks for and the 考务管理员 decides."""

    __tablename__ = "excuse_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))  # exempt, deferred
    reason: Mapped[str]
    proof: Mapped[str] = mapped_column(default="")  # what proves it, in words: no file, no diagnosis
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # expiry; none: the whole exam
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        CheckConstraint("kind IN ('exempt', 'deferred')", "kind"),
        CheckConstraint("state IN ('asked', 'granted', 'refused', 'withdrawn')", "state"),
    )


class ExamDuty(db.Model):
    """A 值班人员 of an exam: may reset its candidates' sign-in until it closes. The sign-in page shows the phone."""

    __tablename__ = "exam_duty"
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    phone: Mapped[str] = mapped_column(default="")


class ExamPreset(db.Model):
    """A 规则模板: the rules that a place once published, to start an exam from."""

    __tablename__ = "exam_preset"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str | None] = mapped_column(unique=True)  # of those that ship; none: made here
    title: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    values: Mapped[dict[str, Any]] = mapped_column(db.JSON, default=dict)  # see exams.presets
    sort: Mapped[int] = mapped_column(default=0)
    removed: Mapped[bool] = mapped_column(default=False)


class Holiday(db.Model):
    """A day of the State Council's notice: a day off, or a working day at the weekend (调休)."""

    __tablename__ = "holiday"
    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str] = mapped_column(default="")
