"""Arranging halls: sessions, start codes, places, invigilators. Only while the exam is published and not over."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, select

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions as exams
from quizapp.exams import queries as exam_queries
from quizapp.exams import windows
from quizapp.exams.halls import queries, rules
from quizapp.exams.halls.models import HallInvigilator, HallNote, HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.queries import person_called

NOTHING = "没有保存任何改动"


def arranging(exam: Exam, now: datetime) -> Exam:
    """The exam, locked: two who arrange wait for each other. Raises Refused unless it is published and not over."""
    exam = exams.locked(exam)
    if exam.state != "published" or exam.closes_at is None:
        raise Refused("not_published", f"考试没有发布或已经取消，{NOTHING}。", "发布考试后再安排考场。")
    latest = exam_queries.latest_personal(exam.id)
    if windows.is_over(now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s):
        raise Refused("over", f"考试已经结束，{NOTHING}。")
    return exam


def new_code() -> str:
    """A start code that nobody can foresee: six digits."""
    return f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"


# Sessions ---------------------------------------------------------------------------------------------------


def create(exam: Exam, values: Mapping[str, Any], now: datetime, *, actor_id: int) -> HallSession:
    """A new session. values: title, hall, address, seats, opens_at, closes_at."""
    exam = arranging(exam, now)
    _in_window(exam, values)
    session = HallSession(exam_id=exam.id, start_code=new_code(), **values)
    db.session.add(session)
    db.session.flush()
    audit.record("hall.created", session, actor_id=actor_id, exam_id=exam.id, title=session.title)
    return session


def update(
    exam: Exam, session: HallSession, values: Mapping[str, Any], now: datetime, *, actor_id: int
) -> None:
    """Change a session that nobody has come to yet."""
    exam = arranging(exam, now)
    _not_begun(session)
    _in_window(exam, values)
    highest = db.session.scalar(select(func.max(HallPlace.seat)).where(HallPlace.session_id == session.id))
    if highest is not None and highest > values["seats"]:
        raise Refused(
            "seats",
            f"{highest}号座位已安排考生，座位数不能少于{highest}，{NOTHING}。",
            "请先取消多出的座位安排。",
        )
    changed = sorted(name for name, value in values.items() if getattr(session, name) != value)
    for name, value in values.items():
        setattr(session, name, value)
    audit.record("hall.changed", session, actor_id=actor_id, exam_id=exam.id, fields=changed)


def remove(exam: Exam, session: HallSession, now: datetime, *, actor_id: int) -> None:
    """Take a session back with its places, before anybody came and anything was noted."""
    exam = arranging(exam, now)
    _not_begun(session)
    if db.session.scalar(select(exists().where(HallNote.session_id == session.id))):
        raise Refused("noted", f"“{session.title}”已有考场情况记录，不能删除，{NOTHING}。")
    for table in (HallPlace, HallInvigilator):
        db.session.execute(delete(table).where(table.session_id == session.id))
    audit.record("hall.removed", session, actor_id=actor_id, exam_id=exam.id, title=session.title)
    db.session.delete(session)


def _in_window(exam: Exam, values: Mapping[str, Any]) -> None:
    opens, closes = exam.opens_at, exam.closes_at
    if (
        opens is None
        or closes is None
        or not rules.fits(values["opens_at"], values["closes_at"], opens, closes)
    ):
        raise Refused(
            "window",
            f"场次时间应在考试起止时间之内，{NOTHING}。",
            "请返回上一页修改；考试起止时间见考试页面。",
            status=422,
        )


def _not_begun(session: HallSession) -> None:
    came = exists().where(HallPlace.session_id == session.id, HallPlace.arrived_at.is_not(None))
    if session.ended_at is not None or db.session.scalar(select(came)):
        raise Refused("begun", f"“{session.title}”已有考生到场或已经结束，不能修改或删除，{NOTHING}。")


def renew_code(exam: Exam, session: HallSession, now: datetime, *, actor_id: int) -> None:
    """Another start code; who is signed in already stays so."""
    _still_open(arranging(exam, now), session, now)
    before = session.start_code
    while session.start_code == before:
        session.start_code = new_code()
    audit.record("hall.code_renewed", session, actor_id=actor_id, exam_id=exam.id)


def _still_open(exam: Exam, session: HallSession, now: datetime) -> None:
    if session.ended_at is not None or now >= session.closes_at:
        raise Refused("session_over", f"“{session.title}”已经结束，{NOTHING}。")


# Places -----------------------------------------------------------------------------------------------------


def fill(
    exam: Exam, session: HallSession, now: datetime, *, actor_id: int, unit_id: int | None = None
) -> tuple[int, int]:
    """Give the free seats to candidates without a place, in tree order; unit_id: only of this unit and all below it.

    How many got a seat, and how many of them all still have none.
    """
    _still_open(arranging(exam, now), session, now)
    interval = None
    if unit_id is not None:
        unit = db.session.scalars(
            select(ExamUnit).where(ExamUnit.exam_id == exam.id, ExamUnit.unit_id == unit_id)
        ).one_or_none()
        if unit is None:
            raise Refused("unknown_unit", f"这个单位没有考生，{NOTHING}。", status=422)
        interval = (unit.lft, unit.rgt)
    free = _free(session)
    waiting = queries.to_place(session, interval)
    _seat(exam, session, waiting, free, actor_id=actor_id)
    return min(len(free), len(waiting)), max(0, len(waiting) - len(free))


def place(exam: Exam, session: HallSession, logins: Sequence[str], now: datetime, *, actor_id: int) -> int:
    """Place these candidates, named by 学法账号 or 工号: all of them, or none. How many."""
    _still_open(arranging(exam, now), session, now)
    found = queries.named(session, logins)
    problems = [_hindrance(login, found.get(login)) for login in logins]
    if told := [sentence for sentence in problems if sentence]:
        more = f"；另有{len(told) - 10}处" if len(told) > 10 else ""
        raise Refused(
            "not_placed", f"{'；'.join(told[:10])}{more}。{NOTHING}。", "请返回上一页修改。", status=422
        )
    free = _free(session)
    if len(logins) > len(free):
        raise Refused("full", f"空座位只有{len(free)}个，不够安排{len(logins)}人，{NOTHING}。")
    _seat(exam, session, [one.candidate_id for one in found.values()], free, actor_id=actor_id)
    return len(found)


def _hindrance(login: str, found: queries.Named | None) -> str:
    if found is None:
        return f"“{login}”不在考生名单中"
    if found.placed:
        return f"{found.name}已安排座位"
    if found.watches:
        return f"{found.name}是本场监考人员"
    return "" if found.may_sit else f"{found.name}已开始考试或已免考、缓考"


def _free(session: HallSession) -> list[int]:
    taken = set(db.session.scalars(select(HallPlace.seat).where(HallPlace.session_id == session.id)))
    return rules.free_seats(session.seats, taken)


def _seat(
    exam: Exam, session: HallSession, candidates: Sequence[int], free: Sequence[int], *, actor_id: int
) -> None:
    rows = [
        {"session_id": session.id, "candidate_id": one, "seat": seat}
        for one, seat in zip(candidates, free, strict=False)
    ]
    if rows:
        db.session.execute(insert(HallPlace), rows)
        audit.record(
            "hall.placed",
            session,
            actor_id=actor_id,
            exam_id=exam.id,
            candidates=[r["candidate_id"] for r in rows],
        )


def unplace(
    exam: Exam, session: HallSession, candidates: Collection[int] | None, now: datetime, *, actor_id: int
) -> int:
    """Take the places of these candidates back (none: of all), as far as they have not come. How many."""
    arranging(exam, now)
    wanted = (
        delete(HallPlace)
        .where(HallPlace.session_id == session.id, HallPlace.arrived_at.is_(None))
        .returning(HallPlace.candidate_id)
        .execution_options(synchronize_session=False)
    )
    if candidates is not None:
        wanted = wanted.where(HallPlace.candidate_id.in_(candidates))
    gone = list(db.session.scalars(wanted))
    if gone:
        audit.record("hall.unplaced", session, actor_id=actor_id, exam_id=exam.id, candidates=gone)
    return len(gone)


# Invigilators -----------------------------------------------------------------------------------------------


def appoint(exam: Exam, session: HallSession, login: str, now: datetime, *, actor_id: int) -> str:
    """Make somebody a 监考人员 of the session, by 学法账号 or 工号; gives the name. Nobody watches over oneself."""
    exam = arranging(exam, now)
    person = person_called(login)
    if person is None or person.disabled_at is not None:
        raise Refused(
            "unknown_person", f"没有账号或工号为“{login}”的在用账号，{NOTHING}。", "请核对后重新填写。"
        )
    if db.session.get(HallInvigilator, (session.id, person.id)) is not None:
        raise Refused("appointed", f"{person.name}已是“{session.title}”的监考人员，{NOTHING}。")
    sits = exists().where(
        HallPlace.session_id == session.id,
        HallPlace.candidate_id == Candidate.id,
        Candidate.person_id == person.id,
    )
    if db.session.scalar(select(sits)):
        raise Refused("own_session", f"{person.name}是本场考生，不能监考本场，{NOTHING}。")
    db.session.add(HallInvigilator(session_id=session.id, person_id=person.id))
    audit.record("hall.appointed", session, actor_id=actor_id, exam_id=exam.id, person_id=person.id)
    return person.name


def dismiss(exam: Exam, session: HallSession, person_id: int, now: datetime, *, actor_id: int) -> None:
    """Somebody is no more a 监考人员 of the session."""
    exam = arranging(exam, now)
    gone = db.session.scalar(
        delete(HallInvigilator)
        .where(HallInvigilator.session_id == session.id, HallInvigilator.person_id == person_id)
        .returning(HallInvigilator.person_id)
    )
    if gone is not None:
        audit.record("hall.dismissed", session, actor_id=actor_id, exam_id=exam.id, person_id=person_id)


# The record -------------------------------------------------------------------------------------------------


def note(
    session: HallSession, text: str, now: datetime, *, actor_id: int, candidate_id: int | None = None
) -> None:
    """A line of the 考场情况记录; it can be written after the end too."""
    db.session.add(
        HallNote(session_id=session.id, candidate_id=candidate_id, at=now, by_id=actor_id, text=text)
    )
    db.session.flush()
    audit.record("hall.noted", session, actor_id=actor_id, candidate_id=candidate_id)
