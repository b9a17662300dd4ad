"""Asking for a reminder, withdrawing it, keeping robots and one's own address. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select, update

from quizapp import audit, config
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import holiday_tables, windows
from quizapp.exams.holidays import Table
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people.models import Unit
from quizapp.reports.reminders import due, mailing, moments, posts, queries
from quizapp.reports.reminders.models import GroupRobot, MailAddress, Reminder, ReminderDelivery

MOST_ROBOTS = 10  # of one unit


def holidays_from(now: datetime) -> Table:
    """The stored holidays among the days that `moments.when_may` looks at. One statement."""
    first = today(now)
    return holiday_tables.table(first, first + moments.LOOKED_AT)


def ask(
    exam: Exam, unit: ExamUnit, channels: Sequence[str], *, now: datetime, actor_id: int | None
) -> Reminder:
    """A reminder for a unit and all below it, due at the next permitted moment. Raises Refused.

    Who gets it is decided when it is sent. channels: of wording.CHANNELS; an e-mail never goes without the notice.
    """
    db.session.execute(select(Exam.id).where(Exam.id == exam.id).with_for_update(key_share=True))
    if windows.state_of(exam, now) != "running" or exam.closes_at is None:
        raise Refused("not_running", "考试不在进行中，没有发送提醒。", "只在考试进行期间提醒。")
    if queries.is_open(exam.id, unit.unit_id):
        raise Refused(
            "open", "本单位已有一次提醒等待发送或正在发送，没有重复发送。", "需要改动的，请先撤回。"
        )
    due_at = moments.when_may(now, holidays_from(now))
    if due_at >= exam.closes_at:
        raise Refused("too_late", "考试截止前没有可以发送提醒的时间，没有发送。", "请直接联系未考人员。")
    if "mail" in channels and not mailing.is_set_up():
        raise Refused("no_mail", "系统没有开通邮件提醒，没有发送。", "请选择其他方式。", status=422)
    found = due.numbers(exam, unit, now, config.value("REMIND_DAYS"))
    wanted = {"app", *channels} if "mail" in channels else set(channels)
    to_groups = "group" in wanted and due.robots_ready(exam, unit, now)
    if not (found.due and "app" in wanted) and not to_groups:
        raise Refused(
            "nobody", "按所选方式，现在没有可以提醒的人员或工作群，没有发送。", "请查看页面上的说明。"
        )
    reminder = Reminder(
        exam_id=exam.id,
        unit_id=unit.unit_id,
        channels=sorted(wanted),
        asked_by_id=actor_id,
        asked_at=now,
        due_at=due_at,
    )
    db.session.add(reminder)
    db.session.flush()
    told = {"exam": exam.id, "unit": unit.name, "channels": reminder.channels, "due_at": due_at.isoformat()}
    audit.record("reminder.asked", reminder, actor_id=actor_id, **told)
    return reminder


def withdraw(reminder: Reminder, *, now: datetime, actor_id: int | None) -> int:
    """Stop what has not left yet. Gives how many had left already. Raises Refused when nothing waits."""
    stopped = db.session.execute(
        update(Reminder)
        .where(Reminder.id == reminder.id, Reminder.state.in_(("waiting", "sending")))
        .values(state="withdrawn", withdrawn_by_id=actor_id, ended_at=now)
        .returning(Reminder.id)
    ).one_or_none()
    if stopped is None:
        raise Refused("ended", "提醒已经发送完毕或已经撤回，没有改动。")
    mine = ReminderDelivery.reminder_id == reminder.id
    db.session.execute(
        update(ReminderDelivery).where(mine, ReminderDelivery.state == "waiting").values(state="withdrawn")
    )
    left = db.session.scalar(
        select(func.count()).where(mine, ReminderDelivery.state.in_(("sending", "sent", "unclear")))
    )
    audit.record("reminder.withdrawn", reminder, actor_id=actor_id, had_left=left or 0)
    return left or 0


# Robots -----------------------------------------------------------------------------------------------------


def allowed_hosts() -> list[str]:
    """The hosts to which posts may go."""
    return str(config.value("REMIND_HOSTS")).lower().split()


def add_robot(
    unit: Unit, label: str, address: str, secret: str, *, now: datetime, actor_id: int | None
) -> GroupRobot:
    """A robot of a unit's group; its address was checked by the form. Raises Refused."""
    own = (GroupRobot.unit_id == unit.id, GroupRobot.removed_at.is_(None))
    if db.session.scalar(select(exists().where(*own, GroupRobot.address == address))):
        raise Refused("twice", "本单位已有这个群机器人，没有重复添加。")
    if (db.session.scalar(select(func.count()).select_from(GroupRobot).where(*own)) or 0) >= MOST_ROBOTS:
        raise Refused("too_many", f"一个单位最多{MOST_ROBOTS}个群机器人，没有添加。", "请先删除不用的。")
    robot = GroupRobot(
        unit_id=unit.id,
        maker=posts.maker_of(address),
        label=label,
        address=address,
        secret=secret,
        added_by_id=actor_id,
        added_at=now,
    )
    db.session.add(robot)
    db.session.flush()
    audit.record("robot.added", robot, actor_id=actor_id, unit=unit.code, label=label, maker=robot.maker)
    return robot


def remove_robot(robot: GroupRobot, *, now: datetime, actor_id: int | None) -> None:
    """Nothing goes there any more; address and secret are forgotten."""
    audit.record("robot.removed", robot, actor_id=actor_id, label=robot.label, maker=robot.maker)
    robot.removed_at, robot.address, robot.secret = now, "", ""
    db.session.execute(
        update(ReminderDelivery)
        .where(ReminderDelivery.robot_id == robot.id, ReminderDelivery.state == "waiting")
        .values(state="withdrawn")
    )


# One's own --------------------------------------------------------------------------------------------------


def set_address(person_id: int, address: str, *, now: datetime) -> None:
    """Keep the address to which a person's own reminders go as well; the log does not hold it."""
    row = db.session.get(MailAddress, person_id) or MailAddress(person_id=person_id)
    row.address, row.added_at = address, now
    db.session.add(row)
    audit.record("mail_address.set", ("person", person_id), actor_id=person_id)


def remove_address(person_id: int) -> None:
    """Forget it; what still waits to go there goes nowhere."""
    gone = delete(MailAddress).where(MailAddress.person_id == person_id).returning(MailAddress.person_id)
    if db.session.scalar(gone) is not None:
        audit.record("mail_address.removed", ("person", person_id), actor_id=person_id)


def dismiss(person_id: int, exam_id: int, *, now: datetime) -> bool:
    """Put away a person's own notices of an exam. False where there never was one."""
    of_exam = select(Reminder.id).where(Reminder.exam_id == exam_id)
    mine = (ReminderDelivery.person_id == person_id, ReminderDelivery.channel == "app")
    told = db.session.execute(
        update(ReminderDelivery)
        .where(*mine, ReminderDelivery.reminder_id.in_(of_exam))
        .values(dismissed_at=func.coalesce(ReminderDelivery.dismissed_at, now))
        .returning(ReminderDelivery.id)
    )
    return bool(told.all())
