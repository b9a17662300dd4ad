"""What an invigilator does: admits, moves to another computer, adds minutes, notes, ends. Each leaves a line in the
record of the hall and a row in the audit log."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from quizapp import audit
from quizapp.attempts import guards
from quizapp.attempts.halls import desk
from quizapp.attempts.halls.entering import failures_key
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import exceptions, windows
from quizapp.exams.halls import actions
from quizapp.exams.halls.models import HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam
from quizapp.people import sessions
from quizapp.people.models import LoginFailure, Person


def admit(hall: HallSession, place: HallPlace, candidate: Candidate, now: datetime, *, actor_id: int) -> None:
    """准予入场: a latecomer may sign in, and wrong guesses at the account no longer stand in the way."""
    hall = _standing(hall)
    if place.arrived_at is not None:
        raise Refused("arrived", f"{candidate.name}已经到场，不需要准予入场。")
    place.admitted_late_by_id = actor_id
    account = db.session.get_one(Person, candidate.person_id).account
    db.session.execute(delete(LoginFailure).where(LoginFailure.login == failures_key(account)))
    _note(hall, candidate, "准予入场。", now, actor_id=actor_id)


def move(hall: HallSession, place: HallPlace, candidate: Candidate, now: datetime, *, actor_id: int) -> None:
    """换机: the old computer's sign-in ends, the answers stay, another computer may sign in."""
    hall = _standing(hall)
    place = db.session.get_one(
        HallPlace, (hall.id, candidate.id), with_for_update=True, populate_existing=True
    )
    if place.login_session_id is None:
        raise Refused("not_here", f"{candidate.name}没有在电脑上登录，可以直接在另一台电脑上登录。")
    sessions.end(place.login_session_id, now)
    place.login_session_id = None
    _note(hall, candidate, f"换机，原座位{place.seat}号。", now, actor_id=actor_id)


def add_time(
    hall: HallSession,
    exam: Exam,
    candidate: Candidate,
    minutes: int,
    reason: str,
    now: datetime,
    *,
    actor_id: int,
) -> None:
    """加时: so many minutes beyond what the candidate has, whatever the window of the exam leaves.

    Locks are taken as a hand-in takes them: the sitting, then the candidate. Raises Refused where the hours of the day
    would cut the minutes off.
    """
    hall, more = _standing(hall), timedelta(minutes=minutes)
    running = db.session.scalars(
        select(Attempt)
        .where(Attempt.candidate_id == candidate.id, guards.in_progress(), guards.in_time(now))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    candidate = db.session.get_one(Candidate, candidate.id, with_for_update=True, populate_existing=True)
    wanted = running.closes_at + more if running is not None and running.closes_at is not None else None
    exceptions.grant_time(
        exam,
        candidate,
        extra_minutes=candidate.extra_minutes + minutes,
        extra_percent=candidate.extra_percent,
        personal_closes_at=_end(exam, candidate, wanted),
        reason=reason,
        now=now,
        actor_id=actor_id,
    )
    if running is not None and wanted is not None:
        db.session.refresh(running)
        if running.closes_at is None or running.closes_at < wanted:
            raise Refused("hours", f"加时后超出当天的作答时间，没有为{candidate.name}加时。")
    _note(hall, candidate, f"加时{minutes}分钟：{reason}", now, actor_id=actor_id)


def _end(exam: Exam, candidate: Candidate, wanted: datetime | None) -> datetime | None:
    """The end of the candidate's own window: later where the sitting under way would otherwise be cut by it."""
    cut = wanted is not None and wanted > windows.window_of(exam, candidate).ends
    return wanted if cut else candidate.personal_closes_at


def end(hall: HallSession, now: datetime, *, confirmed: bool, actor_id: int) -> None:
    """结束本场: nobody signs in any more. Who is answering goes on to the end; that asks for a second confirmation."""
    hall = _standing(hall)
    answering = desk.counts(desk.rows(hall.id, now))["answering"]
    if answering and not confirmed:
        raise Refused(
            "answering", f"还有{answering}人在答题，本场没有结束。", "请等全部交卷，或勾选确认后再结束。"
        )
    hall.ended_at = now
    actions.note(hall, "结束本场。", now, actor_id=actor_id)
    audit.record("hall.ended", hall, actor_id=actor_id, answering=answering)


def _standing(hall: HallSession) -> HallSession:
    """The session, locked, as long as it has not ended."""
    hall = db.session.get_one(HallSession, hall.id, with_for_update=True, populate_existing=True)
    if hall.ended_at is not None:
        raise Refused("session_over", "本场已经结束，没有改动。", "情况记录仍可以补充。")
    return hall


def _note(hall: HallSession, candidate: Candidate, text: str, now: datetime, *, actor_id: int) -> None:
    actions.note(hall, text, now, actor_id=actor_id, candidate_id=candidate.id)
