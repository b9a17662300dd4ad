"""The steps of sending after `beginning`, each one transaction: taking one delivery, noting how it ended, the end.

A delivery is marked `sending` and committed before anything leaves, and marked with its end after. Whoever dies between
the two leaves a row that nobody takes again: at most one reminder reaches a person, never two. Nothing here commits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import aliased

from quizapp import audit
from quizapp.db import db
from quizapp.exams import windows
from quizapp.exams.models import Candidate, Exam
from quizapp.reports.reminders import actions, moments, outcomes, posts, wording
from quizapp.reports.reminders.models import (
    GroupRobot,
    MailAddress,
    Reminder,
    ReminderDelivery,
)

LOST_AFTER = timedelta(minutes=5)  # longer than any connection is waited for
LATER = timedelta(minutes=1)  # before what failed is tried once more


def note_lost(reminder_id: int, now: datetime) -> None:
    """What a dead sender left behind may have arrived: it is not sent again."""
    db.session.execute(
        update(ReminderDelivery)
        .where(ReminderDelivery.reminder_id == reminder_id, ReminderDelivery.state == "sending")
        .where(ReminderDelivery.tried_at < now - LOST_AFTER)
        .values(state="unclear", why=wording.UNCLEAR)
    )


@dataclass(frozen=True)
class Taken:
    """A delivery that this process, and no other, sends now."""

    id: int
    tries: int
    person_id: int | None
    robot_id: int | None


def take(reminder_id: int, channel: str, since: datetime, now: datetime) -> Taken | None:
    """The next one that waits and was not tried since a moment; none when nothing is left. Commit before it leaves."""
    one = (
        select(ReminderDelivery.id)
        .where(ReminderDelivery.reminder_id == reminder_id, ReminderDelivery.channel == channel)
        .where(ReminderDelivery.state == "waiting")
        .where(or_(ReminderDelivery.tried_at.is_(None), ReminderDelivery.tried_at < since))
        .order_by(ReminderDelivery.id)
        .limit(1)
    )
    if (
        channel == "group"
    ):  # the robot's row is locked, so that its posts are counted by one process at a time
        one = one.join(GroupRobot, GroupRobot.id == ReminderDelivery.robot_id).where(_has_room(now))
        one = one.with_for_update(of=GroupRobot, skip_locked=True)
    else:
        one = one.with_for_update(skip_locked=True)
    chosen = db.session.scalar(one)
    row = db.session.execute(
        update(ReminderDelivery)
        .where(ReminderDelivery.id == chosen, ReminderDelivery.state == "waiting")
        .values(state="sending", tries=ReminderDelivery.tries + 1, tried_at=now)
        .returning(
            *(
                ReminderDelivery.id,
                ReminderDelivery.tries,
                ReminderDelivery.person_id,
                ReminderDelivery.robot_id,
            )
        )
    ).one_or_none()
    return Taken(*row) if row else None


def _has_room(now: datetime) -> ColumnElement[bool]:
    """SQL: fewer posts went to the robot within the last minute than its maker takes."""
    other = aliased(ReminderDelivery)
    lately = (
        select(func.count())
        .select_from(other)
        .where(other.robot_id == GroupRobot.id, other.tried_at > now - timedelta(minutes=1))
        .correlate(GroupRobot)
        .scalar_subquery()
    )
    return lately < posts.A_MINUTE


def settle(delivery_id: int, ended: outcomes.Ended) -> None:
    """Note how the delivery ended that was taken before; nothing when meanwhile it was taken for lost."""
    db.session.execute(
        update(ReminderDelivery)
        .where(ReminderDelivery.id == delivery_id, ReminderDelivery.state == "sending")
        .values(state=ended.state, why=ended.why)
    )


def fail_all(reminder_id: int, channel: str, why: str, since: datetime, now: datetime) -> None:
    """The mail server is not to be had: all that wait and were not tried since a moment count as tried."""
    last = ReminderDelivery.tries >= outcomes.MOST_TRIES - 1
    db.session.execute(
        update(ReminderDelivery)
        .where(ReminderDelivery.reminder_id == reminder_id, ReminderDelivery.channel == channel)
        .where(ReminderDelivery.state == "waiting")
        .where(or_(ReminderDelivery.tried_at.is_(None), ReminderDelivery.tried_at < since))
        .values(
            state=case((last, "failed"), else_="waiting"),
            why=why,
            tries=ReminderDelivery.tries + 1,
            tried_at=now,
        )
    )


def still_due(reminder_id: int, person_id: int, now: datetime) -> tuple[Exam, datetime, str] | None:
    """The exam, the end of one's own time and the address; none for who has sat it meanwhile, or has no address."""
    row = db.session.execute(
        select(Exam, Candidate, MailAddress.address)
        .join(Reminder, Reminder.exam_id == Exam.id)
        .join(Candidate, and_(Candidate.exam_id == Exam.id, Candidate.person_id == person_id))
        .join(MailAddress, MailAddress.person_id == Candidate.person_id)
        .where(Reminder.id == reminder_id, Reminder.state == "sending", Exam.state == "published")
        .where(Candidate.status == "expected", Candidate.sat.is_(False))
    ).one_or_none()
    if row is None or not now < windows.window_of(row[0], row[1]).ends:
        return None
    return row[0], windows.window_of(row[0], row[1]).ends, row[2]


def finish(reminder_id: int, now: datetime) -> None:
    """Done when nothing waits; otherwise the next look is in a minute, if that is a permitted moment."""
    reminder = db.session.get_one(Reminder, reminder_id, populate_existing=True)
    if reminder.state != "sending":
        return
    mine = ReminderDelivery.reminder_id == reminder_id
    exam = db.session.get_one(Exam, reminder.exam_id)
    if windows.state_of(exam, now) != "running":
        waiting = update(ReminderDelivery).where(mine, ReminderDelivery.state == "waiting")
        db.session.execute(waiting.values(state="skipped", why=wording.OVER))
    by_state = select(ReminderDelivery.state, func.count()).where(mine).group_by(ReminderDelivery.state)
    counts = dict(db.session.execute(by_state).all())
    if counts.get("waiting") or counts.get("sending"):
        reminder.due_at = moments.when_may(now + LATER, actions.holidays_from(now))
        return
    reminder.state, reminder.ended_at = "done", now
    audit.record("reminder.sent", reminder, actor_id=reminder.asked_by_id, **counts)
