"""Changing banks: a folder that ships, an upload that a person has looked at, taking one back, 封闭.

What moves a question from draft to published stands in `review`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from quizapp import audit
from quizapp.bank import folders
from quizapp.bank.drafts import Draft, Problem, Reading
from quizapp.bank.models import Bank, Citation, Comment, ImportBatch, Question, Revision
from quizapp.bank.review import approve, recheck, retire, send_back, submit
from quizapp.bank.storing import Ready, Stored, prepared, store, store_ready
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations.actions import import_edition
from quizapp.regulations.models import Regulation

__all__ = [
    "FolderReport",
    "accept",
    "approve",
    "create_bank",
    "load_folder",
    "recheck",
    "retire",
    "seal",
    "send_back",
    "store",
    "submit",
    "undo",
]


def accept(
    drafts: Sequence[Draft],
    bank: Bank,
    *,
    file_name: str,
    data: bytes,
    by_id: int | None,
    now: datetime,
    report: Callable[[int, int], None] = lambda done, total: None,
    ready: Ready | None = None,
) -> tuple[ImportBatch, Stored]:
    """Store an upload that a person has looked at, as drafts, under one batch. The caller commits.

    report: told how many of how many questions are done, as far as that is known. ready: the same drafts as
    `prepared` made them ready in this very transaction.
    """
    report(0, len(drafts))
    batch = ImportBatch(
        bank_id=bank.id,
        file_name=file_name,
        file_hash=hashlib.sha256(data).hexdigest(),
        by_id=by_id,
        at=now,
        summary={},
    )
    db.session.add(batch)
    db.session.flush()
    ready = ready or prepared(drafts, bank)
    report(len(drafts) // 2, len(drafts))
    outcome = store_ready(ready, bank, by_id=by_id, now=now, batch=batch)
    report(len(drafts), len(drafts))
    batch.summary = outcome.summary()
    audit.record("bank.imported", batch, actor_id=by_id, bank=bank.slug, **outcome.summary())
    return batch, outcome


def undo(batch: ImportBatch, *, by_id: int | None, now: datetime) -> int:
    """Take an import back as a whole: its revisions with what was said about them, and its
    questions that nothing else says. Returns how many.

    Raises Refused when one of them has been published, retired or used.
    """
    if batch.undone_at is not None:
        raise Refused("undone", "该批次已经撤销。")
    revisions = select(Revision.id).where(Revision.batch_id == batch.id)
    statuses = list(db.session.scalars(select(Revision.status).where(Revision.batch_id == batch.id)))
    kept = [status for status in statuses if status not in ("draft", "in_review")]
    if kept:
        raise Refused(
            "published",
            f"该批次有{len(kept)}题已发布或停用，不能整批撤销。",
            "没有改动任何内容。请逐题停用。",
        )
    try:
        db.session.execute(delete(Comment).where(Comment.revision_id.in_(revisions)))
        db.session.execute(delete(Citation).where(Citation.revision_id.in_(revisions)))
        db.session.execute(delete(Revision).where(Revision.batch_id == batch.id))
        db.session.execute(
            delete(Question).where(
                Question.batch_id == batch.id,
                ~select(Revision.id).where(Revision.question_id == Question.id).exists(),
            )
        )
    except IntegrityError as error:
        raise Refused("used", "该批次的试题已被使用，不能撤销。", "没有改动任何内容。") from error
    batch.undone_at = now
    audit.record("bank.import_undone", batch, actor_id=by_id, revisions=len(statuses))
    return len(statuses)


# A folder that ships with the app -------------------------------------------------------------------------------


@dataclass(frozen=True)
class FolderReport:
    """What loading a bank's folder did."""

    slug: str
    title: str
    created: bool  # False: the bank was there already, nothing was changed
    published: int = 0
    problems: list[Problem] = field(default_factory=list)


def load_folder(path: Path, now: datetime) -> FolderReport:
    """Enter a folder's bank as published, with its regulation, when its slug is absent; else change nothing.

    bank.toml names who reviewed it. Questions with errors stay out and are reported. The caller commits.
    Raises Refused when the folder cannot be read.
    """
    facts = folders.read_facts(path)
    if db.session.scalar(select(Bank.id).where(Bank.slug == facts["slug"])) is not None:
        return FolderReport(facts["slug"], facts["title"], created=False)
    folder = folders.read(path)
    regulation_id = db.session.scalar(select(Regulation.id).where(Regulation.slug == folder.regulation_slug))
    if regulation_id is None:
        edition = import_edition(folder.regulation, slug=folder.regulation_slug, now=now, actor_id=None)
        regulation_id = edition.regulation_id
    bank = Bank(
        slug=folder.slug,
        title=facts["title"],
        description=str(facts.get("description", "")),
        regulation_id=regulation_id,
        owner=str(facts.get("owner", "")),
        licence=str(facts.get("licence", "")),
        reviewer=str(facts.get("reviewer", "")),
        reviewed_on=folder.reviewed_on,
        sealed=facts.get("sealed") is True,
        created_at=now,
    )
    db.session.add(bank)
    db.session.flush()
    ready = prepared(folder.reading.drafts, bank)
    fit = replace(ready, drafts=[draft for draft in ready.good if draft.citations])
    outcome = store_ready(fit, bank, by_id=None, now=now, status="published")
    audit.record("bank.folder_loaded", bank, actor_id=None, **outcome.summary())
    problems = Reading(ready.drafts, folder.reading.problems).all_problems()
    return FolderReport(bank.slug, bank.title, created=True, published=len(outcome.new), problems=problems)


def create_bank(
    *, slug: str, title: str, regulation_id: int, unit_id: int, sealed: bool, by_id: int, now: datetime
) -> Bank:
    """A new, empty bank that a unit answers for. Raises Refused when the slug is taken. The caller commits."""
    if db.session.scalar(select(Bank.id).where(Bank.slug == slug)) is not None:
        raise Refused("slug_taken", f"已有地址为“{slug}”的题库，请换一个。")
    bank = Bank(
        slug=slug, title=title, regulation_id=regulation_id, unit_id=unit_id, sealed=sealed, created_at=now
    )
    db.session.add(bank)
    db.session.flush()
    audit.record("bank.created", bank, actor_id=by_id, slug=slug, sealed=sealed)
    return bank


def seal(bank: Bank, sealed: bool, *, by_id: int) -> None:
    """Turn 封闭 on or off: a sealed bank is never practised and never exported without a logged reason."""
    if bank.sealed != sealed:
        bank.sealed = sealed
        audit.record("bank.sealed" if sealed else "bank.opened", bank, actor_id=by_id)


def note_export(bank: Bank, kind: str, reason: str, *, by_id: int | None) -> None:
    """Leave a row that the bank leaves the house. Raises Refused for a sealed bank without a reason."""
    if bank.sealed and not reason:
        raise Refused("reason", "导出封闭题库须写明理由。", "没有导出任何内容。")
    audit.record("bank.exported", bank, actor_id=by_id, format=kind, reason=reason)


@dataclass(frozen=True)
class Written:
    """A question as written in the browser, checked. stored: the new revision's id, none when nothing was stored."""

    draft: Draft
    stored: int | None


def taken(draft: Draft, ready: Ready) -> str:
    """Why a question cannot be a new one of the bank, "" when it can."""
    [checked] = ready.drafts
    if all(question.code != checked.code for question in ready.known):
        return ""
    return f"题库中已有相同{'编号' if draft.code else '题干'}的试题{checked.code}。"


def write(draft: Draft, bank: Bank, *, code: str | None, by_id: int, now: datetime) -> Written:
    """Store one question from the editor as a draft revision; with errors, or unchanged, nothing is stored.

    code: of the question that is edited, none for a new one, which must not meet a code or stem of the bank.
    The caller commits. Raises Refused.
    """
    ready = prepared([draft], bank)
    [checked] = ready.drafts
    if code is None and (sentence := taken(draft, ready)):
        raise Refused("code_taken", sentence, "请修改后保存，或编辑该题。")
    if checked.verdict == "error":
        return Written(checked, None)
    outcome = store_ready(ready, bank, by_id=by_id, now=now)
    made = outcome.new + outcome.changed
    if made:
        audit.record("bank.written", bank, actor_id=by_id, code=checked.code)
    return Written(checked, made[0] if made else None)
