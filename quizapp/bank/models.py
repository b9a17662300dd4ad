"""Banks, questions, and what a question said at each time."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.bank import drafts
from quizapp.db import UtcDateTime, db

KINDS = drafts.KIND_WORDS
USES = drafts.USE_WORDS
STATUSES = {
    "draft": "草稿",
    "in_review": "待审",
    "published": "已发布",
    "suspended": "待复核",  # its words of the law changed or vanished
    "retired": "已停用",
}


class Bank(db.Model):
    """A collection of questions that one unit answers for."""

    __tablename__ = "bank"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")  # one sentence under the title
    regulation_id: Mapped[int | None] = mapped_column(ForeignKey("regulation.id"))  # of a 依据 without 《》
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))  # owner; none: ships with the app
    owner: Mapped[str] = mapped_column(default="")  # owner in words, from bank.toml
    licence: Mapped[str] = mapped_column(default="")
    reviewer: Mapped[str] = mapped_column(default="")
    reviewed_on: Mapped[date | None]
    sealed: Mapped[bool] = mapped_column(default=False)  # 封闭: never practised, never exported silently
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


LOANS = {
    "practise": "练习可用",  # the unit's people meet its questions in practice
    "compose": "组卷可用",  # its trainers also draw exams from it, without seeing keys
    "maintain": "共同维护",  # its writers and reviewers work in it like the owner's
}


class Loan(db.Model):
    """A bank lent to a unit and all below it."""

    __tablename__ = "bank_loan"
    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    level: Mapped[str] = mapped_column(String(8))
    lent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("bank_id", "unit_id"),
        CheckConstraint("level IN ('practise', 'compose', 'maintain')", "level"),
    )


class ImportBatch(db.Model):
    """One accepted import of questions, so that it can be found and undone as a whole."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    file_name: Mapped[str]
    file_hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    summary: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Question(db.Model):
    """A question by its stable code; its words stand in its revisions."""

    __tablename__ = "question"
    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("bank.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))  # 编号: XF-024-01
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))
    __table_args__ = (UniqueConstraint("bank_id", "code"),)


class Revision(db.Model):
    """What a question says, for ever. Only `status` moves; papers, attempts and practice point here."""

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    number: Mapped[int]  # 1, 2, 3 … within the question
    kind: Mapped[str] = mapped_column(String(8))
    any_number: Mapped[bool] = mapped_column(default=False)  # 不定项选择题: one right letter is legal
    stem: Mapped[str]
    options: Mapped[list[str]] = mapped_column(db.JSON)  # texts of A, B, C …; a judge has 正确, 错误
    key: Mapped[str] = mapped_column(String(8))  # right letters ascending, "AC"; a judge: A 正确, B 错误
    explanation: Mapped[str] = mapped_column(default="")
    difficulty: Mapped[int] = mapped_column(default=3)  # 1 easy … 5 hard, the author's
    uses: Mapped[str] = mapped_column(String(24), default="daily,exam")  # of USES, in that order
    tags: Mapped[list[str]] = mapped_column(db.JSON, default=list)
    content_hash: Mapped[str] = mapped_column(String(64))  # over everything above and the citations
    status: Mapped[str] = mapped_column(String(10), default="draft")
    status_reason: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("kind IN ('single', 'multiple', 'judge')", "kind"),
        CheckConstraint("status IN ('draft', 'in_review', 'published', 'suspended', 'retired')", "status"),
        CheckConstraint("difficulty BETWEEN 1 AND 5", "difficulty"),
        CheckConstraint("key <> ''", "has_key"),
        Index(
            "uq_revision_one_published",
            "question_id",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )


class Citation(db.Model):
    """The words of the law that decide a revision's answer."""

    __tablename__ = "citation"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8), default="law")  # law: checked verbatim; document; none
    regulation_id: Mapped[int | None] = mapped_column(ForeignKey("regulation.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    article: Mapped[str] = mapped_column(String(12), default="")  # "24"
    anchor: Mapped[str] = mapped_column(String(24), default="")  # "24.1"
    source: Mapped[str] = mapped_column(default="")  # kind document: title and place
    quote: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        UniqueConstraint("revision_id", "position"),
        Index("ix_citation_article", "regulation_id", "article"),
        CheckConstraint("kind IN ('law', 'document', 'none')", "kind"),
    )


class Comment(db.Model):
    """What writers and reviewers say to each other about a revision. Never changed, never deleted."""

    __tablename__ = "revision_comment"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str]


class ErrorReport(db.Model):
    """纠错: somebody who met a question says that it is wrong; whoever keeps the bank answers."""

    __tablename__ = "error_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # what the person saw
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8), default="received")
    answer: Mapped[str] = mapped_column(default="")  # shown to who sent it
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("state IN ('received', 'upheld', 'rejected')", "state"),)


class QuestionFacts(db.Model):
    """What is known of a question from its use, written from above (analysis, practice), read by assembly."""

    __tablename__ = "question_facts"
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    facility: Mapped[int | None]  # share of points earned, in thousandths
    facility_answers: Mapped[int | None]  # from how many answers
    rasch: Mapped[float | None]  # difficulty in logits
    rasch_error: Mapped[float | None]  # standard error, that of the way to the bank's scale included
    rasch_linked: Mapped[
        bool | None
    ]  # on the bank's scale; else by its latest exam alone, 0 the mean of its questions
    practice_seen: Mapped[int] = mapped_column(default=0)
    exam_seen: Mapped[int] = mapped_column(default=0)
