"""One person sitting one exam once; the journal of what was saved when; closings, marking runs and marks."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class Attempt(db.Model):
    """One sitting: the layout shown to this person, and the whole answer sheet."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True)  # 128 random bits; used in addresses, digests
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    number: Mapped[int]  # 第N次考试, from 1
    trial: Mapped[bool] = mapped_column(default=False)  # a dry run: no candidate, counted nowhere
    rehearsal: Mapped[bool] = mapped_column(default=False)  # a trial of 考前演练: harmless questions
    state: Mapped[str] = mapped_column(String(12), default="created")
    state_before: Mapped[str | None] = mapped_column(String(12))  # of a voided attempt
    layout: Mapped[str] = mapped_column(Text)  # see attempts.layout: revisions, option orders, points
    layout_hash: Mapped[str] = mapped_column(String(64))
    slots: Mapped[int]  # how many
    pledge: Mapped[str] = mapped_column(Text, default="")  # the words that were ticked
    pledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_after: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # closes_at + grace: the guard's column
    epoch: Mapped[int] = mapped_column(default=0)  # counts openings of the page; only the newest may write
    revision: Mapped[int] = mapped_column(default=0)  # counts the changes of that page
    page_key: Mapped[str | None] = mapped_column(String(22))
    sheet: Mapped[str] = mapped_column(Text, default="")  # displayed letters per slot, "C.ABD..A"
    saved_epoch: Mapped[int] = mapped_column(default=0)  # the (epoch, revision) that stored the sheet last
    saved_revision: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("exam_id", "person_id", "trial", "number"),
        CheckConstraint("state IN ('created', 'in_progress', 'submitted', 'expired', 'voided')", "state"),
        CheckConstraint("trial OR NOT rehearsal", "rehearsal_is_trial"),
        CheckConstraint("closed_at IS NULL OR state <> 'in_progress'", "closed_is_not_in_progress"),
        CheckConstraint("state <> 'in_progress' OR closes_at IS NOT NULL", "in_progress_has_end"),
        Index(
            "ix_attempt_open",
            "refused_after",
            sqlite_where=text("state = 'in_progress'"),
            postgresql_where=text("state = 'in_progress'"),
        ),
    )


class SheetEvent(db.Model):
    """The append-only journal of an attempt: openings, saves, hand-in, expiry."""

    __tablename__ = "sheet_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    kind: Mapped[str] = mapped_column(String(10))  # open, save, hand_in, expire, extend, void, …
    epoch: Mapped[int]
    revision: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    sheet: Mapped[str] = mapped_column(Text)
    extra: Mapped[str] = mapped_column(Text, default="")  # JSON: doubts, seconds, late, takeover
    __table_args__ = (Index("ix_sheet_event_attempt", "attempt_id", "id"),)


class HeldSheet(db.Model):
    """A sheet that came too late or from an overtaken page: not counted, kept for people to decide."""

    __tablename__ = "held_sheet"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    epoch: Mapped[int]
    revision: Mapped[int]
    sheet: Mapped[str] = mapped_column(Text)
    sheet_hash: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(10))  # closed, superseded
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (UniqueConstraint("attempt_id", "epoch", "revision", "sheet_hash"),)


class Closing(db.Model):
    """A sheet as it was closed. A reopened attempt gets another closing beside the old one."""

    __tablename__ = "closing"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    n: Mapped[int]
    sheet: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int]
    revision: Mapped[int]
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(8))  # person, deadline
    receipt: Mapped[str] = mapped_column(String(11), unique=True)  # R-4T7M-9QK2
    digest: Mapped[str] = mapped_column(String(71))  # sha256:… over token, layout hash, sheet
    answered: Mapped[int]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("attempt_id", "n"),
        CheckConstraint("\"by\" IN ('person', 'deadline')", "by"),
    )


class MarkingRun(db.Model):
    """The keys by which an exam's sheets are marked. Run 1 is made at publishing; a correction makes another."""

    __tablename__ = "marking_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"))
    number: Mapped[int]
    keys: Mapped[dict[str, Any]] = mapped_column(db.JSON)  # by revision id: see attempts.marks
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        UniqueConstraint("exam_id", "number"),
        CheckConstraint("state IN ('prepared', 'current', 'past')", "state"),
        Index(
            "uq_marking_run_current",
            "exam_id",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
    )


class AttemptMark(db.Model):
    """What a closing earned in a run: a pure function of layout, keys of the run, and sheet."""

    __tablename__ = "attempt_mark"
    run_id: Mapped[int] = mapped_column(ForeignKey("marking_run.id"), primary_key=True)
    closing_id: Mapped[int] = mapped_column(ForeignKey("closing.id"), primary_key=True)
    total: Mapped[int]  # tenths of a 分
    marks: Mapped[str] = mapped_column(Text)  # tenths per slot, "20.0.15"
