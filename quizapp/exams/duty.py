"""值班人员 of an exam: named with a phone, they reset the sign-in of its candidates until it closes; no more."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select

from quizapp import audit
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import access, preconditions, queries, windows
from quizapp.exams.excuse_queries import RESET
from quizapp.exams.models import Candidate, Exam, ExamDuty, ExamUnit, UnitWindow
from quizapp.people import actions as people_actions
from quizapp.people import queries as people
from quizapp.people.models import Person, Unit
from quizapp.people.on_call import OnCall

FOUND = 20  # candidates that one search shows
TOLD = 6  # lines on the sign-in page


# Naming them ------------------------------------------------------------------------------------------------


def name(exam: Exam, login: str, phone: str, *, now: datetime, actor_id: int) -> str:
    """Put somebody of the holding unit, or below it, on duty by 学法账号 or 工号; again changes the phone. The name."""
    preconditions.published(exam)
    if now >= closes(exam):
        raise Refused("over", "考试已经结束，不能再指定值班人员，没有改动。")
    holder, found = db.session.get_one(Unit, exam.unit_id), people.person_called(login)
    inside = found and people.people_by_id([found.id], [(holder.lft, holder.rgt)], today(now))
    if found is None or not inside or found.disabled_at is not None:
        sentence = f"主办单位及其下级单位中没有账号或工号为“{login}”的在册人员，没有改动。"
        raise Refused("unknown_person", sentence, "请核对后重新填写。")
    row = db.session.get(ExamDuty, (exam.id, found.id)) or ExamDuty(exam_id=exam.id, person_id=found.id)
    row.phone = phone
    db.session.add(row)
    db.session.flush()
    told = {"person": found.id, "name": found.name, "phone": phone}
    audit.record("exam.duty_named", exam, actor_id=actor_id, **told)
    return found.name


def remove(exam: Exam, person_id: int, *, actor_id: int) -> None:
    """End somebody's duty. Nobody there: nothing happens."""
    gone = db.session.execute(
        delete(ExamDuty)
        .where(ExamDuty.exam_id == exam.id, ExamDuty.person_id == person_id)
        .returning(ExamDuty.person_id)
    ).one_or_none()
    if gone is not None:
        told = db.session.scalar(select(Person.name).where(Person.id == person_id))
        audit.record("exam.duty_removed", exam, actor_id=actor_id, person=person_id, name=told)


@dataclass(frozen=True)
class OnDuty:
    """Somebody on duty, as the exam's page lists them."""

    person_id: int
    name: str
    account: str
    phone: str


def named(exam_id: int) -> list[OnDuty]:
    """Who is on duty for an exam, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.account, ExamDuty.phone)
        .join(ExamDuty, ExamDuty.person_id == Person.id)
        .where(ExamDuty.exam_id == exam_id)
        .order_by(Person.name_key, Person.account)
    )
    return [OnDuty(*row) for row in rows]


def closes(exam: Exam) -> datetime:
    """When the last candidate's window ends. A published exam has one."""
    if exam.closes_at is None:
        raise LookupError("a published exam has a window")
    return windows.window_end(exam.closes_at, queries.latest_personal(exam.id))


# Being on duty ----------------------------------------------------------------------------------------------


def exams_of(person_id: int, now: datetime) -> list[Exam]:
    """The exams for which a person is on duty now, the earliest end first: one statement."""
    return list(
        db.session.scalars(
            select(Exam)
            .join(ExamDuty, ExamDuty.exam_id == Exam.id)
            .where(ExamDuty.person_id == person_id, Exam.state == "published", not_over(now))
            .order_by(Exam.closes_at, Exam.id)
        )
    )


def not_over(now: datetime) -> ColumnElement[bool]:
    """SQL: some candidate's window has not ended."""
    later = exists().where(Candidate.exam_id == Exam.id, Candidate.personal_closes_at > now)
    return or_(Exam.closes_at > now, later)


@dataclass(frozen=True)
class Found:
    """A candidate as the person on duty sees one: who it is, and no more."""

    candidate: Candidate
    unit: str
    account: str


def candidates(exam: Exam, words: str) -> list[Found]:
    """Candidates of an exam who are meant by these words, the first of them; none without words."""
    if not words.strip():
        return []
    rows = db.session.execute(
        select(Candidate, ExamUnit.name, Person.account)
        .join(ExamUnit, access.stands_in())
        .join(Person, Person.id == Candidate.person_id)
        .where(Candidate.exam_id == exam.id, people.found_by(words))
        .order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
        .limit(FOUND)
    )
    return [Found(*row) for row in rows]


def reset(exam: Exam, candidate: Candidate, *, now: datetime, actor_id: int) -> people_actions.Slip:
    """A new one-time password for a candidate, shown once; the old password and all sign-ins end. Raises Refused.

    Holders of roles are left to their administrators: a new password would lend the role.
    """
    preconditions.published(exam)
    if exam.closes_at is None or now >= windows.window_end(exam.closes_at, candidate.personal_closes_at):
        raise Refused("over", "这名考生的考试已经结束，没有重置登录。")
    if candidate.person_id == actor_id or people.grant_places([candidate.person_id]):
        sentence = f"{candidate.name}是您本人，或有管理角色，不能由值班人员重置登录，没有改动。"
        raise Refused("out_of_hands", sentence, "请联系系统管理员。")
    slips = people_actions.issue_slips([candidate.person_id], now, actor_id=actor_id)
    if not slips:
        raise Refused("disabled", f"{candidate.name}的账号已停用，没有重置登录。", "请联系系统管理员。")
    audit.record(RESET, ("candidate", candidate.id), actor_id=actor_id, exam_id=exam.id)
    return slips[0]


# The sign-in page -------------------------------------------------------------------------------------------


def on_call(now: datetime) -> list[OnCall]:
    """Registered with people: who helps with signing in while an exam runs. One statement over small tables."""
    extended = exists().where(
        and_(UnitWindow.exam_id == Exam.id, UnitWindow.kind == "extension", UnitWindow.closes_at > now)
    )
    rows = db.session.execute(
        select(Person.name, ExamDuty.phone, func.min(Exam.title))
        .join(ExamDuty, ExamDuty.person_id == Person.id)
        .join(Exam, Exam.id == ExamDuty.exam_id)
        .where(Exam.state == "published", Exam.opens_at <= now, or_(Exam.closes_at > now, extended))
        .group_by(Person.id, Person.name, Person.name_key, ExamDuty.phone)
        .order_by(func.min(Exam.closes_at), Person.name_key, Person.id)
        .limit(TOLD)
    )
    return [OnCall(*row) for row in rows]
