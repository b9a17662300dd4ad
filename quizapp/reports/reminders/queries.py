"""What is read of reminders. A function is one statement, or says how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, true

from quizapp.clock import start_of, today
from quizapp.db import db
from quizapp.exams import windows
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.jobs import Job
from quizapp.people import access
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import current
from quizapp.reports.access import COMPLETION
from quizapp.reports.reminders.models import (
    GroupRobot,
    MailAddress,
    Reminded,
    Reminder,
    ReminderDelivery,
)

SHOWN = 50  # reminders in a history


# Who gets one -----------------------------------------------------------------------------------------------


def missing(exam: Exam, unit: ExamUnit) -> ColumnElement[bool]:
    """SQL: a candidate of the unit and all below it is counted as 未考."""
    here = (Candidate.exam_id == exam.id, Candidate.lft.between(unit.lft, unit.rgt))
    return and_(*here, Candidate.status == "expected", Candidate.sat.is_(False))


def why_not(exam: Exam, now: datetime, days: int) -> ColumnElement[str]:
    """SQL: a key of who.REASONS, or "". Of Candidate, joined with Person and, where there is one, with Reminded."""
    return case(
        (Candidate.started, "started"),
        (Person.disabled_at.is_not(None) | ~_belongs(now), "absent"),
        (~_may_begin(exam, now), "closed"),
        (Reminded.at > now - timedelta(days=days), "recent"),
        else_="",
    )


def _belongs(now: datetime) -> ColumnElement[bool]:
    """SQL: a main membership of the candidate stands today."""
    mine = select(Membership.id).where(Membership.person_id == Candidate.person_id, Membership.main)
    return mine.where(current(today(now))).exists()


def _may_begin(exam: Exam, now: datetime) -> ColumnElement[bool]:
    """SQL: as who.may_begin."""
    own_end = func.coalesce(Candidate.personal_closes_at > now, False)
    begun = or_(Candidate.slot_opens_at.is_(None), Candidate.slot_opens_at <= now)
    ends = or_(func.coalesce(Candidate.slot_closes_at, exam.closes_at) > now, own_end)
    late = exam.last_start_at is not None and now >= exam.last_start_at
    opened = exam.opens_at is not None and exam.opens_at <= now
    return and_(true() if opened else true().is_(False), begun, own_end if late else ends)


def _missing_people(exam: Exam, unit: ExamUnit) -> Select[Candidate]:
    return (
        select(Candidate)
        .join(Person, Person.id == Candidate.person_id)
        .outerjoin(Reminded, Reminded.person_id == Candidate.person_id)
        .where(missing(exam, unit))
    )


def due(exam: Exam, unit: ExamUnit, now: datetime, days: int) -> Select[Candidate]:
    """SQL: the candidates who get a reminder now."""
    return _missing_people(exam, unit).where(why_not(exam, now, days) == "")


@dataclass(frozen=True)
class Numbers:
    """How many of those who have not sat it get a reminder now, how many of them by e-mail too, and why others not."""

    due: int
    with_mail: int
    left_out: dict[str, int]  # by key of who.REASONS


def numbers(exam: Exam, unit: ExamUnit, now: datetime, days: int) -> Numbers:
    """Of a unit with all below it."""
    reason = why_not(exam, now, days).label("reason")
    wanted = _missing_people(exam, unit).outerjoin(MailAddress, MailAddress.person_id == Candidate.person_id)
    each = wanted.with_only_columns(reason, MailAddress.person_id.label("mail")).subquery()
    rows = db.session.execute(
        select(each.c.reason, func.count(), func.count(each.c.mail)).group_by(each.c.reason)
    )
    counted = {why: (people, mails) for why, people, mails in rows}
    people, mails = counted.pop("", (0, 0))
    return Numbers(people, mails, {why: count for why, (count, _) in counted.items()})


# Robots -----------------------------------------------------------------------------------------------------


def robots_for(exam: Exam, unit: ExamUnit, now: datetime) -> Select[int]:
    """SQL: ids of the robots of the unit and of all below it that have had no post about this exam today.

    Where a unit has nobody left to sit it, nothing is posted.
    """
    left = select(Candidate.id).where(
        Candidate.exam_id == exam.id,
        Candidate.lft.between(ExamUnit.lft, ExamUnit.rgt),
        Candidate.status == "expected",
        Candidate.sat.is_(False),
    )
    posted = (
        select(ReminderDelivery.id)
        .join(Reminder, Reminder.id == ReminderDelivery.reminder_id)
        .where(Reminder.exam_id == exam.id, ReminderDelivery.robot_id == GroupRobot.id)
        .where(
            or_(
                ReminderDelivery.state == "waiting",
                and_(
                    ReminderDelivery.state.in_(("sending", "sent", "unclear")),
                    ReminderDelivery.tried_at >= start_of(today(now)),
                ),
            )
        )
        .exists()
    )
    return (
        select(GroupRobot.id)
        .join(ExamUnit, and_(ExamUnit.exam_id == exam.id, ExamUnit.unit_id == GroupRobot.unit_id))
        .where(ExamUnit.lft.between(unit.lft, unit.rgt), GroupRobot.removed_at.is_(None), ~posted)
        .where(left.correlate(ExamUnit).exists())
    )


def robots_ready(exam: Exam, unit: ExamUnit, now: datetime) -> int:
    """How many groups get a post now."""
    ready = robots_for(exam, unit, now).subquery()
    return db.session.scalar(select(func.count()).select_from(ready)) or 0


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
