"""Stored questions in words again, as drafts: what an import is compared with, what an export writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from quizapp.bank.catalogue import is_newest, newest_numbers
from quizapp.bank.drafts import CitationDraft, Draft
from quizapp.bank.models import Bank, Citation, Question, Revision
from quizapp.bank.queries import CitationView, citations
from quizapp.db import db


@dataclass(frozen=True)
class Known:
    """The newest revision of a question of the bank: what an import is compared with."""

    question_id: int
    code: str
    number: int
    content_hash: str
    stem: str
    options: list[str]


def known(bank_id: int) -> list[Known]:
    rows = db.session.execute(
        select(
            Question.id,
            Question.code,
            Revision.number,
            Revision.content_hash,
            Revision.stem,
            Revision.options,
        )
        .join(Revision, Revision.question_id == Question.id)
        .join(newest_numbers, is_newest)
        .where(Question.bank_id == bank_id)
        .order_by(Question.id)
    )
    return [Known(*row) for row in rows]


def drafts_of(bank: Bank, condition: ColumnElement[bool] | None = None) -> list[Draft]:
    """The newest revisions of a bank, by code; with a condition on revisions, those that it names instead."""
    chosen = select(Revision.id).join(Question, Question.id == Revision.question_id)
    chosen = chosen.where(Question.bank_id == bank.id)
    chosen = chosen.join(newest_numbers, is_newest) if condition is None else chosen.where(condition)
    rows = db.session.execute(
        select(Revision, Question.code)
        .join(Question, Question.id == Revision.question_id)
        .where(Revision.id.in_(chosen))
        .order_by(Question.code, Revision.number)
    )
    found = rows.all()
    cited = citations(Citation.revision_id.in_(chosen))
    return [draft_of(row, code, cited.get(row.id, []), bank) for row, code in found]


def by_revision(revision_ids: Sequence[int]) -> dict[int, Draft]:
    """These revisions in words again, of whatever banks: what a paper may hold. Two statements."""
    wanted = Revision.id.in_(revision_ids)
    rows = db.session.execute(
        select(Revision, Question.code, Bank)
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(wanted)
    ).all()
    cited = citations(Citation.revision_id.in_(revision_ids))
    return {row.id: draft_of(row, code, cited.get(row.id, []), bank) for row, code, bank in rows}


def draft_of(row: Revision, code: str, cited: Sequence[CitationView], bank: Bank) -> Draft:
    """A stored revision in words again."""
    return Draft(
        kind=row.kind,
        stem=row.stem,
        options=list(row.options),
        key=row.key,
        explanation=row.explanation,
        difficulty=row.difficulty,
        citations=[citation_draft(view, bank) for view in cited],
        code=code,
        uses=tuple(row.uses.split(",")),
        tags=list(row.tags),
        any_number=row.any_number,
    )


def citation_draft(view: CitationView, bank: Bank) -> CitationDraft:
    """A stored citation in words again. The bank's own regulation is left unnamed."""
    own = view.regulation_id == bank.regulation_id
    title = "" if own or view.kind != "law" else view.regulation_title
    return CitationDraft(view.in_words, view.quote, view.kind, title, view.source)
