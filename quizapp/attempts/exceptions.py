"""What people decide about an attempt afterwards: voiding it, restoring it, making good an outage.

Each needs a reason and a second person, leaves a line in the journal and a row in the audit log, and deletes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, cast, or_, select, update

from quizapp import audit
from quizapp.attempts import guards, journal, results, timing
from quizapp.attempts.models import Attempt, Closing, SheetEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.actions import Chosen
from quizapp.exams.models import Candidate, Exam


def void(
    attempt_id: int, *, reason: str, evidence: str, actor_id: int, second_id: int, now: datetime
) -> None:
    """The attempt counts no more; sheet, receipt and marks stay, and so does the memory of its state."""
    attempt = _locked([attempt_id])[0]
    _second_person(actor_id, second_id, reason)
    if attempt.state == "voided":
        raise Refused("voided", "这份答卷已经作废。")
    attempt.state_before, attempt.state = attempt.state, "voided"
    _note(attempt, "void", now)
    audit.record(
        "attempt.voided", attempt, actor_id=actor_id, second=second_id, reason=reason, evidence=evidence
    )
    _recount([attempt])


def restore(attempt_id: int, *, reason: str, actor_id: int, second_id: int, now: datetime) -> None:
    """Take a void back: the attempt is what it was before."""
    attempt = _locked([attempt_id])[0]
    _second_person(actor_id, second_id, reason)
    if attempt.state != "voided" or attempt.state_before is None:
        raise Refused("not_voided", "这份答卷没有作废。")
    attempt.state, attempt.state_before = attempt.state_before, None
    _note(attempt, "restore", now)
    audit.record("attempt.restored", attempt, actor_id=actor_id, second=second_id, reason=reason)
    _recount([attempt])


def open_between(
    exam_id: int, since: datetime, until: datetime, units: Sequence[tuple[int, int]] | None = None
) -> list[int]:
    """The attempts that were open at some moment of an outage; units: intervals of lft, none for the whole exam."""
    found = (
        select(Attempt.id)
        .where(Attempt.exam_id == exam_id, Attempt.trial.is_(False), Attempt.started_at <= until)
        .where(Attempt.state.in_(("in_progress", "submitted", "expired")))
        .where(or_(Attempt.closed_at.is_(None), Attempt.closed_at >= since))
        .order_by(Attempt.id)
    )
    if units is not None:
        inside = or_(*(Candidate.lft.between(lft, rgt) for lft, rgt in units))
        found = found.join(Candidate, Candidate.id == Attempt.candidate_id).where(inside)
    return list(db.session.scalars(found))


def extend(
    attempt_ids: Sequence[int],
    by: timedelta,
    *,
    reason: str,
    actor_id: int,
    second_id: int,
    now: datetime,
    reopen: Collection[str] = ("expired",),
) -> int:
    """Move closes_at of these attempts. Those in a state of `reopen` that would then still have time are opened again:
    their closing stays and is marked withdrawn. How many were changed, in a constant number of statements.
    """
    _second_person(actor_id, second_id, reason)
    if by <= timedelta(0):
        raise Refused("no_time", "延长的时间须大于零。")
    attempts = _locked(attempt_ids)
    changed = [a for a in attempts if a.state == "in_progress" or (a.state in reopen and _ends(a) + by > now)]
    again = [a for a in changed if a.state != "in_progress"]
    if not changed:
        return 0
    db.session.execute(
        update(Closing)
        .where(Closing.attempt_id.in_([a.id for a in again]), Closing.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .execution_options(synchronize_session=False)
    )
    journal.add(
        [
            journal.row(
                a.id,
                "extend" if a.state == "in_progress" else "reopen",
                epoch=a.epoch,
                revision=a.revision,
                sheet=a.sheet,
                now=now,
                extra=json.dumps({"seconds": int(by.total_seconds())}),
            )
            for a in changed
        ]
    )
    _move(
        [{"of": a.id, "new_end": _ends(a) + by, "new_limit": _limit(a) + by} for a in changed],
        state="in_progress",
        closed_at=None,
    )
    target = ("attempt", changed[0].id) if len(changed) == 1 else ("exam", changed[0].exam_id)
    audit.record(
        "attempt.extended",
        target,
        actor_id=actor_id,
        second=second_id,
        reason=reason,
        seconds=int(by.total_seconds()),
        attempts=[a.id for a in changed],
        reopened=[a.id for a in again],
    )
    candidates = [a.candidate_id for a in again if a.candidate_id is not None]
    for attempt in changed:
        db.session.expire(attempt)
    results.recount(candidates)
    return len(changed)


def lock_running(candidates: Chosen) -> None:
    """Registered with exams: lock the sittings under way of these candidates before the candidates themselves.

    A hand-in takes its locks in this order too, so that the two never wait for each other in a circle.
    """
    db.session.execute(
        select(Attempt.id)
        .where(Attempt.candidate_id.in_(candidates), guards.in_progress())
        .order_by(Attempt.id)
        .with_for_update(key_share=True)
    )


def time_granted(exam: Exam, candidates: Chosen, now: datetime) -> None:
    """Registered with exams: sittings under way follow their candidates' new minutes or end of the window.

    None gets shorter than it was told to be, and each keeps what an outage added. Four statements for any number.
    """
    running = db.session.execute(
        select(Attempt, Candidate)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .where(Attempt.candidate_id.in_(candidates), guards.in_progress(), guards.in_time(now))
        .order_by(Attempt.id)
        .with_for_update(of=Attempt, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    added = _added([attempt.id for attempt, _ in running])
    longer = []
    for attempt, candidate in running:
        end = timing.closing_time(exam, candidate, _started(attempt)) + added[attempt.id]
        if end > _ends(attempt):
            longer.append((attempt, end, _limit(attempt) + (end - _ends(attempt))))
    if not longer:
        return
    _note_all([attempt for attempt, _, _ in longer], "extend", now)
    _move([{"of": attempt.id, "new_end": end, "new_limit": limit} for attempt, end, limit in longer])
    for attempt, _, _ in longer:
        db.session.expire(attempt)


def _move(rows: Sequence[dict[str, Any]], **more: Any) -> None:
    """Give attempts (of) their new end and the limit of saving, in one statement. more: columns alike for all."""
    table = Attempt.__table__
    db.session.connection().execute(
        update(table)
        .where(table.c.id == bindparam("of"))
        .values(
            closes_at=bindparam("new_end", type_=table.c.closes_at.type),
            refused_after=bindparam("new_limit", type_=table.c.refused_after.type),
            **more,
        ),
        list(rows),
    )


def _added(attempt_ids: Sequence[int]) -> dict[int, timedelta]:
    """What extensions have added to these attempts, from the journal."""
    rows = db.session.execute(
        select(SheetEvent.attempt_id, SheetEvent.extra).where(
            SheetEvent.attempt_id.in_(attempt_ids),
            SheetEvent.kind.in_(("extend", "reopen")),
            SheetEvent.extra != "",
        )
    )
    added: dict[int, timedelta] = defaultdict(timedelta)
    for attempt_id, extra in rows:
        added[attempt_id] += timedelta(seconds=json.loads(extra)["seconds"])
    return added


def _started(attempt: Attempt) -> datetime:
    if attempt.started_at is None:
        raise LookupError("an attempt in progress has been opened")
    return attempt.started_at


def _ends(attempt: Attempt) -> datetime:
    if attempt.closes_at is None:
        raise LookupError("only an attempt that was opened can be extended")
    return attempt.closes_at


def _limit(attempt: Attempt) -> datetime:
    if attempt.refused_after is None:
        raise LookupError("only an attempt that was opened can be extended")
    return attempt.refused_after


def _locked(attempt_ids: Sequence[int]) -> list[Attempt]:
    return list(
        db.session.scalars(
            select(Attempt)
            .where(Attempt.id.in_(attempt_ids))
            .order_by(Attempt.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def _second_person(actor_id: int, second_id: int, reason: str) -> None:
    if actor_id == second_id:
        raise Refused("second_person", "这项操作须由另一人批准。")
    if not reason.strip():
        raise Refused("no_reason", "请写明理由。")


def _note(attempt: Attempt, kind: str, now: datetime) -> None:
    db.session.flush()
    _note_all([attempt], kind, now)


def _note_all(attempts: Sequence[Attempt], kind: str, now: datetime) -> None:
    journal.add(
        [
            journal.row(a.id, kind, epoch=a.epoch, revision=a.revision, sheet=a.sheet, now=now)
            for a in attempts
        ]
    )


def _recount(attempts: Sequence[Attempt]) -> None:
    results.recount([a.candidate_id for a in attempts if a.candidate_id is not None])


def audited_ids(exam_id: int) -> Any:
    """Registered with exams: SQL, the ids of an exam's attempts as the audit log writes them."""
    return select(cast(Attempt.id, String)).where(Attempt.exam_id == exam_id, Attempt.trial.is_(False))


def candidates_of(attempt_ids: Sequence[int]) -> dict[int, int]:
    """Registered with exams: whose attempts these are."""
    rows = db.session.execute(select(Attempt.id, Attempt.candidate_id).where(Attempt.id.in_(attempt_ids)))
    return {attempt: candidate for attempt, candidate in rows if candidate is not None}
