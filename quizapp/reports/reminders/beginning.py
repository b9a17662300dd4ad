"""The first step of sending a reminder: whether this is its moment, and who gets it. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, insert, literal, select, update

from quizapp import audit, config
from quizapp.db import UtcDateTime, db
from quizapp.exams import windows
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.reports.reminders import actions, dialects, due, moments, wording
from quizapp.reports.reminders.models import (
    GroupRobot,
    MailAddress,
    Reminded,
    Reminder,
    ReminderDelivery,
)


def may_go_now(reminder: Reminder, now: datetime) -> bool:
    """Whether it may be sent at this moment; otherwise it waits for the next permitted one."""
    permitted = moments.when_may(now, actions.holidays_from(now))
    if permitted != now:
        reminder.due_at = permitted
    return permitted == now


def begin(reminder: Reminder, now: datetime) -> None:
    """Decide who gets it: once, and all of it in one transaction. An exam that is over gets none."""
    exam = db.session.get_one(Exam, reminder.exam_id)
    over = windows.state_of(exam, now) != "running"
    mine = db.session.execute(
        update(Reminder)
        .where(Reminder.id == reminder.id, Reminder.state == "waiting")
        .values(
            {"state": "done", "ended_at": now, "note": wording.OVER}
            if over
            else {"state": "sending", "begun_at": now}
        )
        .returning(Reminder.id)
    ).one_or_none()
    if mine is None or over:
        return
    unit = db.session.get_one(ExamUnit, (exam.id, _lft(reminder)))
    counts = {"people": 0, "mails": 0, "groups": 0}
    if "app" in reminder.channels:
        counts["people"] = _claim_people(reminder, exam, unit, now)
    if "mail" in reminder.channels:
        counts["mails"] = _add_mails(reminder.id)
    if "group" in reminder.channels:
        counts["groups"] = _add_posts(reminder.id, exam, unit, now)
    audit.record("reminder.begun", ("reminder", reminder.id), actor_id=reminder.asked_by_id, **counts)


def _lft(reminder: Reminder) -> int:
    here = select(ExamUnit.lft).where(ExamUnit.exam_id == reminder.exam_id)
    return db.session.scalars(here.where(ExamUnit.unit_id == reminder.unit_id)).one()


def _claim_people(reminder: Reminder, exam: Exam, unit: ExamUnit, now: datetime) -> int:
    """Everybody who is due and whom no other reminder takes at this moment; the notice in the app stands at once."""
    days = config.value("REMIND_DAYS")
    people = due.candidates(exam, unit, now, days).with_only_columns(
        Candidate.person_id, literal(reminder.id), literal(now, UtcDateTime)
    )
    ordered = people.order_by(Candidate.person_id)  # two that meet lock people in one order
    db.session.execute(dialects.claim_people(ordered, before=now - timedelta(days=days)))
    told = select(
        literal(reminder.id),
        literal("app"),
        Reminded.person_id,
        *_fresh("sent", 1),
        literal(now, UtcDateTime),
    ).where(Reminded.reminder_id == reminder.id)
    return _insert([*TO_A_PERSON, "tried_at"], told)


TO_A_PERSON = ("reminder_id", "channel", "person_id", "state", "tries", "why")


def _fresh(state: str, tries: int) -> tuple[ColumnElement[str], ColumnElement[int], ColumnElement[str]]:
    return literal(state), literal(tries), literal("")


def _add_mails(reminder_id: int) -> int:
    """An e-mail, too, for everybody of them who has entered an address."""
    told = (
        select(literal(reminder_id), literal("mail"), Reminded.person_id, *_fresh("waiting", 0))
        .join(MailAddress, MailAddress.person_id == Reminded.person_id)
        .where(Reminded.reminder_id == reminder_id)
    )
    return _insert(TO_A_PERSON, told)


def _add_posts(reminder_id: int, exam: Exam, unit: ExamUnit, now: datetime) -> int:
    ready = due.robots(exam, unit, now)
    told = ready.with_only_columns(
        literal(reminder_id), literal("group"), GroupRobot.id, *_fresh("waiting", 0)
    )
    return _insert(("reminder_id", "channel", "robot_id", "state", "tries", "why"), told)


def _insert(columns: Sequence[str], rows: Any) -> int:
    made = insert(ReminderDelivery).from_select(list(columns), rows).returning(ReminderDelivery.id)
    return len(db.session.scalars(made).all())
