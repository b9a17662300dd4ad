"""Opening the exam page: which page may write, and from when to when."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from quizapp import audit
from quizapp.attempts import closing, guards, journal, starting, timing
from quizapp.attempts import outcomes as o
from quizapp.attempts.models import Attempt
from quizapp.attempts.protocol import OpenBody
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam
from quizapp.people.sessions import Ticket, is_live


def open_page(token: str, body: OpenBody, claim: Ticket, now: datetime) -> o.OpenOutcome:
    """Let a page write: it gets the next epoch, every older page stops. The first opening starts the clock."""
    found = db.session.execute(
        select(Attempt, Exam, Candidate, is_live(claim, now).label("live"))
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Attempt.token == token, Attempt.person_id == claim.person_id)
        .with_for_update(of=Attempt, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        return o.Missing() if db.session.scalar(select(is_live(claim, now))) else o.SignedOut()
    attempt, exam, candidate, live = found
    if not live:
        return o.SignedOut()
    if attempt.state == "created":
        reason = _may_not_open(attempt, exam, candidate, now)
        if reason and candidate is not None:
            return o.NotOpen(reason, starting.sentence(reason, exam, candidate, now))
        return _opened(attempt, exam, body, now, first=_first_opening(attempt, exam, candidate, now))
    if attempt.state == "in_progress" and not guards.is_open(attempt.state, attempt.refused_after, now):
        closing.expire(now, only=[attempt.id])
        db.session.refresh(attempt)
    if attempt.state != "in_progress":
        last = closing.newest(attempt.id)
        return o.Closed(attempt.state, last.receipt if last else None, attempt.closed_at, held=False)
    if not body.takeover and not holds_key(attempt.page_key, body.page_key):
        return o.OtherPage(attempt.epoch)
    return _opened(attempt, exam, body, now, first={})


def holds_key(stored: str | None, given: str | None) -> bool:
    """Whether an opening comes from the page that was opened last."""
    return stored is not None and given is not None and hmac.compare_digest(stored.encode(), given.encode())


def _may_not_open(attempt: Attempt, exam: Exam, candidate: Candidate | None, now: datetime) -> str | None:
    if attempt.trial:
        return None
    if candidate is None:
        raise LookupError("an attempt that counts has a candidate")
    return starting.may_not_start(exam, candidate, attempt.number - 1, now)


def _first_opening(
    attempt: Attempt, exam: Exam, candidate: Candidate | None, now: datetime
) -> dict[str, Any]:
    """The columns that start the clock, and the candidate's start in the counters."""
    if candidate is not None:
        tallies.record_start(candidate.id)
        db.session.refresh(candidate)  # locked by now: who grants more time meanwhile was before us, or waits
    closes_at = timing.closing_time(exam, candidate, now)
    return {
        "state": "in_progress",
        "started_at": now,
        "closes_at": closes_at,
        "refused_after": closes_at + timedelta(seconds=exam.grace_s),
    }


def _opened(
    attempt: Attempt, exam: Exam, body: OpenBody, now: datetime, *, first: dict[str, Any]
) -> o.Opened | o.Busy:
    """Give the next epoch, to whoever found the row as it was read."""
    taken = not first and not holds_key(attempt.page_key, body.page_key)
    key = secrets.token_urlsafe(16) if first or taken else str(attempt.page_key)
    epoch = next_epoch(attempt.epoch, body.log)
    closes_at = first.get("closes_at") or attempt.closes_at
    if closes_at is None:
        raise LookupError("an attempt in progress has an end")
    changed = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id, Attempt.state == attempt.state, Attempt.epoch == attempt.epoch)
        .values(epoch=epoch, revision=0, page_key=key, **first)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        return o.Busy()
    extra = '{"takeover":true}' if taken else ""
    journal.add(
        [journal.row(attempt.id, "open", epoch=epoch, revision=0, sheet=attempt.sheet, now=now, extra=extra)]
    )
    if taken:
        audit.record("attempt.taken_over", attempt, actor_id=attempt.person_id, epoch=epoch)
    saved_as = (attempt.saved_epoch, attempt.saved_revision)
    marked = () if first else journal.doubts(attempt.id)
    return o.Opened(epoch, 0, key, attempt.sheet, saved_as, marked, closes_at, exam.grace_s)


def next_epoch(stored: int, log: tuple[int, int]) -> int:
    """1 + the higher of the stored epoch and the log's: a restored backup never gives out an epoch twice."""
    return 1 + max(stored, log[0])
