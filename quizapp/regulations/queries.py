"""What pages and other areas read of regulations: editions as laws, and where words stand."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from quizapp.db import db
from quizapp.regulations import finding
from quizapp.regulations.citing import Law
from quizapp.regulations.initials import initials, is_initials, meant
from quizapp.regulations.models import Edition, Provision, Regulation
from quizapp.regulations.reading import LineView, article_view, shortened

KEPT_LAWS = 64  # editions held in memory by a process
HITS_A_PAGE = 20  # articles
WITHOUT_SOURCE = defer(Edition.source)  # the whole imported text, which no page needs
_kept: OrderedDict[tuple[str, str], Law] = (
    OrderedDict()
)  # an edition never changes: by title and hash of its text
_lock = Lock()


def laws(edition_ids: Iterable[int]) -> dict[int, Law]:
    """These editions, ready to be read and cited. One statement, and one more for those not in memory yet."""
    rows = db.session.execute(
        select(Edition.id, Regulation.title, Edition.source_hash)
        .join(Regulation, Regulation.id == Edition.regulation_id)
        .where(Edition.id.in_(set(edition_ids)))
    ).all()
    keys = {row.id: (row.title, row.source_hash) for row in rows}
    with _lock:
        known = {identity: _kept[key] for identity, key in keys.items() if key in _kept}
    fresh = _read({identity: key for identity, key in keys.items() if identity not in known})
    with _lock:
        for identity, law in fresh.items():
            _kept[keys[identity]] = law
        for identity in keys:
            if keys[identity] in _kept:
                _kept.move_to_end(keys[identity])
        while len(_kept) > KEPT_LAWS:
            _kept.popitem(last=False)
    return known | fresh


def _read(wanted: dict[int, tuple[str, str]]) -> dict[int, Law]:
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            Provision.edition_id,
            Provision.kind,
            Provision.number,
            Provision.anchor,
            Provision.heading,
            Provision.text,
        )
        .where(Provision.edition_id.in_(wanted))
        .order_by(Provision.edition_id, Provision.position)
    ).all()
    return {
        identity: Law(title, [row for row in rows if row.edition_id == identity])
        for identity, (title, _) in wanted.items()
    }


def law(edition_id: int) -> Law:
    """One edition. Raises KeyError when there is none."""
    return laws([edition_id])[edition_id]


def law_in_force(slug: str) -> tuple[Regulation, Edition, Law]:
    """The edition of a regulation that is in force. Raises KeyError when there is none."""
    row = db.session.execute(
        select(Regulation, Edition)
        .join(Edition, Edition.regulation_id == Regulation.id)
        .where(Regulation.slug == slug, Edition.in_force)
        .options(WITHOUT_SOURCE)
    ).one_or_none()
    if row is None:
        raise KeyError(slug)
    regulation, edition = row
    return regulation, edition, law(edition.id)


def editions_of(slug: str) -> list[tuple[Regulation, Edition]]:
    """All editions of a regulation, the newest first; the whole source text stays in the table."""
    return list(
        db.session.execute(
            select(Regulation, Edition)
            .join(Edition, Edition.regulation_id == Regulation.id)
            .where(Regulation.slug == slug)
            .order_by(Edition.effective_on.desc())
            .options(WITHOUT_SOURCE)
        ).all()
    )


@dataclass(frozen=True)
class Shelf:
    """A line of the list of regulations."""

    slug: str
    title: str
    issued_by: str
    edition: Edition
    articles: int


def shelf() -> list[Shelf]:
    """Every regulation with its edition in force, in the order of the list."""
    rows = db.session.execute(
        select(Regulation, Edition, func.count(Provision.id))
        .join(Edition, (Edition.regulation_id == Regulation.id) & Edition.in_force)
        .join(Provision, (Provision.edition_id == Edition.id) & (Provision.kind == "article"))
        .group_by(Regulation.id, Edition.id)
        .order_by(Regulation.sort, Regulation.id)
        .options(WITHOUT_SOURCE)
    )
    return [Shelf(r.slug, r.title, e.issued_by, e, count) for r, e, count in rows]


@dataclass(frozen=True)
class Hit:
    """An article that holds the words. lines: those with a mark, shortened around it."""

    slug: str
    title: str
    article: str
    in_words: str
    chapter: str
    lines: list[LineView]
    places: int  # marks in the whole article


@dataclass(frozen=True)
class Group:
    """The hits of this page in one regulation. articles: how many it has in all."""

    slug: str
    title: str
    articles: int
    hits: list[Hit]


@dataclass(frozen=True)
class Found:
    """A page of hits."""

    words: list[str]
    articles: int  # in all
    page: int
    pages: int
    groups: list[Group]
    read_as: list[str]  # words of the text that the first letters asked for stand for, on this page
    regulations: int  # in which there are hits

    @property
    def hits(self) -> list[Hit]:
        return [hit for group in self.groups for hit in group.hits]


def search(query: str, *, page: int = 1, slug: str | None = None) -> Found:
    """Where all words of a query stand in the editions in force, or in one regulation's. Three statements."""
    words = finding.asked(query)
    if not words:
        return Found([], 0, 1, 1, [], [], 0)
    where: list[Any] = [Provision.kind == "article", Edition.in_force, finding.holds(words)]
    where += [Regulation.slug == slug] if slug else []
    counts = _counts(where)
    total = sum(counts.values())
    pages = max(1, -(-total // HITS_A_PAGE))
    page = min(max(page, 1), pages)
    columns = [Provision.text, Provision.initials] if any(map(is_initials, words)) else []
    rows = db.session.execute(
        select(Provision.number, Provision.edition_id, Regulation.slug, Regulation.title, *columns)
        .join(Edition, Edition.id == Provision.edition_id)
        .join(Regulation, Regulation.id == Edition.regulation_id)
        .where(*where)
        .order_by(Regulation.sort, Regulation.id, Provision.position)
        .limit(HITS_A_PAGE)
        .offset((page - 1) * HITS_A_PAGE)
    ).all()
    known = laws({row.edition_id for row in rows})
    groups: dict[str, Group] = {}
    read_as: dict[str, None] = {}
    for row in rows:
        said = _said(words, row.text, row.initials) if columns else words
        read_as |= dict.fromkeys(word for word in said if word not in words)
        group = groups.setdefault(row.slug, Group(row.slug, row.title, counts[row.slug], []))
        group.hits.append(_hit(known[row.edition_id], row.slug, row.title, row.number, said))
    return Found(words, total, page, pages, list(groups.values()), list(read_as), len(counts))


def _counts(where: list[Any]) -> dict[str, int]:
    """How many articles of each regulation are hits, by slug."""
    rows = db.session.execute(
        select(Regulation.slug, func.count(Provision.id))
        .select_from(Provision)
        .join(Edition, Edition.id == Provision.edition_id)
        .join(Regulation, Regulation.id == Edition.regulation_id)
        .where(*where)
        .group_by(Regulation.slug)
    )
    return {row[0]: row[1] for row in rows}


def _said(words: list[str], text: str, letters: str) -> list[str]:
    """The words of a query as this text has them."""
    return [
        word for asked in words for word in (meant(text, letters, asked) if is_initials(asked) else [asked])
    ]


def said_in(law: Law, article: str, words: list[str]) -> list[str]:
    """The words of a query as an article has them: xfr is 信访人."""
    if not any(map(is_initials, words)):
        return words
    text = law.words(article)
    return _said(words, text, initials(text))


def _hit(law: Law, slug: str, title: str, number: str, words: list[str]) -> Hit:
    view = article_view(law, number, words, any_case=True)
    marked = [line for line in view.lines if any(run.marked for run in line.runs)]
    places = sum(run.marked for line in marked for run in line.runs)
    chapter = law.chapter_of(number)
    head = law.chapter(chapter).title if chapter else ""
    return Hit(slug, title, number, view.in_words, head, [shortened(line) for line in marked], places)
