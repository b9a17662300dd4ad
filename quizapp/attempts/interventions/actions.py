"""答卷处理: asked for, taken back, approved by another person, or sent back. Only `approve` changes a score.

The attempt is locked first, as in every act on attempts; what was asked is judged again when it is approved.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from quizapp import audit
from quizapp.attempts import exceptions
from quizapp.attempts.interventions import queries, rules
from quizapp.attempts.interventions.models import Intervention
from quizapp.attempts.models import Attempt
from quizapp.attempts.my_exam import shown
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import preconditions, windows
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Candidate, Exam

NOTHING = "没有改动。"


def ask(
    attempt_id: int,
    kind: str,
    *,
    minutes: int | None = None,
    reason: str,
    evidence: str = "",
    actor_id: int,
    now: datetime,
) -> Intervention:
    """Ask another person to void, restore or reopen an attempt. minutes: of a reopening. Raises Refused."""
    attempt = _locked(attempt_id, actor_id)
    _possible(attempt, kind, now)
    if not reason.strip():
        raise Refused("no_reason", f"请写明理由，{NOTHING}", status=422)
    if kind == "reopen" and not (minutes and 1 <= minutes <= rules.MOST_MINUTES):
        raise Refused("minutes", f"补时应为1至{rules.MOST_MINUTES}分钟，{NOTHING}", status=422)
    if db.session.scalar(_asked(attempt_id)) is not None:
        raise Refused("asked", f"这份答卷有一项处理还没有办完，{NOTHING}", "请先批准、退回或撤回那一项。")
    made = Intervention(
        exam_id=attempt.exam_id,
        attempt_id=attempt.id,
        kind=kind,
        minutes=minutes if kind == "reopen" else None,
        reason=reason,
        evidence=evidence,
        asked_by_id=actor_id,
        asked_at=now,
    )
    db.session.add(made)
    db.session.flush()
    _record("attempt.intervention_asked", made, actor_id, reason=reason, evidence=evidence)
    return made


def withdraw(intervention_id: int, *, actor_id: int, now: datetime) -> None:
    """Take back what nobody has decided yet. Raises Refused."""
    _, row = _undecided(intervention_id, actor_id)
    _decide(row, "withdrawn", actor_id, now)
    _record("attempt.intervention_withdrawn", row, actor_id)


def reject(intervention_id: int, *, answer: str, actor_id: int, now: datetime) -> None:
    """退回, as another person than who asked, with a reason. Raises Refused."""
    _, row = _undecided(intervention_id, actor_id)
    _second(row, actor_id)
    if not answer.strip():
        raise Refused("no_reason", f"请写明退回的理由，{NOTHING}", status=422)
    row.answer = answer
    _decide(row, "rejected", actor_id, now)
    _record("attempt.intervention_rejected", row, actor_id, reason=answer, proposed_by=row.asked_by_id)


def approve(intervention_id: int, *, actor_id: int, now: datetime) -> None:
    """批准, as another person than who asked: done at once, results and counters with it. Raises Refused."""
    attempt, row = _undecided(intervention_id, actor_id)
    _second(row, actor_id)
    exam = _possible(attempt, row.kind, now)
    before = _standing(attempt, exam)
    both: dict[str, Any] = {
        "reason": row.reason,
        "actor_id": row.asked_by_id,
        "second_id": actor_id,
        "now": now,
    }
    if row.kind == "void":
        exceptions.void(attempt.id, evidence=row.evidence, **both)
    elif row.kind == "restore":
        exceptions.restore(attempt.id, **both)
    else:
        _reopen(attempt, exam, row.minutes or 0, both, now)
    db.session.flush()
    row.effect = {"before": before, "after": _standing(attempt, exam)}
    _decide(row, "approved", actor_id, now)


def _reopen(attempt: Attempt, exam: Exam, minutes: int, both: dict[str, Any], now: datetime) -> None:
    """The end moves; the candidate's own end of the window with it, so that nothing shows to others meanwhile."""
    if attempt.closes_at is None:
        raise Refused("not_opened", f"考生还没有打开试卷，{NOTHING}")
    by = rules.longer_by(attempt.closes_at, minutes, now)
    end = attempt.closes_at + by
    exceptions.extend([attempt.id], by, reopen=rules.CLOSED, **both)
    candidate = db.session.get_one(
        Candidate, attempt.candidate_id, with_for_update=True, populate_existing=True
    )
    if end > windows.window_of(exam, candidate).ends:
        candidate.personal_closes_at = end


def answers_seen(attempt: Attempt, exam: Exam, now: datetime) -> bool:
    """Whether its candidate may see right and wrong or keys; of who is still answering, whether others may."""
    if attempt.state not in rules.CLOSED:
        return preconditions.answers_out(exam, now)
    own = shown(exam, handed_in=True, latest=exam_queries.latest_personal(exam.id), now=now)
    return own.right or own.key or own.explanation


def _standing(attempt: Attempt, exam: Exam) -> list[int] | None:
    """[number, tenths] of the attempt that counts for its candidate."""
    found = rules.counted(_sheets(attempt), exam.counts)
    return [found.number, found.total or 0] if found else None


def _sheets(attempt: Attempt) -> list[rules.Sheet]:
    if attempt.candidate_id is None:
        return []
    return list(queries.sheets(attempt.candidate_id).values())


def _possible(attempt: Attempt, kind: str, now: datetime) -> Exam:
    exam = db.session.get_one(Exam, attempt.exam_id, populate_existing=True)
    why = rules.bars(
        kind,
        state=attempt.state,
        exam_state=exam.state,
        trial=attempt.trial,
        answers_seen=kind == "reopen" and answers_seen(attempt, exam, now),
        another_open=rules.another_open(_sheets(attempt), attempt.number),
    )
    if why:
        raise Refused("not_possible", f"{why.rstrip('。')}，{NOTHING}")
    return exam


def _locked(attempt_id: int, actor_id: int) -> Attempt:
    attempt = db.session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    if attempt.person_id == actor_id:
        raise Refused("own_attempt", f"本人的答卷须由其他考务管理员处理，{NOTHING}")
    return attempt


def _asked(attempt_id: int) -> Any:
    return select(Intervention.id).where(Intervention.attempt_id == attempt_id, Intervention.state == "asked")


def _undecided(intervention_id: int, actor_id: int) -> tuple[Attempt, Intervention]:
    found = db.session.get_one(Intervention, intervention_id)
    attempt = _locked(found.attempt_id, actor_id)
    row = db.session.get_one(Intervention, intervention_id, with_for_update=True, populate_existing=True)
    if row.state != "asked":
        raise Refused("decided", f"这项处理已由他人办理，{NOTHING}", "请刷新页面查看。")
    return attempt, row


def _second(row: Intervention, actor_id: int) -> None:
    if row.asked_by_id == actor_id:
        raise Refused("second_person", f"申请和批准须由两人分别办理，{NOTHING}", "请由另一名考务管理员办理。")


def _decide(row: Intervention, state: str, actor_id: int, now: datetime) -> None:
    row.state, row.decided_by_id, row.decided_at = state, actor_id, now
    db.session.flush()


def _record(action: str, row: Intervention, actor_id: int, **told: Any) -> None:
    what = {"what": rules.KINDS[row.kind], "minutes": row.minutes}
    audit.record(action, ("attempt", row.attempt_id), actor_id=actor_id, **what, **told)
