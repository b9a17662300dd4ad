"""The minute's look for reminders whose time has come, and the job that sends one. Each step is a transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import windows
from quizapp.exams.models import Exam, ExamUnit
from quizapp.reports import queries as reports
from quizapp.reports.reminders import (
    actions,
    beginning,
    mailing,
    moments,
    outcomes,
    posting,
    posts,
    queries,
    sending,
    wording,
)
from quizapp.reports.reminders.models import GroupRobot, Reminder
from quizapp.reports.reminders.outcomes import NotSent
from quizapp.reports.reminders.sending import Taken

KIND = "reports.remind"
LONGEST = timedelta(minutes=5)  # of one job; what is left is for the next
SKIPPED = outcomes.Ended("skipped")


def start(reminder: Reminder, *, person_id: int | None) -> None:
    """Let a job send it, in the running transaction."""
    reminder.job_id = jobs.request_job(KIND, {"reminder": reminder.id}, person_id=person_id).id


@jobs.every_minute
def start_due() -> None:
    """A job for each reminder whose time has come. Two consumers may make two jobs; it harms nobody: see take."""
    for reminder in queries.to_start(clock.now()):
        start(reminder, person_id=None)
    db.session.commit()


@jobs.kind(KIND)
def send(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Send what is due of one reminder. Safe to run twice, and to be killed anywhere."""
    reminder_id, started = job.payload["reminder"], clock.now()
    reminder = db.session.get_one(Reminder, reminder_id)
    if reminder.state not in ("waiting", "sending"):
        raise Refused("ended", "提醒已经发送完毕或已经撤回。")
    if beginning.may_go_now(reminder, started):
        beginning.begin(reminder, started)
        sending.note_lost(reminder_id, started)
        db.session.commit()
        with mailing.Post() as post:
            _each(reminder_id, "mail", started, lambda taken: _mail(post, reminder_id, taken, started))
        _each(reminder_id, "group", started, lambda taken: _post(reminder_id, taken))
        sending.finish(reminder_id, clock.now())
    db.session.commit()
    return {"sentence": "提醒已经处理。"}


def _each(
    reminder_id: int, channel: str, started: datetime, deliver: Callable[[Taken], outcomes.Ended]
) -> None:
    """Take one, let it go, note how it ended; until none is left, the hour is over or the job has run long enough."""
    holidays = actions.holidays_from(started)
    while True:
        now = clock.now()
        if now - started > LONGEST or not moments.may(now, holidays):
            db.session.rollback()
            return
        taken = sending.take(reminder_id, channel, started, now)
        db.session.commit()
        if taken is None:
            return
        try:
            ended = deliver(taken)
        except NotSent as error:
            ended = outcomes.after(error, taken.tries)
        sending.settle(taken.id, ended)
        db.session.commit()


def _mail(post: mailing.Post, reminder_id: int, taken: Taken, since: datetime) -> outcomes.Ended:
    now = clock.now()
    found = sending.still_due(reminder_id, taken.person_id or 0, now)
    if found is None:
        return SKIPPED
    exam, ends_at, address = found
    subject, text = wording.letter(exam.title, ends_at, post.site)
    db.session.rollback()  # nobody waits for the writer's turn while a mail server answers
    try:
        post.open()
    except NotSent as error:
        sending.fail_all(reminder_id, "mail", error.sentence, since, now)
        raise
    post.send(mailing.Letter(address, subject, text, taken.id), now)
    return outcomes.SENT


def _post(reminder_id: int, taken: Taken) -> outcomes.Ended:
    now, robot = clock.now(), db.session.get_one(GroupRobot, taken.robot_id, populate_existing=True)
    reminder = db.session.get_one(Reminder, reminder_id, populate_existing=True)
    exam, address, secret = db.session.get_one(Exam, reminder.exam_id), robot.address, robot.secret
    unit = db.session.scalars(
        select(ExamUnit).where(ExamUnit.exam_id == exam.id, ExamUnit.unit_id == robot.unit_id)
    ).one()
    whole, parts = reports.unit_rows(exam.id, unit)
    over = windows.state_of(exam, now) != "running"
    if over or robot.removed_at is not None or reminder.state != "sending" or not whole.missing:
        return SKIPPED
    text = wording.post(
        exam.title, unit.name, whole, parts, closes_at=windows.window_of(exam).closes_at, now=now
    )
    db.session.rollback()  # as above
    wrong = posts.problem(address, actions.allowed_hosts(), schemes())
    if wrong:
        raise NotSent(f"地址不在允许的范围内：{wrong}")
    posting.send(posts.signed(address, secret, now), text)
    return outcomes.SENT


def schemes() -> tuple[str, ...]:
    """https, unless create_app was told otherwise: no setting and no environment reaches this."""
    return tuple(current_app.config.get("REMIND_SCHEMES", ("https",)))
