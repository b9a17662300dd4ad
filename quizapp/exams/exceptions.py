"""Exceptions after publishing: each one recorded with its reason, none of them changes the rules for the others."""

from datetime import datetime

from sqlalchemy import select

from quizapp import audit
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import adding, extra_time, preconditions, tallies
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Membership, Unit
from quizapp.people.queries import MemberRow, current, person_called

MOST_EXTRA_ATTEMPTS = 5


def set_status(
    exam: Exam,
    candidate: Candidate,
    status: str,
    reason: str,
    *,
    until: datetime | None = None,
    now: datetime | None = None,
    actor_id: int | None,
) -> None:
    """免考 (exempt), 缓考 (deferred), or 应考 again (expected), with a reason. Who has sat the exam stays counted.

    until: when the person is 应考 again by itself (see `excusing.expire`), later than now; none: never.
    """
    preconditions.published(exam)
    preconditions.reason_given(reason)
    if until is not None and now is not None and until <= now:
        raise Refused("until", "到期日应为今天或以后，没有改动。", status=422)
    locked = db.session.get_one(Candidate, candidate.id, with_for_update=True, populate_existing=True)
    if locked.sat:
        raise Refused("has_sat", f"{locked.name}已经交卷，不能改为免考或缓考，没有改动。")
    before, until = locked.status, until if status != "expected" else None
    if before == status and locked.excused_until == until:
        return
    locked.excused_until = until
    db.session.flush()
    tallies.set_status(locked.id, status)
    audit.record(
        "candidate.status",
        locked,
        actor_id=actor_id,
        exam_id=exam.id,
        before=before,
        after=status,
        until=until.isoformat() if until else None,
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
    more = extra_time.MoreTime(extra_minutes, extra_percent, personal_closes_at)
    extra_time.grant(exam, [candidate.id], more, reason=reason, now=now, actor_id=actor_id)


def grant_attempts(
    exam: Exam,
    candidate: Candidate,
    extra_attempts: int,
    *,
    reason: str,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Let one candidate sit the exam so many times more than its rules allow. Replaces what was given before."""
    preconditions.published(exam)
    preconditions.reason_given(reason)
    if not 0 <= extra_attempts <= MOST_EXTRA_ATTEMPTS:
        raise Refused("extra", f"增加的考试次数应为0至{MOST_EXTRA_ATTEMPTS}次，没有改动。", status=422)
    locked = db.session.get_one(Candidate, candidate.id, with_for_update=True, populate_existing=True)
    before = locked.extra_attempts
    if extra_attempts == before:
        return
    if extra_attempts > before:
        preconditions.answers_hidden(exam, now)
    locked.extra_attempts = extra_attempts
    told = {"exam_id": exam.id, "before": before, "after": extra_attempts, "reason": reason}
    audit.record("candidate.attempts", locked, actor_id=actor_id, **told)
    db.session.flush()


def add_candidate(exam: Exam, login: str, reason: str, now: datetime, *, actor_id: int | None) -> Candidate:
    """Put a person on the list who came later, by 学法账号 or 工号, with the unit of today.

    A unit that is not in the exam's own tree yet is added where it fits; where the tree has been rearranged since,
    the person is counted with the nearest unit above that is there.
    """
    preconditions.reason_given(reason)
    exam = adding.open_for_more(exam, now)
    member = _member(exam, login, now)
    listed = select(Candidate.id).where(Candidate.exam_id == exam.id, Candidate.person_id == member.person_id)
    if db.session.scalar(listed):
        raise Refused("listed", f"{member.name}已在考生名单中。")
    [candidate_id] = adding.add(exam, [member], reason, now, actor_id=actor_id)
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
