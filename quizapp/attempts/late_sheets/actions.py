"""滞留答卷: one person proposes to accept a held sheet, another approves; each may be rejected, and taken back.

Accepting writes a further closing beside the old one, which is marked withdrawn, and marks it in the current run in the
same transaction; taking it back lets the old one stand again. Nothing is deleted, and no receipt or sheet of a closing
ever changes. The attempt is locked first, as in every act on attempts, so that two who decide at once decide once.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from quizapp import audit
from quizapp.attempts import closing, journal, results
from quizapp.attempts.late_sheets import rules
from quizapp.attempts.late_sheets.models import HeldVerdict
from quizapp.attempts.models import Attempt, Closing, HeldSheet
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Exam

NOTHING = "没有改动。"


def propose(held_id: int, *, reason: str, actor_id: int, now: datetime) -> None:
    """提请采用: nothing counts yet; another person decides. Raises Refused."""
    attempt, held, verdict = _locked(held_id, actor_id)
    _in(verdict, "open")
    _differs(attempt, held)
    _reason(reason)
    _set(held, verdict, "proposed", reason=reason, by_id=actor_id, at=now)
    audit.record("attempt.held_proposed", attempt, actor_id=actor_id, held=held_id, reason=reason)


def take_back(held_id: int, *, actor_id: int, now: datetime) -> None:
    """撤回提请, or think again about what was rejected: it waits for a decision, as at first. Raises Refused."""
    attempt, held, verdict = _locked(held_id, actor_id)
    _in(verdict, "proposed", "rejected")
    _set(held, verdict, "open", reason="", by_id=actor_id, at=now)
    audit.record("attempt.held_reopened", attempt, actor_id=actor_id, held=held_id)


def reject(held_id: int, *, reason: str, actor_id: int, now: datetime) -> None:
    """不采用: the closed sheet stays what counts. Raises Refused."""
    attempt, held, verdict = _locked(held_id, actor_id)
    _in(verdict, "open", "proposed")
    _reason(reason)
    _set(held, verdict, "rejected", reason=reason, by_id=actor_id, at=now)
    audit.record("attempt.held_rejected", attempt, actor_id=actor_id, held=held_id, reason=reason)


def approve(held_id: int, *, actor_id: int, now: datetime) -> str:
    """批准采用: the held sheet counts from now on. Gives the new receipt. Raises Refused."""
    attempt, held, verdict = _locked(held_id, actor_id)
    _in(verdict, "proposed")
    _differs(attempt, held)
    if verdict is None or verdict.by_id == actor_id:
        raise Refused("second_person", f"提请和批准须由两人分别办理，{NOTHING}", "请由另一名考务管理员批准。")
    old = _standing(attempt.id)
    old.withdrawn_at = now
    row = _written(attempt, held.sheet, max(attempt.epoch, held.epoch), max(attempt.revision, held.revision))
    journal.add(closing.lines([row], "accept", now, extra=json.dumps({"held": held.id})))
    [made] = closing.write_down([row], old.by)
    results.recount([attempt.candidate_id] if attempt.candidate_id is not None else [])
    new = _standing(attempt.id)
    both = {"closing_id": new.id, "replaced_id": old.id}
    _set(held, verdict, "accepted", second_id=actor_id, second_at=now, **both)
    audit.record(
        "attempt.held_accepted",
        attempt,
        actor_id=actor_id,
        held=held_id,
        proposed_by=verdict.by_id,
        reason=verdict.reason,
        questions=len(rules.differences(old.sheet, held.sheet)),
        closing=new.id,
        instead_of=old.id,
    )
    return str(made["receipt"])


def undo(held_id: int, *, reason: str, actor_id: int, now: datetime) -> None:
    """撤销采用, by another than who approved: the closing that stood before stands again. Raises Refused.

    Only while the accepted sheet is what counts: not after a reopening, a further acceptance or a void.
    """
    attempt, held, verdict = _locked(held_id, actor_id)
    _in(verdict, "accepted")
    _reason(reason)
    if verdict is None or verdict.second_id == actor_id:
        raise Refused("second_person", f"撤销须由批准人以外的人办理，{NOTHING}", "请由另一名考务管理员撤销。")
    new = _standing(attempt.id)
    if new.id != verdict.closing_id:
        raise Refused(
            "not_standing", f"之后又有新的答卷计分，不能撤销这一次，{NOTHING}", "请先撤销后来的改动。"
        )
    old = db.session.get_one(Closing, verdict.replaced_id, populate_existing=True)
    new.withdrawn_at, old.withdrawn_at = now, None
    row = _written(attempt, old.sheet, attempt.epoch, attempt.revision)
    journal.add(closing.lines([row], "unaccept", now, extra=json.dumps({"held": held.id})))
    nobody = {"second_id": None, "second_at": None, "closing_id": None, "replaced_id": None}
    _set(held, verdict, "open", reason="", by_id=actor_id, at=now, **nobody)
    results.recount([attempt.candidate_id] if attempt.candidate_id is not None else [])
    audit.record(
        "attempt.held_undone",
        attempt,
        actor_id=actor_id,
        held=held_id,
        reason=reason,
        closing=old.id,
        instead_of=new.id,
    )


# What they share ---------------------------------------------------------------------------------------------


def _locked(held_id: int, actor_id: int) -> tuple[Attempt, HeldSheet, HeldVerdict | None]:
    """The attempt, locked, with the held sheet and what was decided so far. Raises Refused where nothing can be."""
    held = db.session.get_one(HeldSheet, held_id)
    attempt, exam_state = db.session.execute(
        select(Attempt, Exam.state)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.id == held.attempt_id)
        .with_for_update(of=Attempt, key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    verdict = db.session.get(HeldVerdict, held_id, populate_existing=True)
    if attempt.person_id == actor_id:
        raise Refused("own_sheet", f"本人的答卷须由他人处理，{NOTHING}")
    if sentence := rules.bars(attempt_state=attempt.state, exam_state=exam_state, trial=attempt.trial):
        raise Refused("barred", sentence)
    return attempt, held, verdict


def _differs(attempt: Attempt, held: HeldSheet) -> None:
    if attempt.sheet == held.sheet:
        raise Refused("same", f"{rules.SAME}，{NOTHING}")


def _in(verdict: HeldVerdict | None, *wanted: str) -> None:
    """Raises Refused unless it stands so now: somebody else was quicker."""
    if (verdict.state if verdict else "open") not in wanted:
        raise Refused("decided", f"这份滞留答卷已由他人处理，{NOTHING}", "请刷新页面查看结果。")


def _reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("no_reason", f"请写明理由，{NOTHING}", status=422)


def _set(held: HeldSheet, verdict: HeldVerdict | None, state: str, **columns: Any) -> None:
    if verdict is None:
        db.session.add(HeldVerdict(held_id=held.id, state=state, **columns))
    else:
        verdict.state = state
        for name, value in columns.items():
            setattr(verdict, name, value)
    db.session.flush()


def _standing(attempt_id: int) -> Closing:
    """The closing that counts: a closed attempt has exactly one."""
    return db.session.scalars(
        select(Closing)
        .where(Closing.attempt_id == attempt_id, Closing.withdrawn_at.is_(None))
        .execution_options(populate_existing=True)
    ).one()


def _written(attempt: Attempt, sheet: str, epoch: int, revision: int) -> Any:
    """Store the sheet in the attempt, newer than anything that a page can know. The row as `closing` needs it."""
    db.session.flush()
    newer = {"epoch": epoch, "revision": revision + 1, "saved_epoch": epoch, "saved_revision": revision + 1}
    row = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(sheet=sheet, **newer)
        .returning(*closing.NEEDED)
        .execution_options(synchronize_session=False)
    ).one()
    db.session.expire(attempt)
    return row
