"""Drafts into the bank: checked against the law in force, given their codes, inserted as sets.

A handful of statements stores any number of questions; none of them runs once a question.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from quizapp.bank import stored
from quizapp.bank.checking import check
from quizapp.bank.drafts import CitationDraft, Draft, Problem, content_hash, tidied
from quizapp.bank.identity import with_codes
from quizapp.bank.models import Bank, Citation, ImportBatch, Question, Revision
from quizapp.bank.queries import Shelf, shelf
from quizapp.db import db
from quizapp.regulations.citing import NoSuchProvision


@dataclass(frozen=True)
class Stored:
    """What became of a set of drafts."""

    new: list[int]  # revisions of new questions
    changed: list[int]  # further revisions of known questions
    same: int  # questions that say the same already
    left_out: int  # with errors

    def summary(self) -> dict[str, int]:
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "same": self.same,
            "left_out": self.left_out,
        }


def canonical(draft: Draft, law_shelf: Shelf) -> Draft:
    """The draft in the spelling that is stored: provisions as the law itself is addressed, 第六条第一款 as 第六条."""

    def settle(citation: CitationDraft) -> CitationDraft:
        if citation.kind != "law":
            return citation
        name = "" if citation.regulation == law_shelf.own_title else citation.regulation
        try:
            law = law_shelf.laws[name]
            words = law.in_words(law.anchor_of(citation.words))
        except (KeyError, NoSuchProvision):
            words = citation.words
        return replace(citation, regulation=name, words=words)

    draft = tidied(draft)
    return replace(draft, citations=[settle(citation) for citation in draft.citations])


@dataclass(frozen=True)
class Ready:
    """Drafts as they would be stored, and what storing them needs to know."""

    drafts: list[Draft]  # checked against the law in force, each with its code
    shelf: Shelf
    known: list[stored.Known]

    @property
    def good(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.verdict != "error"]


def prepared(drafts: Iterable[Draft], bank: Bank) -> Ready:
    """Check drafts against the law in force and find the questions that they are. Writes nothing."""
    drafts = list(drafts)
    law_shelf = shelf(bank, drafts)
    known = stored.known(bank.id)
    checked = check([canonical(draft, law_shelf) for draft in drafts], law_shelf.laws)
    coded = _taken_for_known(checked, with_codes(checked, known), known)
    return Ready(_doubled(coded, known), law_shelf, known)


def _taken_for_known(
    drafts: Sequence[Draft], coded: Sequence[Draft], known: Sequence[stored.Known]
) -> list[Draft]:
    """A question that came without a code, and by its stem is one of the bank that says something else, is told."""
    before = {question.code: question.content_hash for question in known}

    def told(draft: Draft, named: Draft) -> Draft:
        if draft.code or named.code not in before or before[named.code] == content_hash(named):
            return named
        said = f"题干与题库中的{named.code}相同，其他内容不同；导入后是该题的新版本。"
        return replace(
            named, problems=[*named.problems, Problem(named.line, "题干", said, "warning", named.source)]
        )

    return [told(draft, named) for draft, named in zip(drafts, coded, strict=True)]


def _doubled(drafts: Iterable[Draft], known: Sequence[stored.Known]) -> list[Draft]:
    """A stem that the bank has under another code is to be looked at."""
    codes: dict[str, list[str]] = defaultdict(list)
    for question in known:
        codes[question.stem].append(question.code)

    def told(draft: Draft) -> Draft:
        others = codes.get(draft.stem, [])
        if not others or draft.code in others:
            return draft
        said = f"题库中已有相同题干的试题{others[0]}。"
        problem = Problem(draft.line, "题干", said, "warning", draft.source)
        return replace(draft, problems=[*draft.problems, problem])

    return [told(draft) for draft in drafts]


def store(drafts: Iterable[Draft], bank: Bank, **how: Any) -> Stored:
    """Check drafts and put them into a bank: `store_ready` says how and takes the further arguments."""
    return store_ready(prepared(drafts, bank), bank, **how)


def store_ready(
    ready: Ready,
    bank: Bank,
    *,
    by_id: int | None,
    now: datetime,
    batch: ImportBatch | None = None,
    status: str = "draft",
) -> Stored:
    """Put questions into a bank: a new one as revision 1, a changed one as its next revision, an equal one not at all.

    Questions with errors are left out and counted. The caller commits.
    """
    good = ready.good
    before = {question.code: question for question in ready.known}
    hashes = {draft.code: content_hash(draft) for draft in good}
    new = [draft for draft in good if draft.code not in before]
    changed = [
        draft
        for draft in good
        if draft.code in before and before[draft.code].content_hash != hashes[draft.code]
    ]
    made = {
        "author_id": by_id,
        "created_at": now,
        "batch_id": batch.id if batch else None,
        "status": status,
        "published_at": now if status == "published" else None,
    }
    places = {code: (question.question_id, question.number + 1) for code, question in before.items()}
    for code, question_id in _insert_questions(new, bank, by_id, now, batch).items():
        places[code] = (question_id, 1)
    ids = _insert_revisions([*new, *changed], places, hashes, made)
    _insert_citations([*new, *changed], ids, ready.shelf)
    return Stored(
        ids[: len(new)], ids[len(new) :], len(good) - len(new) - len(changed), len(ready.drafts) - len(good)
    )


@dataclass(frozen=True)
class Preview:
    """What storing these drafts would do."""

    new: int
    changed: int
    same: int
    warned: int  # importable, to be looked at
    left_out: int  # with errors


def preview(ready: Ready) -> Preview:
    """Count what `store_ready` would do. Writes nothing."""
    before = {question.code: question.content_hash for question in ready.known}
    good = ready.good
    new = sum(draft.code not in before for draft in good)
    same = sum(before.get(draft.code) == content_hash(draft) for draft in good)
    warned = sum(draft.verdict == "doubt" for draft in good)
    return Preview(new, len(good) - new - same, same, warned, len(ready.drafts) - len(good))


def _insert_questions(
    drafts: Sequence[Draft], bank: Bank, by_id: int | None, now: datetime, batch: ImportBatch | None
) -> dict[str, int]:
    if not drafts:
        return {}
    rows = [
        {
            "bank_id": bank.id,
            "code": draft.code,
            "created_by_id": by_id,
            "created_at": now,
            "batch_id": batch.id if batch else None,
        }
        for draft in drafts
    ]
    made = db.session.execute(insert(Question).returning(Question.code, Question.id), rows)
    return dict(made.all())


def _insert_revisions(
    drafts: Sequence[Draft],
    places: dict[str, tuple[int, int]],
    hashes: dict[str, str],
    made: dict[str, Any],
) -> list[int]:
    if not drafts:
        return []
    rows = [
        {
            "question_id": places[draft.code][0],
            "number": places[draft.code][1],
            "kind": draft.kind,
            "any_number": draft.any_number,
            "stem": draft.stem,
            "options": draft.options,
            "key": draft.key,
            "explanation": draft.explanation,
            "difficulty": draft.difficulty,
            "uses": ",".join(draft.uses),
            "tags": draft.tags,
            "content_hash": hashes[draft.code],
            "status_reason": "",
            **made,
        }
        for draft in drafts
    ]
    made_ids = db.session.execute(insert(Revision).returning(Revision.question_id, Revision.id), rows)
    by_question: dict[int, int] = dict(made_ids.all())
    return [by_question[row["question_id"]] for row in rows]


def _insert_citations(drafts: Sequence[Draft], revision_ids: Sequence[int], law_shelf: Shelf) -> None:
    rows = [
        {"revision_id": revision_id, "position": position, **_citation_row(citation, law_shelf)}
        for revision_id, draft in zip(revision_ids, drafts, strict=True)
        for position, citation in enumerate(draft.citations)
    ]
    if rows:
        db.session.execute(insert(Citation), rows)


def _citation_row(citation: CitationDraft, law_shelf: Shelf) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": citation.kind,
        "regulation_id": None,
        "edition_id": None,
        "article": "",
        "anchor": "",
        "source": citation.source,
        "quote": citation.quote,
    }
    if citation.kind == "law":
        regulation_id, edition_id = law_shelf.editions[citation.regulation]
        anchor = law_shelf.laws[citation.regulation].anchor_of(citation.words)
        row |= {"regulation_id": regulation_id, "edition_id": edition_id, "anchor": anchor}
        row["article"] = anchor.partition(".")[0]
    return row
