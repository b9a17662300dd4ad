"""What writers and reviewers say about a question, in one line of time with what happened to it.

A comment is never changed and never deleted; it goes only with the drafts of an import that is taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select

from quizapp import audit
from quizapp.bank.catalogue import RevisionRow
from quizapp.bank.models import Bank, Comment, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Person

LONGEST = 1000  # characters
SENT_BACK = "退回："
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entry:
    """One line. kind: comment, returned, written, published. at: none for a reason whose time was not kept."""

    at: datetime | None
    kind: str
    who: str
    number: int  # of the revision
    text: str = ""


def comment(revision: Revision, code: str, bank: Bank, text: str, *, by_id: int, now: datetime) -> None:
    """Say something about a revision. The caller commits. Raises Refused."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refused("comment", f"请写1至{LONGEST}字的意见。", "没有保存任何内容。", status=422)
    say([revision.id], text, by_id=by_id, now=now)
    audit.record("bank.commented", bank, actor_id=by_id, code=code, revision=revision.number)


def say(revision_ids: Iterable[int], text: str, *, by_id: int, now: datetime) -> None:
    """The same words about each of these revisions, in one statement."""
    rows = [{"revision_id": one, "person_id": by_id, "at": now, "text": text} for one in revision_ids]
    if rows:
        db.session.execute(insert(Comment), rows)


def timeline(history: Sequence[RevisionRow]) -> list[Entry]:
    """Everything about a question, the oldest first. One statement. history: all of its revisions."""
    numbers = {row.revision.id: row.revision.number for row in history}
    said = db.session.execute(
        select(Comment, Person.name)
        .join(Person, Person.id == Comment.person_id)
        .where(Comment.revision_id.in_(numbers))
        .order_by(Comment.at, Comment.id)
    ).all()
    entries = [_spoken(row, who, numbers[row.revision_id]) for row, who in said]
    told = {(entry.number, entry.text) for entry in entries}
    for row in history:
        revision = row.revision
        entries.append(Entry(revision.created_at, "written", row.author, revision.number))
        if revision.published_at and revision.published_at != revision.created_at:
            entries.append(Entry(revision.published_at, "published", row.reviewer, revision.number))
        reason = revision.status_reason
        if revision.status == "draft" and reason and (revision.number, reason) not in told:
            entries.append(Entry(None, "returned", row.reviewer, revision.number, reason))
    first = {"written": 0, "published": 2}  # of what bears the same time
    return sorted(entries, key=lambda e: (e.at is None, e.at or _NEVER, first.get(e.kind, 1)))


def _spoken(row: Comment, who: str, number: int) -> Entry:
    if row.text.startswith(SENT_BACK):
        return Entry(row.at, "returned", who, number, row.text.removeprefix(SENT_BACK))
    return Entry(row.at, "comment", who, number, row.text)
