"""The lists and figures of a bank's pages. Every function runs a constant number of statements."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from quizapp.bank.drafts import kind_word
from quizapp.bank.models import Bank, Citation, ImportBatch, Question, Revision
from quizapp.bank.queries import has_use
from quizapp.db import db
from quizapp.jsonsql import any_text, table_of
from quizapp.people.models import Person, Unit
from quizapp.regulations.numerals import label

newest_numbers = (
    select(Revision.question_id, func.max(Revision.number).label("number"))
    .group_by(Revision.question_id)
    .subquery("newest")
)
is_newest = and_(
    newest_numbers.c.question_id == Revision.question_id, newest_numbers.c.number == Revision.number
)


@dataclass(frozen=True)
class BankRow:
    """One line of the list of banks."""

    slug: str
    title: str
    owner: str
    sealed: bool
    questions: int
    published: int
    waiting: int  # in review
    level: str  # at which it is lent to whom the list is for; "" where it is not by a loan


def banks(visible: ColumnElement[bool], level: ColumnElement[str]) -> list[BankRow]:
    """The banks that the condition lets through, with their counts. level: see `access.level`."""
    rows = db.session.execute(
        select(
            Bank.slug,
            Bank.title,
            case((Bank.owner != "", Bank.owner), else_=func.coalesce(Unit.name, "")),
            Bank.sealed,
            func.count(Question.id.distinct()),
            func.count(Revision.id).filter(Revision.status == "published"),
            func.count(Revision.id).filter(Revision.status == "in_review"),
            level,
        )
        .outerjoin(Unit, Unit.id == Bank.unit_id)
        .outerjoin(Question, Question.bank_id == Bank.id)
        .outerjoin(Revision, Revision.question_id == Question.id)
        .where(visible)
        .group_by(Bank.id, Unit.id)
        .order_by(Bank.id)
    )
    return [BankRow(*row) for row in rows]


@dataclass(frozen=True)
class Overview:
    """A bank's published questions in figures, and how many revisions wait in each state."""

    kinds: dict[str, int]
    difficulties: dict[int, int]
    uses: dict[str, int]
    statuses: dict[str, int]  # newest revisions
    articles: dict[str, int]  # published questions by article

    @property
    def published(self) -> int:
        return sum(self.kinds.values())


def overview(bank_id: int) -> Overview:
    """Three statements, whatever the size of the bank."""
    grouped = db.session.execute(
        select(Revision.kind, Revision.difficulty, Revision.uses, func.count())
        .join(Question, Question.id == Revision.question_id)
        .where(Question.bank_id == bank_id, Revision.status == "published")
        .group_by(Revision.kind, Revision.difficulty, Revision.uses)
    )
    kinds: dict[str, int] = defaultdict(int)
    difficulties: dict[int, int] = defaultdict(int)
    uses: dict[str, int] = defaultdict(int)
    for kind, difficulty, used, count in grouped.all():
        kinds[kind] += count
        difficulties[difficulty] += count
        for use in used.split(","):
            uses[use] += count
    statuses = db.session.execute(
        select(Revision.status, func.count())
        .join(Question, Question.id == Revision.question_id)
        .join(newest_numbers, is_newest)
        .where(Question.bank_id == bank_id)
        .group_by(Revision.status)
    )
    articles = db.session.execute(
        select(Citation.article, func.count(Revision.id.distinct()))
        .join(Revision, Revision.id == Citation.revision_id)
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Question.bank_id == bank_id, Revision.status == "published", Citation.kind == "law")
        .where(Citation.regulation_id == Bank.regulation_id)
        .group_by(Citation.article)
    )
    return Overview(dict(kinds), dict(difficulties), dict(uses), dict(statuses.all()), dict(articles.all()))


@dataclass(frozen=True)
class Filters:
    """What the list of a bank's questions is narrowed to; empty: not at all."""

    words: str = ""
    kind: str = ""
    article: str = ""
    difficulty: int | None = None
    status: str = ""
    use: str = ""
    tag: str = ""
    author_id: int | None = None
    batch_id: int | None = None


SORTS = {"code": "按编号排列", "difficulty": "按难度排列", "changed": "按最近修改排列"}
SIZES = (30, 60, 120)  # questions on a page of the list


@dataclass(frozen=True)
class QuestionRow:
    """One line of the list."""

    revision_id: int
    code: str
    number: int
    kind: str
    any_number: bool
    stem: str
    difficulty: int
    status: str
    article: str  # of the first citation

    @property
    def kind_word(self) -> str:
        return kind_word(self.kind, self.any_number)

    @property
    def article_words(self) -> str:
        return label(self.article, "条") if self.article else ""


def _narrowed(query: Any, bank_id: int, filters: Filters) -> Any:
    """A select over revisions, narrowed to the bank and the filters."""
    query = query.join(Question, Question.id == Revision.question_id).where(Question.bank_id == bank_id)
    if filters.batch_id is not None:
        query = query.where(Revision.batch_id == filters.batch_id)
    elif not filters.status:
        query = query.join(newest_numbers, is_newest)
    if filters.status:
        query = query.where(Revision.status == filters.status)
    if filters.kind:
        query = query.where(Revision.kind == filters.kind)
    if filters.difficulty is not None:
        query = query.where(Revision.difficulty == filters.difficulty)
    if filters.use:
        query = query.where(has_use(filters.use))
    if filters.article:
        cites = select(Citation.id).where(
            Citation.revision_id == Revision.id, Citation.article == filters.article
        )
        query = query.where(cites.exists())
    if filters.tag:
        query = query.where(any_text(Revision.tags, lambda value: value == filters.tag))
    if filters.author_id is not None:
        query = query.where(Revision.author_id == filters.author_id)
    for word in filters.words.split():
        query = query.where(_says(word))
    return query


def _says(word: str) -> ColumnElement[bool]:
    """The word stands in the code, the stem, an option or the explanation. For people of the bank alone: the
    explanation tells the key."""

    def holds(text: Any) -> ColumnElement[bool]:
        return text.icontains(word, autoescape=True)

    texts = (Question.code, Revision.stem, Revision.explanation)
    return or_(*(holds(text) for text in texts), any_text(Revision.options, holds))


def revision_ids(bank_id: int, filters: Filters) -> list[int]:
    """All revisions that the list would show on its pages."""
    return list(db.session.scalars(_narrowed(select(Revision.id), bank_id, filters).order_by(Revision.id)))


def tags(bank_id: int) -> list[str]:
    """Every tag that a newest revision of the bank bears."""
    texts = table_of(Revision.tags)
    query = select(texts.c.value).distinct().select_from(Revision).join(newest_numbers, is_newest)
    query = query.join(Question, Question.id == Revision.question_id).join(texts, true())
    return sorted(db.session.scalars(query.where(Question.bank_id == bank_id)))


def authors(bank_id: int) -> list[tuple[int, str]]:
    """(id, name) of everybody who wrote or imported a newest revision of the bank."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.name_key)
        .distinct()
        .join(Revision, Revision.author_id == Person.id)
        .join(newest_numbers, is_newest)
        .join(Question, Question.id == Revision.question_id)
        .where(Question.bank_id == bank_id)
        .order_by(Person.name_key, Person.id)
    )
    return [(identity, name) for identity, name, _ in rows]


def count_questions(bank_id: int, filters: Filters) -> int:
    return db.session.execute(
        _narrowed(select(func.count(Revision.id)).select_from(Revision), bank_id, filters)
    ).scalar_one()


def questions(
    bank_id: int, filters: Filters, *, sort: str = "code", offset: int = 0, limit: int = 50
) -> list[QuestionRow]:
    """A page of the list, in one of SORTS. Without a status or a batch it shows each question's newest revision."""
    first_article = (
        select(Citation.article)
        .where(Citation.revision_id == Revision.id, Citation.kind == "law")
        .order_by(Citation.position)
        .limit(1)
        .scalar_subquery()
    )
    query = select(
        Revision.id,
        Question.code,
        Revision.number,
        Revision.kind,
        Revision.any_number,
        Revision.stem,
        Revision.difficulty,
        Revision.status,
        func.coalesce(first_article, ""),
    ).select_from(Revision)
    orders: dict[str, list[Any]] = {
        "difficulty": [Revision.difficulty],
        "changed": [Revision.created_at.desc()],
    }
    first = orders.get(sort, [])
    query = _narrowed(query, bank_id, filters).order_by(*first, Question.code, Revision.number)
    return [QuestionRow(*row) for row in db.session.execute(query.offset(offset).limit(limit))]


@dataclass(frozen=True)
class RevisionRow:
    """One line of a question's history."""

    revision: Revision
    author: str
    reviewer: str
    importer_id: int | None


def history(question_id: int) -> list[RevisionRow]:
    """All revisions of a question, the newest first."""
    author, reviewer = _aliased_people()
    rows = db.session.execute(
        select(Revision, author.c.name, reviewer.c.name, ImportBatch.by_id)
        .outerjoin(author, author.c.id == Revision.author_id)
        .outerjoin(reviewer, reviewer.c.id == Revision.reviewed_by_id)
        .outerjoin(ImportBatch, ImportBatch.id == Revision.batch_id)
        .where(Revision.question_id == question_id)
        .order_by(Revision.number.desc())
    )
    return [RevisionRow(row, name or "", by or "", importer) for row, name, by, importer in rows]


def _aliased_people() -> tuple[Any, Any]:
    people = select(Person.id, Person.name)
    return people.subquery("author"), people.subquery("reviewer")


@dataclass(frozen=True)
class BatchRow:
    """One accepted import."""

    id: int
    file_name: str
    at: datetime
    by: str
    summary: dict[str, Any]
    undone_at: datetime | None
    drafts: int
    in_review: int
    published: int


def batches(bank_id: int) -> list[BatchRow]:
    """The imports of a bank, the newest first, with what has become of their revisions."""
    rows = db.session.execute(
        select(
            ImportBatch.id,
            ImportBatch.file_name,
            ImportBatch.at,
            func.coalesce(Person.name, ""),
            ImportBatch.summary,
            ImportBatch.undone_at,
            *(
                select(func.count(Revision.id))
                .where(Revision.batch_id == ImportBatch.id, Revision.status == status)
                .scalar_subquery()
                for status in ("draft", "in_review", "published")
            ),
        )
        .outerjoin(Person, Person.id == ImportBatch.by_id)
        .where(ImportBatch.bank_id == bank_id)
        .order_by(ImportBatch.id.desc())
    )
    return [BatchRow(*row) for row in rows]
