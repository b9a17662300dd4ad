"""提前结束: the window of a running exam ends now. A recorded exception; nobody who is answering loses a minute.

No sitting is touched: each closes at the time that it was told, by its person or by the sweep, marked by the same rule.
Where somebody is still answering, starting ends now and the window at the last of their ends, so that nothing which
waits for the end (see `windows.is_over`) shows while they write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, update

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, windows
from quizapp.exams.models import Candidate, Exam

# attempts adds (exam_id, now) -> when the sittings that are under way close
ends_of_sittings: list[Callable[[int, datetime], Sequence[datetime]]] = []


@dataclass(frozen=True)
class Closed:
    """What an early end came to."""

    closes_at: datetime
    answering: int  # who still has a sheet open
    waiting: int  # who is expected and had not started: they are absent now
    later_ends: int  # whose own later end of the window was taken back


def close(exam: Exam, reason: str, now: datetime, *, force: bool = False, actor_id: int | None) -> Closed:
    """End a running exam now. Raises Refused while somebody is answering or was given a later end, unless forced.

    The number of statements does not grow with the people.
    """
    exam = actions.locked(exam)
    if windows.state_of(exam, now) != "running" or exam.opens_at == now:
        raise Refused("not_running", "考试没有在进行，没有改动。")
    if not reason.strip():
        raise Refused("reason", "请填写提前结束的原因，没有改动。")
    ends = [end for ask in ends_of_sittings for end in ask(exam.id, now)]
    waiting, later = _unfinished(exam.id, now)
    if not force:
        _nobody_loses(len(ends), later)
    before = exam.closes_at
    exam.closes_at = max([now, *ends])
    exam.last_start_at = min(now, exam.last_start_at or now)
    _shorten(exam.id, exam.closes_at)
    closed = Closed(exam.closes_at, len(ends), waiting, later)
    audit.record(
        "exam.closed_early",
        exam,
        actor_id=actor_id,
        reason=reason,
        before=before.isoformat() if before else None,
        after=exam.closes_at.isoformat(),
        answering=closed.answering,
        waiting=closed.waiting,
        later_ends=closed.later_ends,
    )
    return closed


def _nobody_loses(answering: int, later: int) -> None:
    if answering:
        raise Refused("answering", f"还有{answering}人正在答题，没有改动。", "请在其交卷后再结束。")
    if later:
        raise Refused(
            "later_ends", f"还有{later}名考生的个人截止时间未到，没有改动。", "请在其交卷后再结束。"
        )


def _unfinished(exam_id: int, now: datetime) -> tuple[int, int]:
    """How many are expected and have not started; how many of those who have not handed in have a later end."""
    later = (Candidate.personal_closes_at > now) & Candidate.sat.is_(False)
    waiting, ends = db.session.execute(
        select(
            func.count(case((Candidate.started.is_(False), 1))),
            func.count(case((later, 1))),
        ).where(Candidate.exam_id == exam_id, Candidate.status == "expected")
    ).one()
    return int(waiting), int(ends)


def _shorten(exam_id: int, end: datetime) -> None:
    """No candidate's own end reaches beyond the exam's."""
    for own in (Candidate.personal_closes_at, Candidate.slot_closes_at):
        db.session.execute(
            update(Candidate)
            .where(Candidate.exam_id == exam_id, own > end)
            .values({own: end})
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()
