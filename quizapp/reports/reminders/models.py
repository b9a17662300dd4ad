"""Reminders, to whom they went and how that ended; the robots of groups; the e-mail addresses that people entered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db

OPEN = "state IN ('waiting', 'sending')"


class Reminder(db.Model):
    """One reminder of an exam, for a unit and all below it. It waits until `due_at`, then a job sends it.

    due_at: the first permitted moment; while it is being sent, of the next look at what is left.
    """

    __tablename__ = "reminder"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))  # of the exam's frozen tree
    channels: Mapped[list[str]] = mapped_column(db.JSON)  # app, mail, group: see wording.CHANNELS
    state: Mapped[str] = mapped_column(String(9), default="waiting")
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when it was decided who gets it
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))  # the last one that was asked to send it
    note: Mapped[str] = mapped_column(default="")  # why nothing was sent, for people
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'done', 'withdrawn')", "state"),
        Index("ix_reminder_due_at", "due_at", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )


class ReminderDelivery(db.Model):
    """One reminder on its way to one person, or to one robot.

    waiting → sending, committed before anything leaves → sent, or failed, or waiting once more. What still is
    `sending` after its sender died becomes `unclear` and is never sent again: nobody gets a second one.
    """

    __tablename__ = "reminder_delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id"))
    channel: Mapped[str] = mapped_column(String(5))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    robot_id: Mapped[int | None] = mapped_column(ForeignKey("group_robot.id"), index=True)
    state: Mapped[str] = mapped_column(String(9), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str] = mapped_column(default="")  # what went wrong, for people
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # 知道了, in the app
    __table_args__ = (
        CheckConstraint("channel IN ('app', 'mail', 'group')", "channel"),
        CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'unclear', 'skipped', 'withdrawn')", "state"
        ),
        CheckConstraint("(person_id IS NULL) <> (robot_id IS NULL)", "to_a_person_or_a_robot"),
        UniqueConstraint("reminder_id", "channel", "person_id", name="uq_reminder_delivery_person"),
        UniqueConstraint("reminder_id", "robot_id", name="uq_reminder_delivery_robot"),
    )


class Reminded(db.Model):
    """When a person was reminded last, of whatever exam: whoever writes this row first may remind."""

    __tablename__ = "reminded"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class GroupRobot(db.Model):
    """A robot in the work group of a unit. Address and secret are shown to nobody; removing it empties them."""

    __tablename__ = "group_robot"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    maker: Mapped[str] = mapped_column(String(8))
    label: Mapped[str]  # which group: 县信访局工作群
    address: Mapped[str]
    secret: Mapped[str] = mapped_column(default="")  # 加签 of 钉钉
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("maker IN ('wecom', 'dingtalk')", "maker"),)


class MailAddress(db.Model):
    """The e-mail address that a person has entered for reminders of exams; removing it deletes the row."""

    __tablename__ = "mail_address"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
