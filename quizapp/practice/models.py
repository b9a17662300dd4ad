"""Practice: the log of answers is the truth, everything else is folded from it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class PracticeAnswer(db.Model):
    """One answer in practice, marked by its revision's key. client_id makes a repeat harmless."""

    __tablename__ = "practice_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    chosen: Mapped[str] = mapped_column(String(8))  # the revision's own letters, ascending
    correct: Mapped[bool]
    source: Mapped[str] = mapped_column(String(8))  # daily, self, article
    day: Mapped[date]  # of the daily quiz, or of the answer, in Asia/Shanghai
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        Index("ix_practice_answer_log", "person_id", "question_id", "answered_at", "client_id"),
        Index("ix_practice_answer_day", "day", "person_id"),
        CheckConstraint("source IN ('daily', 'self', 'article')", "source"),
    )


class Card(db.Model):
    """What the log says of one person and one question: memory state, due time, wrong-question book. A cache."""

    __tablename__ = "card"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    stability: Mapped[float]  # FSRS, days
    difficulty: Mapped[float]  # FSRS, 1–10
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answers: Mapped[int]
    right: Mapped[int]
    wrong_open: Mapped[bool]  # stands in 错题本
    right_days: Mapped[int] = mapped_column(default=0)  # different days answered right since the last error
    last_right_on: Mapped[date | None]
    __table_args__ = (Index("ix_card_due", "person_id", "due_at"),)


class DailyQuiz(db.Model):
    """The questions of one person's day: drawn once, at the first POST of that day."""

    __tablename__ = "daily_quiz"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    revisions: Mapped[list[int]] = mapped_column(db.JSON)
    __table_args__ = (UniqueConstraint("person_id", "day"),)


class SelfTest(db.Model):
    """A self-test under way: its scope in words and the questions in order, so that it goes on after a reload."""

    __tablename__ = "self_test"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    scope: Mapped[str]  # 第三章, 全部, 错题, 第二十四条
    source: Mapped[str] = mapped_column(String(8), default="self")  # what its answers are logged as
    revisions: Mapped[list[int]] = mapped_column(db.JSON)
    exam_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id"), index=True)  # 考前自测 of this exam
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("source IN ('self', 'article')", "source"),)
