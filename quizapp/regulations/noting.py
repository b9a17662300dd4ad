"""Notes and bookmarks of one's own: what changes them, and what pages read of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations.models import Edition, OwnNote, Provision, Regulation
from quizapp.regulations.queries import laws
from quizapp.regulations.standing import Standing, standing

LONGEST = 2000  # characters of one note
MOST = 2000  # notes and bookmarks of one person
A_PAGE = 30
KINDS = {"": "全部", "notes": "笔记", "bookmarks": "收藏"}


@dataclass(frozen=True)
class Place:
    """The provision that something is kept of. words: what it says in the edition in force."""

    regulation_id: int
    anchor: str
    words: str


def bookmark(person_id: int, place: Place, *, now: datetime) -> None:
    """收藏: keep the provision. One that is kept already stays as it is. Refused: more than MOST."""
    _room(person_id)
    db.session.execute(_keep(person_id, place, now, bookmarked=True, text=""))


def write(person_id: int, place: Place, text: str, *, now: datetime) -> None:
    """Put the note on this provision in place of the one before; no text takes it away and leaves the bookmark.

    Refused: longer than LONGEST, more than MOST.
    """
    if len(text) > LONGEST:
        raise Refused(
            "too_long", f"笔记最多{LONGEST}个字，没有保存。", "请返回上一页精简后再保存。", status=422
        )
    if not text:
        _clear(person_id, place)
        return
    _room(person_id)
    db.session.execute(_keep(person_id, place, now, bookmarked=False, text=text))


def _keep(person_id: int, place: Place, now: datetime, *, bookmarked: bool, text: str) -> Insert:
    """One statement, so that pressing twice at once is no error."""
    dialect: Any = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(OwnNote).values(
        person_id=person_id,
        regulation_id=place.regulation_id,
        anchor=place.anchor,
        words=place.words,
        bookmarked=bookmarked,
        text=text,
        written_at=now,
    )
    new = {"bookmarked": True} if bookmarked else {"text": text, "words": place.words, "written_at": now}
    return row.on_conflict_do_update(index_elements=["person_id", "regulation_id", "anchor"], set_=new)


def _own(person_id: int, place: Place) -> Any:
    return (
        (OwnNote.person_id == person_id)
        & (OwnNote.regulation_id == place.regulation_id)
        & (OwnNote.anchor == place.anchor)
    )


def _clear(person_id: int, place: Place) -> None:
    db.session.execute(delete(OwnNote).where(_own(person_id, place), OwnNote.bookmarked.is_(False)))
    db.session.execute(update(OwnNote).where(_own(person_id, place)).values(text=""))


def unbookmark(person_id: int, place: Place) -> None:
    """取消收藏; a note stays."""
    db.session.execute(delete(OwnNote).where(_own(person_id, place), OwnNote.text == ""))
    db.session.execute(update(OwnNote).where(_own(person_id, place)).values(bookmarked=False))


def remove(person_id: int, note_id: int) -> bool:
    """Delete a note and its bookmark; whether this person had it."""
    gone = delete(OwnNote).where(OwnNote.id == note_id, OwnNote.person_id == person_id)
    return bool(db.session.execute(gone.returning(OwnNote.id)).all())


def confirm(person_id: int, note_id: int) -> bool:
    """Take the words in force as those the note is about; whether there was one to confirm."""
    row = db.session.execute(
        select(OwnNote, Edition.id)
        .join(Edition, (Edition.regulation_id == OwnNote.regulation_id) & Edition.in_force)
        .where(OwnNote.id == note_id, OwnNote.person_id == person_id)
    ).one_or_none()
    law = laws([row[1]])[row[1]] if row else None
    if row is None or law is None or row[0].anchor not in law.anchors:
        return False
    row[0].words = law.words(row[0].anchor)
    return True


def _room(person_id: int) -> None:
    count = db.session.scalar(select(func.count(OwnNote.id)).where(OwnNote.person_id == person_id)) or 0
    if count >= MOST:
        raise Refused(
            "too_many", f"笔记和收藏已有{MOST}条，没有保存这一条。", "请在“我的笔记”中删除不需要的再试。"
        )


def on_page(person_id: int, regulation_id: int, articles: Iterable[str]) -> dict[str, OwnNote]:
    """This person's notes and bookmarks of these articles and what is below them, by anchor. One statement."""
    rows = db.session.scalars(
        select(OwnNote).where(OwnNote.person_id == person_id, OwnNote.regulation_id == regulation_id)
    )
    wanted = set(articles)
    return {row.anchor: row for row in rows if row.anchor.partition(".")[0] in wanted}


@dataclass(frozen=True)
class Kept:
    """One line of 我的笔记."""

    note: OwnNote
    slug: str
    title: str
    standing: Standing


@dataclass(frozen=True)
class Shelf:
    """A page of 我的笔记. counts: of each kind, by the keys of KINDS."""

    kept: list[Kept]
    counts: dict[str, int]
    page: int
    pages: int


def shelf(person_id: int, kind: str = "", page: int = 1, *, size: int = A_PAGE) -> Shelf:
    """What this person kept, in the order of the regulations. Four statements at most."""
    counts = _counts(person_id)
    pages = max(1, -(-counts[kind] // size))
    page = min(max(page, 1), pages)
    rows = db.session.execute(
        select(OwnNote, Regulation, Edition.id)
        .join(Regulation, Regulation.id == OwnNote.regulation_id)
        .join(Edition, (Edition.regulation_id == OwnNote.regulation_id) & Edition.in_force)
        .outerjoin(Provision, (Provision.edition_id == Edition.id) & (Provision.anchor == OwnNote.anchor))
        .where(OwnNote.person_id == person_id, *_of_kind(kind))
        .order_by(
            Regulation.sort, Regulation.id, Provision.position.is_(None), Provision.position, OwnNote.id
        )
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    known = laws({row[2] for row in rows})
    kept = [
        Kept(note, regulation.slug, regulation.title, standing(known[edition], note.anchor, note.words))
        for note, regulation, edition in rows
    ]
    return Shelf(kept, counts, page, pages)


def _of_kind(kind: str) -> list[Any]:
    conditions: dict[str, list[Any]] = {"notes": [OwnNote.text != ""], "bookmarks": [OwnNote.bookmarked]}
    return conditions.get(kind, [])


def _counts(person_id: int) -> dict[str, int]:
    columns = [
        func.count(OwnNote.id).filter(*_of_kind(kind)) if kind else func.count(OwnNote.id) for kind in KINDS
    ]
    row = db.session.execute(select(*columns).where(OwnNote.person_id == person_id)).one()
    return dict(zip(KINDS, row, strict=True))
