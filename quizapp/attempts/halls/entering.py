"""Signing in at the door of a hall, by 学法账号 and the start code that is told there, without a password."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import session
from sqlalchemy import delete, exists, func, select

from quizapp import audit, config
from quizapp.attempts import timing
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.halls import rules
from quizapp.exams.halls.models import HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam
from quizapp.people import confined, sessions, sign_in, throttle
from quizapp.people.models import LoginFailure, LoginSession, Person

SENTENCE = "学法账号或开考码不正确，或近期失败次数过多，没有登录。请核对后重试，或请监考人员协助。"


@dataclass(frozen=True)
class Found:
    """A place whose account and code fit what was typed."""

    place: HallPlace
    hall: HallSession
    candidate: Candidate
    exam: Exam
    person: Person


def failures_key(account: str) -> str:
    """Under what failures at the door are counted: apart from those of signing in by password."""
    return f"hall:{account.lower()}"[: sign_in.LOGIN_LONGEST]


def look_up(account: str, code: str, *, address: str, now: datetime) -> tuple[sign_in.Facts, list[Found]]:
    """Failures, and the places that fit; the same three statements whoever the account belongs to."""
    key = failures_key(account)
    minutes, allowed = config.value("LOCK_MINUTES"), config.value("LOCK_FAILURES")
    recent = LoginFailure.at > now - timedelta(minutes=minutes)
    failures = db.session.scalars(select(LoginFailure.at).where(LoginFailure.login == key, recent)).all()
    from_address = db.session.scalar(
        select(func.count()).select_from(LoginFailure).where(LoginFailure.address == address, recent)
    )
    facts = sign_in.Facts(
        key=key,
        locked=throttle.is_locked(failures, now=now, allowed=allowed, minutes=minutes),
        slowed=throttle.is_slowed(from_address or 0, allowed=allowed),
    )
    rows = db.session.execute(
        select(HallPlace, HallSession, Candidate, Exam, Person)
        .join(HallSession, HallSession.id == HallPlace.session_id)
        .join(Candidate, Candidate.id == HallPlace.candidate_id)
        .join(Exam, Exam.id == Candidate.exam_id)
        .join(Person, Person.id == Candidate.person_id)
        .where(Person.account == account, Person.disabled_at.is_(None), Exam.state == "published")
        .order_by(HallSession.opens_at.desc())
    )
    fitting = [row for row in rows if hmac.compare_digest(row[1].start_code.encode(), code.encode())]
    return facts, [] if facts.locked or facts.slowed else [Found(*row) for row in fitting]


def enter(found: Sequence[Found], seat: int | None, now: datetime) -> Found:
    """Sign the candidate in on this browser and record seat and arrival. Raises Refused while the door is closed.

    The session's row is locked first, so that two who take one seat, or one person at two computers, come one after
    the other and the second is refused.
    """
    one = min(found, key=lambda each: each.hall.closes_at <= now)  # of several the one that is not over
    for table, key in ((HallSession, one.hall.id), (HallPlace, (one.hall.id, one.candidate.id))):
        db.session.get_one(table, key, with_for_update=True, populate_existing=True)
    _open(one, now)
    one.place.seat = _seat(one, seat)
    minutes = timing.full_minutes(one.exam, one.candidate)
    until = rules.signed_in_until(one.hall.closes_at, minutes)
    session_id = sessions.start(one.person, kind=confined.KIND, now=now, until=until)
    one.place.login_session_id, one.place.arrived_at = session_id, one.place.arrived_at or now
    session["candidate"] = one.candidate.id
    db.session.execute(delete(LoginFailure).where(LoginFailure.login == failures_key(one.person.account)))
    audit.record(
        "hall.entered", one.hall, actor_id=one.person.id, candidate_id=one.candidate.id, seat=one.place.seat
    )
    return one


def _open(one: Found, now: datetime) -> None:
    reason = rules.door(
        now,
        opens_at=one.hall.opens_at,
        closes_at=one.hall.closes_at,
        ended=one.hall.ended_at is not None,
        arrived=one.place.arrived_at is not None,
        admitted=one.place.admitted_late_by_id is not None,
        on_machine=_is_elsewhere(one.place, now),
        late=timedelta(minutes=config.value("HALL_LATE_MINUTES")),
    )
    if reason != "open":
        raise Refused(reason, rules.DOORS[reason])


def _is_elsewhere(place: HallPlace, now: datetime) -> bool:
    """Whether the candidate is signed in on another computer than this one."""
    standing = exists().where(
        LoginSession.id == place.login_session_id,
        LoginSession.id != session.get("sid", ""),
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > now,
    )
    return bool(db.session.scalar(select(standing)))


def _seat(one: Found, wanted: int | None) -> int:
    taken = set(db.session.scalars(select(HallPlace.seat).where(HallPlace.session_id == one.hall.id)))
    seat = rules.seat_for(wanted, one.place.seat, rules.free_seats(one.hall.seats, taken))
    if seat is None:
        words = f"{wanted}号座位已安排给其他考生，或没有这个座位" if wanted else "本场座位已满"
        raise Refused("seat", f"{words}，没有登录。", "请核对座位号，或请监考人员协助。")
    return seat
