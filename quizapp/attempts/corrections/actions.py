"""The life of a correction: asked for and rehearsed, submitted, approved by another person or sent back, taken back.

Approving is accepted at once and carried out by a job (`approval_job`); nothing but `carry_out` changes a score.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from quizapp import audit
from quizapp.attempts import marks as marking
from quizapp.attempts import runs
from quizapp.attempts.corrections import queries
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.models import Attempt, Closing, MarkingRun
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Exam
from quizapp.jobs import Job


def ask(
    exam: Exam,
    changes: Mapping[int, marking.Key],
    *,
    policy: str,
    reason: str,
    actor_id: int | None,
    now: datetime,
) -> Correction:
    """A correction of some questions, by revision, to be rehearsed. policy: see `marks.corrected`. Refused where it
    changes nothing, and while another correction of the exam is open."""
    base = _base(exam, reason)
    if all(base.keys.get(one) == key for one, key in changes.items()):
        raise Refused("no_change", "更正后的答案与现在的相同，没有保存。", "请返回修改。", status=422)
    run = runs.prepare(exam.id, changes, actor_id=actor_id, reason=reason, now=now, policy=policy)
    return _kept(Correction(run_id=run.id, exam_id=exam.id, base_id=base.id, policy=policy, reason=reason))


def restore(exam: Exam, run_id: int, *, reason: str, actor_id: int | None, now: datetime) -> Correction:
    """撤销更正: a further run by the keys of an earlier one that counted, rehearsed and approved like any other."""
    base = _base(exam, reason)
    earlier = db.session.get(MarkingRun, run_id)
    if earlier is None or earlier.exam_id != exam.id or earlier.state != "past":
        raise Refused("no_such_run", "没有这次判分，或它没有生效过。", "请返回更正记录核对。")
    keys = marking.keys_from_json(earlier.keys)
    if keys == base.keys:
        raise Refused("no_change", "现在的答案与这次判分的相同，不必恢复。")
    run = runs.add(exam.id, keys, actor_id=actor_id, reason=reason, now=now, restores=earlier.number)
    return _kept(
        Correction(
            run_id=run.id,
            exam_id=exam.id,
            base_id=base.id,
            restores_id=earlier.id,
            policy="new",
            reason=reason,
        )
    )


def _base(exam: Exam, reason: str) -> runs.Run:
    """The current run, with the exam locked against a second correction at the same time."""
    locked = db.session.get_one(Exam, exam.id, with_for_update=True, populate_existing=True)
    if locked.state != "published":
        raise Refused("not_published", "考试没有发布，或已取消、作废，不能更正答案。")
    if not reason.strip():
        raise Refused("no_reason", "请写明理由。", status=422)
    if queries.open_one(exam.id) is not None:
        raise Refused("open", "这场考试有一项更正还没有办完，没有保存。", "请先批准、退回或撤回那一项。")
    return runs.current({exam.id})[exam.id]


def _kept(correction: Correction) -> Correction:
    db.session.add(correction)
    db.session.flush()
    return correction


def sheets(exam_id: int) -> int:
    """How many closed sheets of an exam a run marks."""
    return (
        db.session.scalar(
            select(func.count(Closing.id))
            .join(Attempt, Attempt.id == Closing.attempt_id)
            .where(Attempt.exam_id == exam_id, Attempt.trial.is_(False))
        )
        or 0
    )


def rehearsed(run_id: int) -> Correction:
    """Every sheet is marked: write down what would change. Nothing, where the correction was taken back meanwhile."""
    correction = _locked(run_id)
    if correction.state == "rehearsing":
        exam = db.session.get_one(Exam, correction.exam_id)
        correction.effect = queries.effect(exam, correction.base_id, run_id).to_json()
        correction.state = "rehearsed"
    return correction


def submit(run_id: int, *, actor_id: int | None) -> None:
    """The author has seen the effect and asks another person for approval."""
    correction = _in(run_id, ("rehearsed",))
    correction.state = "waiting"
    _record("submitted", correction, actor_id)


def accept(run_id: int, job: Callable[[Correction], Job], *, actor_id: int, now: datetime) -> None:
    """批准, as another person than its author: what follows is work for a job. No score has changed yet.

    job: asks for that job. Raises Refused.
    """
    correction = _locked(run_id)
    if not can_be_approved(correction):
        raise _changed_meanwhile()
    _still_published(correction)
    runs.may_switch(run_id, actor_id=actor_id)
    correction.job_id, correction.trouble = job(correction).id, ""
    _decide(correction, "approving", actor_id, now)


def can_be_approved(correction: Correction) -> bool:
    """Whether it waits for a second person; also where the job of an earlier approval has come to nothing."""
    if correction.state == "approving" and correction.job_id is not None:
        return db.session.get_one(Job, correction.job_id, populate_existing=True).state == "failed"
    return correction.state == "waiting"


def carry_out(run_id: int, job_id: int, *, now: datetime, report: runs.Progress | None = None) -> Correction:
    """What was approved comes to count, in the running transaction: late sheets are marked, candidates and counters
    follow. Nothing, where this job has done it already or another has been asked for. Raises Refused.
    """
    correction = _locked(run_id)
    if correction.state != "approving" or correction.job_id != job_id or correction.decided_by_id is None:
        return correction
    exam = _still_published(correction)
    runs.activate(run_id, actor_id=correction.decided_by_id, report=report)
    correction.effect = queries.effect(exam, correction.base_id, run_id).to_json()
    _decide(correction, "approved", correction.decided_by_id, now)
    return correction


def give_back(run_id: int, job_id: int, *, why: str) -> None:
    """The approval could not be carried out: it waits for one again, and its page says why. why: a sentence."""
    correction = _locked(run_id)
    if correction.state == "approving" and correction.job_id == job_id:
        approver = correction.decided_by_id
        correction.state, correction.trouble = "waiting", why
        correction.decided_by_id = correction.decided_at = None
        _record("failed", correction, approver, trouble=why)


def _still_published(correction: Correction) -> Exam:
    exam = db.session.get_one(Exam, correction.exam_id, populate_existing=True)
    if exam.state != "published":
        raise Refused("not_published", "考试已取消或作废，没有改动任何成绩。")
    return exam


def reject(run_id: int, *, answer: str, actor_id: int, now: datetime) -> None:
    """Send it back, as another person than its author, with a reason. Nothing was changed."""
    correction = _in(run_id, ("waiting",))
    if db.session.get_one(MarkingRun, run_id).created_by_id == actor_id:
        raise Refused("second_person", "更正须由另一人批准或退回；您可以撤回。")
    if not answer.strip():
        raise Refused("no_reason", "请写明退回的理由，没有改动。", status=422)
    correction.answer = answer
    _decide(correction, "rejected", actor_id, now, answer=answer)


def withdraw(run_id: int, *, actor_id: int, now: datetime) -> None:
    """Give it up before anybody decides. Nothing was changed."""
    _decide(_in(run_id, ("rehearsing", "rehearsed", "waiting")), "withdrawn", actor_id, now)


def _decide(correction: Correction, state: str, actor_id: int, now: datetime, **told: Any) -> None:
    correction.state, correction.decided_by_id, correction.decided_at = state, actor_id, now
    if state == "approved" and correction.effect:
        told["changed"] = correction.effect["up"] + correction.effect["down"]
    _record(state, correction, actor_id, **told)


def _record(what: str, correction: Correction, actor_id: int | None, **told: Any) -> None:
    """A row of the audit log: which run, and whose it is where another acts. No key."""
    run = db.session.get_one(MarkingRun, correction.run_id)
    if run.created_by_id != actor_id:
        told["proposed_by"] = run.created_by_id
    if what in ("approving", "approved", "withdrawn"):
        told["reason"] = correction.reason
    where = {"exam": correction.exam_id, "number": run.number}
    audit.record(f"correction.{what}", ("marking_run", run.id), actor_id=actor_id, **where, **told)


def _in(run_id: int, states: tuple[str, ...]) -> Correction:
    correction = _locked(run_id)
    if correction.state not in states:
        raise _changed_meanwhile()
    return correction


def _changed_meanwhile() -> Refused:
    return Refused("decided", "这项更正的状态已经变化，没有改动。", "请刷新页面查看。")


def _locked(run_id: int) -> Correction:
    return db.session.get_one(Correction, run_id, with_for_update=True, populate_existing=True)
