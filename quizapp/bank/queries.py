"""Reading questions: what may be drawn, what a candidate sees, what marks an answer, what the law says to it.

Every function runs a constant number of statements. `faces` never reads a key or an explanation from the database,
so that nothing of a running exam can leak them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select

from quizapp.bank.drafts import LETTERS, Draft, kind_word
from quizapp.bank.models import Bank, Citation, Question, QuestionFacts, Revision
from quizapp.db import db
from quizapp.regulations.citing import Law
from quizapp.regulations.models import Edition, Regulation
from quizapp.regulations.queries import laws


@dataclass(frozen=True)
class PoolEntry:
    """A question that may be drawn. article and chapter are those of its first 依据, "" for none."""

    revision_id: int
    question_id: int
    kind: str
    article: str
    chapter: str
    difficulty: int
    regulation: str = ""  # slug
    tags: tuple[str, ...] = ()
    facility: int | None = None  # share of points earned so far, in thousandths; none: too few answers
    practice_seen: int = 0


@dataclass(frozen=True)
class Face:
    """What a candidate sees: no key, no explanation, no citation."""

    revision_id: int
    question_id: int
    kind: str
    any_number: bool
    stem: str
    options: list[str]

    @property
    def kind_word(self) -> str:
        return kind_word(self.kind, self.any_number)

    @property
    def lettered(self) -> list[tuple[str, str]]:
        """(letter, text) in the revision's own order."""
        return list(zip(LETTERS, self.options, strict=False))


@dataclass(frozen=True)
class CitationView:
    """A 依据 as it is shown."""

    regulation_slug: str
    regulation_title: str
    edition_id: int | None
    anchor: str
    article: str
    in_words: str  # 第二十四条第一款
    quote: str
    source: str
    kind: str
    regulation_id: int | None


@dataclass(frozen=True)
class Full(Face):
    """All that a revision says: for feedback, review and the bank's own pages."""

    key: str
    explanation: str
    difficulty: int
    citations: list[CitationView]


def has_use(use: str) -> ColumnElement[bool]:
    return (literal(",") + Revision.uses + literal(",")).contains(f",{use},", autoescape=True)


def pool(bank_ids: Iterable[int], use: str) -> list[PoolEntry]:
    """The published questions of these banks for this use (daily, mock, exam), ordered by revision."""
    rows = db.session.execute(
        select(
            Revision.id,
            Revision.question_id,
            Revision.kind,
            Revision.difficulty,
            Revision.tags,
            Citation.article,
            Citation.edition_id,
            Regulation.slug,
            QuestionFacts.facility,
            QuestionFacts.practice_seen,
        )
        .join(Question, Question.id == Revision.question_id)
        .outerjoin(QuestionFacts, QuestionFacts.question_id == Question.id)
        .outerjoin(Citation, and_(Citation.revision_id == Revision.id, Citation.kind == "law"))
        .outerjoin(Regulation, Regulation.id == Citation.regulation_id)
        .where(Question.bank_id.in_(list(bank_ids)), Revision.status == "published", has_use(use))
        .order_by(Revision.id, Citation.position)
    )
    first: dict[int, Any] = {}
    for row in rows:
        first.setdefault(row.id, row)
    known = laws({row.edition_id for row in first.values() if row.edition_id})
    return [
        PoolEntry(
            row.id,
            row.question_id,
            row.kind,
            row.article or "",
            known[row.edition_id].chapter_of(row.article) if row.edition_id else "",
            row.difficulty,
            row.slug or "",
            tuple(row.tags),
            row.facility,
            row.practice_seen or 0,
        )
        for row in first.values()
    ]


_FACE = (
    Revision.id,
    Revision.question_id,
    Revision.kind,
    Revision.any_number,
    Revision.stem,
    Revision.options,
)


def faces(revision_ids: Iterable[int]) -> dict[int, Face]:
    """What candidates see of these revisions. Neither key nor explanation is read from the database."""
    rows = db.session.execute(select(*_FACE).where(Revision.id.in_(list(revision_ids))))
    return {row[0]: Face(*row) for row in rows}


def full(revision_ids: Iterable[int]) -> dict[int, Full]:
    """Everything about these revisions."""
    wanted = list(revision_ids)
    rows = db.session.execute(
        select(*_FACE, Revision.key, Revision.explanation, Revision.difficulty).where(Revision.id.in_(wanted))
    )
    cited = citations(Citation.revision_id.in_(wanted))
    return {row[0]: Full(*row, cited.get(row[0], [])) for row in rows}


def keys(revision_ids: Iterable[int]) -> dict[int, str]:
    """The right letters of these revisions, ascending: "AC"."""
    rows = db.session.execute(select(Revision.id, Revision.key).where(Revision.id.in_(list(revision_ids))))
    return dict(rows.all())


def citations(condition: ColumnElement[bool]) -> dict[int, list[CitationView]]:
    """The citations of the revisions that the condition names, in their order, by revision."""
    rows = db.session.execute(
        select(Citation, Regulation.slug, Regulation.title)
        .outerjoin(Regulation, Regulation.id == Citation.regulation_id)
        .where(condition)
        .order_by(Citation.revision_id, Citation.position)
    )
    found = rows.all()
    known = laws({row.edition_id for row, _, _ in found if row.edition_id})
    views: dict[int, list[CitationView]] = defaultdict(list)
    for row, slug, title in found:
        in_words = known[row.edition_id].in_words(row.anchor) if row.edition_id else ""
        views[row.revision_id].append(
            CitationView(
                slug or "",
                title or "",
                row.edition_id,
                row.anchor,
                row.article,
                in_words,
                row.quote,
                row.source,
                row.kind,
                row.regulation_id,
            )
        )
    return dict(views)


# The laws in force ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shelf:
    """The regulations in force that a bank's questions may cite: by title without 《》, "" for the bank's own."""

    laws: dict[str, Law]
    editions: dict[str, tuple[int, int]]  # title: (regulation id, edition id)
    own_title: str
    slugs: dict[str, str] = field(default_factory=dict)  # title: what addresses call the regulation


def shelf(bank: Bank, drafts: Iterable[Draft] = ()) -> Shelf:
    """The bank's own regulation and those that the questions name, as far as an edition is in force."""
    titles = {citation.regulation for draft in drafts for citation in draft.citations}
    rows = db.session.execute(
        select(Regulation.id, Regulation.title, Edition.id, Regulation.slug)
        .join(Edition, Edition.regulation_id == Regulation.id)
        .where(Edition.in_force, or_(Regulation.id == bank.regulation_id, Regulation.title.in_(titles)))
    )
    found = rows.all()
    texts = laws(edition_id for _, _, edition_id, _ in found)
    known, editions, slugs, own = {}, {}, {}, ""
    for regulation_id, title, edition_id, slug in found:
        names = ["", title] if regulation_id == bank.regulation_id else [title]
        own = title if regulation_id == bank.regulation_id else own
        for name in names:
            known[name] = texts[edition_id]
            editions[name] = (regulation_id, edition_id)
            slugs[name] = slug
    return Shelf(known, editions, own, slugs)


def effective_days(edition_ids: Iterable[int]) -> dict[int, date]:
    """From which day each of these editions holds."""
    wanted = set(edition_ids)
    rows = db.session.execute(select(Edition.id, Edition.effective_on).where(Edition.id.in_(wanted)))
    return dict(rows.all())


def regulations() -> list[tuple[int, str]]:
    """(id, title) of every regulation, for the choice of a new bank."""
    return list(
        db.session.execute(select(Regulation.id, Regulation.title).order_by(Regulation.sort, Regulation.id))
    )
