"""What is read of reminders. A function is one statement, or says how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, and_, func, or_, select

from quizapp.db import db
from quizapp.exams import windows
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.jobs import Job
from quizapp.people import access
from quizapp.people.models import Person, Unit
from quizapp.reports.access import COMPLETION
from quizapp.reports.reminders.models import (
    GroupRobot,
    MailAddress,
    Reminder,
    ReminderDelivery,
)

SHOWN = 50  # reminders in a history


# Robots ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RobotLine:
    """A robot in the list of a unit, with how its last post ended."""

    robot: GroupRobot
    unit: str
    last: ReminderDelivery | None


def robots(unit: Unit) -> list[RobotLine]:
    """The robots of a unit and of all below it, in the order of units."""
    newest = (
        select(ReminderDelivery.robot_id, func.max(ReminderDelivery.id).label("id"))
        .where(ReminderDelivery.robot_id.is_not(None), ReminderDelivery.tried_at.is_not(None))
        .group_by(ReminderDelivery.robot_id)
        .subquery()
    )
    rows = db.session.execute(
        select(GroupRobot, Unit.name, ReminderDelivery)
        .join(Unit, Unit.id == GroupRobot.unit_id)
        .outerjoin(newest, newest.c.robot_id == GroupRobot.id)
        .outerjoin(ReminderDelivery, ReminderDelivery.id == newest.c.id)
        .where(Unit.lft.between(unit.lft, unit.rgt), GroupRobot.removed_at.is_(None))
        .order_by(Unit.lft, GroupRobot.id)
    )
    return [RobotLine(*row) for row in rows]


# What was sent ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sent:
    """A reminder in the history. counts: (channel, state): how many; failures: what went wrong, newest first."""

    reminder: Reminder
    unit: str
    asked_by: str
    counts: dict[tuple[str, str], int]
    failures: list[tuple[str, datetime | None, int]]

    def by(self, channel: str, *states: str) -> int:
        """How many went by a channel; states: only those that ended so."""
        return sum(
            count
            for (name, state), count in self.counts.items()
            if name == channel and (not states or state in states)
        )


def history(exam_id: int, unit: ExamUnit) -> list[Sent]:
    """The reminders of an exam for the unit or one below it, newest first. Two statements."""
    rows = db.session.execute(
        select(Reminder, ExamUnit.name, func.coalesce(Person.name, ""))
        .join(ExamUnit, and_(ExamUnit.exam_id == Reminder.exam_id, ExamUnit.unit_id == Reminder.unit_id))
        .outerjoin(Person, Person.id == Reminder.asked_by_id)
        .where(Reminder.exam_id == exam_id, ExamUnit.lft.between(unit.lft, unit.rgt))
        .order_by(Reminder.id.desc())
        .limit(SHOWN)
    ).all()
    counts: dict[int, dict[tuple[str, str], int]] = {reminder.id: {} for reminder, _, _ in rows}
    failures: dict[int, list[tuple[str, datetime | None, int]]] = {one: [] for one in counts}
    for one, channel, state, why, count, last in _ended(list(counts)):
        counts[one][channel, state] = counts[one].get((channel, state), 0) + count
        if state in ("failed", "unclear"):
            failures[one].append((why, last, count))
    return [
        Sent(reminder, unit, by, counts[reminder.id], failures[reminder.id]) for reminder, unit, by in rows
    ]


def _ended(ids: Sequence[int]) -> Sequence[Row[int, str, str, str, int, datetime | None]]:
    said = (
        ReminderDelivery.reminder_id,
        ReminderDelivery.channel,
        ReminderDelivery.state,
        ReminderDelivery.why,
    )
    last = func.max(ReminderDelivery.tried_at)
    rows = select(*said, func.count(), last).where(ReminderDelivery.reminder_id.in_(ids))
    return db.session.execute(rows.group_by(*said).order_by(last.desc())).all()


def find(reminder_id: int) -> Reminder | None:
    """A reminder of a unit within the reach of the signed-in person."""
    return db.session.scalar(
        select(Reminder)
        .join(Unit, Unit.id == Reminder.unit_id)
        .where(Reminder.id == reminder_id, access.within(Unit.lft, *COMPLETION))
    )


def is_open(exam_id: int, unit_id: int) -> bool:
    """Whether a reminder of this unit waits or is being sent."""
    wanted = select(Reminder.id).where(Reminder.exam_id == exam_id, Reminder.unit_id == unit_id)
    return db.session.scalar(wanted.where(Reminder.state.in_(("waiting", "sending"))).limit(1)) is not None


def to_start(now: datetime) -> list[Reminder]:
    """The reminders whose time has come and that no job is at work on."""
    return list(
        db.session.scalars(
            select(Reminder)
            .outerjoin(Job, Job.id == Reminder.job_id)
            .where(Reminder.state.in_(("waiting", "sending")), Reminder.due_at <= now)
            .where(or_(Job.id.is_(None), Job.state.in_(("done", "failed"))))
            .order_by(Reminder.id)
        )
    )


# One's own --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """A reminder on the person's own pages."""

    exam: Exam
    ends_at: datetime


def own_notices(person_id: int, now: datetime, exam_id: int | None = None) -> list[Notice]:
    """The exams of which a person was reminded, has not sat them, can still, and did not put the notice away."""
    told = (
        select(Reminder.exam_id)
        .join(ReminderDelivery, ReminderDelivery.reminder_id == Reminder.id)
        .where(ReminderDelivery.person_id == person_id, ReminderDelivery.channel == "app")
        .where(ReminderDelivery.state == "sent", ReminderDelivery.dismissed_at.is_(None))
    )
    wanted = (
        select(Exam, Candidate)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .where(Candidate.person_id == person_id, Candidate.status == "expected", Candidate.sat.is_(False))
        .where(Exam.id.in_(told), Exam.state == "published")
        .order_by(Exam.closes_at, Exam.id)
    )
    if exam_id is not None:
        wanted = wanted.where(Exam.id == exam_id)
    rows = [(exam, windows.window_of(exam, candidate)) for exam, candidate in db.session.execute(wanted)]
    return [Notice(exam, window.ends) for exam, window in rows if window.begins <= now < window.ends]


def own_address(person_id: int) -> MailAddress | None:
    """The e-mail address that a person has entered."""
    return db.session.get(MailAddress, person_id)
