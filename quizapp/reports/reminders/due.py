"""Who gets a reminder now, in SQL: the people of `who`, and the robots of groups. A function is one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true

from quizapp.clock import start_of, today
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Leave, Membership, Person
from quizapp.people.queries import current
from quizapp.reports.reminders.models import (
    GroupRobot,
    MailAddress,
    Reminded,
    Reminder,
    ReminderDelivery,
)


def missing(exam: Exam, unit: ExamUnit) -> ColumnElement[bool]:
    """SQL: a candidate of the unit and all below it is counted as 未考."""
    here = (Candidate.exam_id == exam.id, Candidate.lft.between(unit.lft, unit.rgt))
    return and_(*here, Candidate.status == "expected", Candidate.sat.is_(False))


def why_not(exam: Exam, now: datetime, days: int) -> ColumnElement[str]:
    """SQL: a key of who.REASONS, or "". Of Candidate, joined with Person and, where there is one, with Reminded."""
    return case(
        (Candidate.started, "started"),
        (Person.disabled_at.is_not(None) | ~_belongs(now), "absent"),
        (_on_leave(now), "leave"),
        (~_may_begin(exam, now), "closed"),
        (Reminded.at > now - timedelta(days=days), "recent"),
        else_="",
    )


def _belongs(now: datetime) -> ColumnElement[bool]:
    """SQL: a main membership of the candidate stands today."""
    mine = select(Membership.id).where(Membership.person_id == Candidate.person_id, Membership.main)
    return mine.where(current(today(now))).exists()


def _on_leave(now: datetime) -> ColumnElement[bool]:
    """SQL: 产假 or 长病假 of the candidate lasts today."""
    day = today(now)
    lasting = and_(Leave.since <= day, or_(Leave.until.is_(None), Leave.until >= day))
    return select(Leave.id).where(Leave.person_id == Candidate.person_id, lasting).exists()


def _may_begin(exam: Exam, now: datetime) -> ColumnElement[bool]:
    """SQL: as who.may_begin."""
    own_end = func.coalesce(Candidate.personal_closes_at > now, False)
    begun = or_(Candidate.slot_opens_at.is_(None), Candidate.slot_opens_at <= now)
    ends = or_(func.coalesce(Candidate.slot_closes_at, exam.closes_at) > now, own_end)
    late = exam.last_start_at is not None and now >= exam.last_start_at
    opened = exam.opens_at is not None and exam.opens_at <= now
    return and_(true() if opened else false(), begun, own_end if late else ends)


def missing_people(exam: Exam, unit: ExamUnit) -> Select[Candidate]:
    return (
        select(Candidate)
        .join(Person, Person.id == Candidate.person_id)
        .outerjoin(Reminded, Reminded.person_id == Candidate.person_id)
        .where(missing(exam, unit))
    )


def candidates(exam: Exam, unit: ExamUnit, now: datetime, days: int) -> Select[Candidate]:
    """SQL: the candidates who get a reminder now."""
    return missing_people(exam, unit).where(why_not(exam, now, days) == "")


@dataclass(frozen=True)
class Numbers:
    """How many of those who have not sat it get a reminder now, how many of them by e-mail too, and why others not."""

    due: int
    with_mail: int
    left_out: dict[str, int]  # by key of who.REASONS


def numbers(exam: Exam, unit: ExamUnit, now: datetime, days: int) -> Numbers:
    """Of a unit with all below it."""
    reason = why_not(exam, now, days).label("reason")
    wanted = missing_people(exam, unit).outerjoin(MailAddress, MailAddress.person_id == Candidate.person_id)
    each = wanted.with_only_columns(reason, MailAddress.person_id.label("mail")).subquery()
    rows = db.session.execute(
        select(each.c.reason, func.count(), func.count(each.c.mail)).group_by(each.c.reason)
    )
    counted = {why: (people, mails) for why, people, mails in rows}
    people, mails = counted.pop("", (0, 0))
    return Numbers(people, mails, {why: count for why, (count, _) in counted.items()})


def robots(exam: Exam, unit: ExamUnit, now: datetime) -> Select[int]:
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
    ready = robots(exam, unit, now).subquery()
    return db.session.scalar(select(func.count()).select_from(ready)) or 0
