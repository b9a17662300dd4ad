"""Regulations as published: an edition is never changed, a new one is put beside it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class Regulation(db.Model):
    """A regulation by its name; its words stand in its editions."""

    __tablename__ = "regulation"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # in addresses: xinfang-gongzuo-tiaoli
    title: Mapped[str]  # 信访工作条例, without 《》
    sort: Mapped[int] = mapped_column(default=0)


class Edition(db.Model):
    """One text of a regulation, as promulgated. The edition in force is what addresses mean by default."""

    __tablename__ = "edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    issued_by: Mapped[str] = mapped_column(default="")  # 制定机关
    approved: Mapped[str] = mapped_column(default="")  # 审议批准, in its own words
    published_on: Mapped[date | None]
    effective_on: Mapped[date]
    in_force: Mapped[bool]
    source: Mapped[str]  # the imported text, whole
    source_hash: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("regulation_id", "effective_on"),
        Index(
            "uq_edition_in_force",
            "regulation_id",
            unique=True,
            sqlite_where=text("in_force"),
            postgresql_where=text("in_force"),
        ),
    )


class Provision(db.Model):
    """A part of an edition. Anchors of articles, paragraphs and items are article.paragraph.item: 24, 24.1, 31.1.6."""

    __tablename__ = "provision"
    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("provision.id"))
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(12))  # "24", "120-1"; of a paragraph or item its count from 1
    position: Mapped[int]  # order of reading in the whole edition, from 0
    anchor: Mapped[str] = mapped_column(String(24))  # chapters: c3; sections: c3-s1
    heading: Mapped[str] = mapped_column(default="")  # 信访工作体制; empty for articles and below
    text: Mapped[str]  # own words; of an article the whole text, paragraphs and items one a line
    text_hash: Mapped[str] = mapped_column(String(64), default="")  # of articles
    initials: Mapped[str] = mapped_column(default="")  # of articles: see `initials`, as long as the text
    __table_args__ = (
        UniqueConstraint("edition_id", "anchor"),
        Index("ix_provision_order", "edition_id", "position"),
        CheckConstraint(
            "kind IN ('part', 'chapter', 'section', 'article', 'paragraph', 'item', 'subitem')", "kind"
        ),
    )


class OwnNote(db.Model):
    """What one person kept of a provision: a bookmark, words of their own, or both. Nobody else sees it.

    It hangs on regulation and anchor, so that it outlives an edition; `words` tells whether the text is still the same.
    """

    __tablename__ = "own_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    regulation_id: Mapped[int] = mapped_column(ForeignKey("regulation.id"), index=True)
    anchor: Mapped[str] = mapped_column(String(24))  # 24, 24.1, 31.1.6
    words: Mapped[str]  # what the provision said then
    bookmarked: Mapped[bool]
    text: Mapped[str]  # "" for a mere bookmark
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("person_id", "regulation_id", "anchor"),
        CheckConstraint("bookmarked OR text <> ''", "says_something"),
    )
