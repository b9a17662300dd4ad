"""Exceptions after publishing: each one recorded with its reason, none of them changes the rules for the others."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from quizapp import audit
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, adding, tallies
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Membership, Unit
from quizapp.people.queries import MemberRow, current, person_called

MOST_EXTRA_MINUTES, MOST_EXTRA_PERCENT = 240, 200


def set_status(exam: Exam, candidate: Candidate, status: str, reason: str, *, actor_id: int | None) -> None:
    """免考 (exempt), 缓考 (deferred), or 应考 again (expected), with a reason. Who has sat the exam stays counted."""
    _only_published(exam)
    if not reason:
        raise Refused("reason", "请填写原因。")
    locked = db.session.get_one(Candidate, candidate.id, with_for_update=True, populate_existing=True)
    if locked.sat:
        raise Refused("has_sat", f"{locked.name}已经交卷，不能改为免考或缓考。")
    before = locked.status
    if before == status:
        return
    tallies.set_status(locked.id, status)
    audit.record(
        "candidate.status",
        locked,
        actor_id=actor_id,
        exam_id=exam.id,
        before=before,
        after=status,
        reason=reason,
    )


def grant_time(
    exam: Exam,
    candidate: Candidate,
    *,
    extra_minutes: int,
    extra_percent: int = 0,
    personal_closes_at: datetime | None,
    reason: str,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Give one candidate more minutes, a share more, or a later end of the window. Replaces what was given before."""
    _only_published(exam)
    if not reason:
        raise Refused("reason", "请填写原因。")
    if not (0 <= extra_minutes <= MOST_EXTRA_MINUTES and 0 <= extra_percent <= MOST_EXTRA_PERCENT):
        raise Refused("extra", f"延长时间应在0至{MOST_EXTRA_MINUTES}分钟之间。")
    if personal_closes_at is not None and (exam.closes_at is None or personal_closes_at <= exam.closes_at):
        raise Refused("personal_end", "个人截止时间应晚于考试结束时间。")
    locked = db.session.get_one(Candidate, candidate.id, with_for_update=True, populate_existing=True)
    before = _times(locked)
    locked.extra_minutes, locked.extra_percent = extra_minutes, extra_percent
    locked.personal_closes_at = personal_closes_at
    audit.record(
        "candidate.time",
        locked,
        actor_id=actor_id,
        exam_id=exam.id,
        before=before,
        after=_times(locked),
        reason=reason,
    )
    db.session.flush()
    for hook in actions.on_exception:
        hook(locked, now)


def _times(candidate: Candidate) -> dict[str, Any]:
    own = candidate.personal_closes_at
    return {
        "minutes": candidate.extra_minutes,
        "percent": candidate.extra_percent,
        "closes_at": own.isoformat() if own else None,
    }


def add_candidate(exam: Exam, login: str, reason: str, now: datetime, *, actor_id: int | None) -> Candidate:
    """Put a person on the list who came later, by 学法账号 or 工号, with the unit of today.

    A unit that is not in the exam's own tree yet is added where it fits; where the tree has been rearranged since,
    the person is counted with the nearest unit above that is there.
    """
    if not reason:
        raise Refused("reason", "请填写原因。")
    exam = adding.open_for_more(exam, now)
    member = _member(exam, login, now)
    listed = select(Candidate.id).where(Candidate.exam_id == exam.id, Candidate.person_id == member.person_id)
    if db.session.scalar(listed):
        raise Refused("listed", f"{member.name}已在考生名单中。")
    [candidate_id] = adding.add(exam, [member], reason, actor_id=actor_id)
    return db.session.get_one(Candidate, candidate_id)


def _member(exam: Exam, login: str, now: datetime) -> MemberRow:
    """The person of this 学法账号 or 工号 whose main unit of today belongs to the holding unit."""
    holder, day = db.session.get_one(Unit, exam.unit_id), today(now)
    person = person_called(login)
    row = (
        person
        and db.session.execute(
            select(Membership, Unit)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.person_id == person.id, Membership.main, current(day))
            .where(Unit.lft.between(holder.lft, holder.rgt))
        ).first()
    )
    if person is None or row is None or person.disabled_at is not None:
        sentence = f"主办单位及其下级单位中没有账号或工号为“{login}”的在册人员。"
        raise Refused("unknown_person", sentence, "请核对后重新填写。")
    membership, unit = row
    return MemberRow(
        person_id=person.id,
        name=person.name,
        name_key=person.name_key,
        unit_id=unit.id,
        lft=unit.lft,
        post=membership.post,
        post_sort=membership.sort,
        category=membership.category,
    )


def _only_published(exam: Exam) -> None:
    if exam.state != "published":
        raise Refused("not_published", "考试没有发布或已经取消，没有改动。")
