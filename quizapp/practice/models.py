"""Practice: the log of answers is the truth, everything else is folded from it, or is what a person has put by."""

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
    certainty: Mapped[int | None]  # how sure the person was, see certainty.LEVELS; none: not said
    __table_args__ = (
        CheckConstraint("certainty BETWEEN 1 AND 3", "certainty"),
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
    wrong_open: Mapped[bool]  # stood in 错题本 after the latest answer, see queries.memories
    right_days: Mapped[int] = mapped_column(default=0)  # different days answered right since the last error
    last_right_on: Mapped[date | None]
    last_wrong_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
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
    """A set of questions under way: its scope in words and the questions in order, so that it goes on anywhere.

    mode test: each answer is marked and explained at once; recite (背题): the answers are shown and nothing is
    answered; mock (模拟考试): the answers wait on the sheet and are marked when it is handed in.
    """

    __tablename__ = "self_test"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(22), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    scope: Mapped[str]  # 第三章, 全部, 错题, 第二十四条
    source: Mapped[str] = mapped_column(String(8), default="self")  # what its answers are logged as
    revisions: Mapped[list[int]] = mapped_column(db.JSON)
    exam_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id"), index=True)  # 考前自测 of this exam
    mode: Mapped[str] = mapped_column(String(8), default="test")
    mock_of_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id"))  # whose blueprint a mock follows
    sheet: Mapped[dict[str, str]] = mapped_column(db.JSON, default=dict)  # of a mock: number → letters
    flagged: Mapped[list[int]] = mapped_column(db.JSON, default=list)  # numbers marked 待检查, ascending
    place: Mapped[int] = mapped_column(default=0)  # of 背题: how many questions were turned over
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a mock was handed in
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # 放弃, until it is taken up again
    __table_args__ = (
        CheckConstraint("source IN ('self', 'article')", "source"),
        CheckConstraint("mode IN ('test', 'recite', 'mock')", "mode"),
        CheckConstraint("(mode = 'mock') = (mock_of_id IS NOT NULL)", "mock_of_an_exam"),
    )


class FirstAnswer(db.Model):
    """How many people chose these letters when they met the question for the first time, without their names."""

    __tablename__ = "first_answer"
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    chosen: Mapped[str] = mapped_column(String(8), primary_key=True)
    people: Mapped[int]


class Favourite(db.Model):
    """收藏: a question that a person wants to find again."""

    __tablename__ = "favourite"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class TakenOut(db.Model):
    """A question that its person took out of 错题本 by hand; an error after that brings it back."""

    __tablename__ = "taken_out"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CertaintyAsked(db.Model):
    """A person who wants to say with each answer how sure they are. No row: is not asked."""

    __tablename__ = "certainty_asked"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
