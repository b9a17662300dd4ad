"""Reminders and robots that the signed-in person may act on; everything else answers 404."""

from sqlalchemy import select

from quizapp.db import db
from quizapp.errors import not_found
from quizapp.people import access
from quizapp.people.models import Unit
from quizapp.reports.reminders import queries
from quizapp.reports.reminders.models import GroupRobot, Reminder

KEEPERS = ("leader", "unit_administrator", "administrator")  # who enters the robots of their units


def reminder_or_404(reminder_id: int) -> Reminder:
    """A reminder for a unit within reach."""
    return queries.find(reminder_id) or not_found()


def unit_or_404(unit_id: int | None) -> Unit:
    """A unit whose robots the person may keep; without a choice the topmost one."""
    wanted = select(Unit).where(access.within(Unit.lft, *KEEPERS)).order_by(Unit.lft).limit(1)
    if unit_id is not None:
        wanted = wanted.where(Unit.id == unit_id)
    return db.session.scalar(wanted) or not_found()


def robot_or_404(robot_id: int) -> GroupRobot:
    """A robot, not removed, of a unit within reach."""
    wanted = select(GroupRobot).join(Unit, Unit.id == GroupRobot.unit_id)
    wanted = wanted.where(GroupRobot.id == robot_id, GroupRobot.removed_at.is_(None))
    return db.session.scalar(wanted.where(access.within(Unit.lft, *KEEPERS))) or not_found()


def may_keep_robots(unit_id: int) -> bool:
    """Whether the person may enter and remove robots of this unit."""
    unit = db.session.get(Unit, unit_id)
    return unit is not None and access.covers(unit, *KEEPERS)
