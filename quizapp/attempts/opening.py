"""Opening the exam page: which page may write, and from when to when. One read, and on PostgreSQL one write."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, case, select, update

from quizapp import audit, together
from quizapp.attempts import closing, guarded, guards, journal, starting, timing
from quizapp.attempts import outcomes as o
from quizapp.attempts.guarded import CLAIMED, NOW, its
from quizapp.attempts.models import Attempt
from quizapp.attempts.protocol import OpenBody
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam
from quizapp.people.sessions import Ticket, is_live


def open_page(token: str, body: OpenBody, claim: Ticket, now: datetime) -> o.OpenOutcome:
    """Let a page write: it gets the next epoch, every older page stops. The first opening starts the clock."""
    found = _locked(token, claim, now)
    if found is None:
        return o.Missing() if db.session.scalar(select(is_live(claim, now))) else o.SignedOut()
    attempt, exam, candidate, live, extra = found
    if not live:
        return o.SignedOut()
    if attempt.state == "created":
        reason = _may_not_open(attempt, exam, candidate, now)
        if reason and candidate is not None:
            return o.NotOpen(reason, starting.sentence(reason, exam, candidate, now))
        return _opened(attempt, exam, body, now, first=(candidate,))
    if attempt.state == "in_progress" and not guards.is_open(attempt.state, attempt.refused_after, now):
        closing.expire(now, only=[attempt.id])
        db.session.refresh(attempt)
    if attempt.state != "in_progress":
        last = closing.newest(attempt.id)
        return o.Closed(attempt.state, last.receipt if last else None, attempt.closed_at, held=False)
    if not body.takeover and not holds_key(attempt.page_key, body.page_key):
        return o.OtherPage(attempt.epoch)
    return _opened(attempt, exam, body, now, doubts=journal.doubted(extra))


def open_at_once(token: str, body: OpenBody, claim: Ticket, now: datetime) -> o.Opened | None:
    """The next epoch for the page that was opened last, in one statement and committed: nobody need be asked. None,
    with nothing changed, for any other page and where something forbids it."""
    values = {"its_token": token, "its_session": claim.session_id, "its_person": claim.person_id, "now": now}
    values |= {"its_key": body.page_key, "its_log": body.log[0], "its_extra": ""}
    row = guarded.change_at_once(open_again, "open", values) if body.page_key else None
    if row is None:
        return None
    saved_as, doubts = (row.saved_epoch, row.saved_revision), journal.doubted(row.newest)
    return o.Opened(row.epoch, 0, str(body.page_key), row.sheet, saved_as, doubts, row.closes_at, row.grace_s)


def open_again() -> Update:
    """The guarded UPDATE of such an opening. It gives what its page is told."""
    table, itself = Attempt.__table__, Attempt.__table__.alias()
    # Found again by its token: in RETURNING on SQLite, columns stand without their table and "id" would be another one
    of_it = {
        name: select(itself.c[name]).where(itself.c.token == its("token")).scalar_subquery()
        for name in ("id", "exam_id")
    }
    newest = journal.newest_extra(of_it["id"]).label("newest")
    grace = select(Exam.grace_s).where(Exam.id == of_it["exam_id"]).scalar_subquery().label("grace_s")
    known = [table.c[name] for name in ("id", "epoch", "revision", "sheet", "saved_epoch", "saved_revision")]
    return (
        update(table)
        .where(Attempt.token == its("token"), Attempt.person_id == its("person"))
        .where(guards.in_progress(), guards.in_time(NOW), guards.holds_key(its("key")), is_live(CLAIMED, NOW))
        .values(epoch=1 + case((table.c.epoch > its("log"), table.c.epoch), else_=its("log")), revision=0)
        .returning(*known, table.c.closes_at, grace, newest)
    )


def _locked(token: str, claim: Ticket, now: datetime) -> Any:
    """The attempt with its exam and candidate; attempt and candidate are locked, in this order, until the end.

    So who grants more time meanwhile was before us, or waits. A trial has no candidate: it is looked for last.
    """
    values = {"its_token": token, "its_session": claim.session_id, "its_person": claim.person_id, "now": now}
    for counted in (True, False):
        found = db.session.execute(_reading(counted), values).one_or_none()
        if found is not None:
            return found
    return None


@cache
def _reading(counted: bool) -> Select[Any]:
    """counted: with its candidate; otherwise an attempt that has none."""
    live, extra = is_live(CLAIMED, NOW).label("live"), journal.newest_extra(Attempt.id)
    own = (Attempt.token == its("token"), Attempt.person_id == its("person"))
    fresh = {"populate_existing": True}
    if not counted:
        alone = select(Attempt, Exam, bindparam("nobody", None), live, extra)
        alone = alone.join(Exam, Exam.id == Attempt.exam_id).where(*own, Attempt.candidate_id.is_(None))
        return alone.with_for_update(of=Attempt, key_share=True).execution_options(**fresh)
    return (
        select(Attempt, Exam, Candidate, live, extra)
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(*own)
        .with_for_update(of=(Attempt, Candidate), key_share=True)
        .execution_options(**fresh)
    )


def holds_key(stored: str | None, given: str | None) -> bool:
    """Whether an opening comes from the page that was opened last."""
    return stored is not None and given is not None and hmac.compare_digest(stored.encode(), given.encode())


def _may_not_open(attempt: Attempt, exam: Exam, candidate: Candidate | None, now: datetime) -> str | None:
    if attempt.trial:
        return None
    if candidate is None:
        raise LookupError("an attempt that counts has a candidate")
    return starting.may_not_start(exam, candidate, attempt.number - 1, now)


def clock_of(exam: Exam, candidate: Candidate | None, now: datetime) -> dict[str, Any]:
    """The columns that start the clock of a sitting."""
    closes_at = timing.closing_time(exam, candidate, now)
    return {
        "state": "in_progress",
        "started_at": now,
        "closes_at": closes_at,
        "refused_after": closes_at + timedelta(seconds=exam.grace_s),
    }


def new_key() -> str:
    """What only the page that was opened last knows."""
    return secrets.token_urlsafe(16)


def _opened(
    attempt: Attempt,
    exam: Exam,
    body: OpenBody,
    now: datetime,
    *,
    first: Sequence[Candidate | None] = (),
    doubts: tuple[int, ...] = (),
) -> o.Opened:
    """Give the next epoch; the row is locked. first: at the first opening, whose clock starts."""
    taken = not first and not holds_key(attempt.page_key, body.page_key)
    key = new_key() if first or taken else str(attempt.page_key)
    epoch = next_epoch(attempt.epoch, body.log)
    begins = clock_of(exam, first[0], now) if first else {name: getattr(attempt, name) for name in CLOCK}
    opened = {"of": attempt.id, "new_epoch": epoch, "new_key": key}
    extra = '{"takeover":true}' if taken else ""
    line = journal.row(attempt.id, "open", epoch=epoch, revision=0, sheet=attempt.sheet, now=now, extra=extra)
    together.write(
        (update_epoch, opened | {f"new_{name}": value for name, value in begins.items()}),
        (journal.insert_line, {f"line_{name}": value for name, value in line.items()}),
        *(tallies.start_of(first[0]) if first and first[0] is not None else ()),
    )
    if taken:
        audit.record("attempt.taken_over", attempt, actor_id=attempt.person_id, epoch=epoch)
    saved_as = (attempt.saved_epoch, attempt.saved_revision)
    db.session.expire(attempt)
    return o.Opened(epoch, 0, key, line["sheet"], saved_as, doubts, begins["closes_at"], exam.grace_s)


CLOCK = ("state", "started_at", "closes_at", "refused_after")


def update_epoch() -> Update:
    table = Attempt.__table__
    begins = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in CLOCK}
    return (
        update(table)
        .where(table.c.id == bindparam("of"))
        .values(epoch=bindparam("new_epoch"), revision=0, page_key=bindparam("new_key"), **begins)
    )


def next_epoch(stored: int, log: tuple[int, int]) -> int:
    """1 + the higher of the stored epoch and the log's: a restored backup never gives out an epoch twice.

    `open_again` says the same in SQL.
    """
    return 1 + max(stored, log[0])
