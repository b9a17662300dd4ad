"""A reminder from the press of the button to its last delivery: to whom, once, and at a permitted moment."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock, jobs
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Exam
from quizapp.people.models import Unit
from quizapp.reports.reminders import actions, queries
from quizapp.reports.reminders.models import GroupRobot, Reminder, ReminderDelivery
from tests.databases import ROOT
from tests.reports.reminders.conftest import PEOPLE

EVERYBODY = sorted(f"{name}@example.cn" for name in PEOPLE)


def states(reminder_id, channel):
    """How many deliveries of a channel are in which state."""
    db.session.rollback()
    found = [
        one.state
        for one in db.session.scalars(
            select(ReminderDelivery).where(
                ReminderDelivery.reminder_id == reminder_id, ReminderDelivery.channel == channel
            )
        )
    ]
    return {state: found.count(state) for state in found}


def state(reminder_id):
    return db.session.get_one(Reminder, reminder_id, populate_existing=True).state


@pytest.fixture
def robot(robots, exam, cast):
    """robot(cast.county): a robot in that unit's group; gives its id."""

    def add(unit_id, secret=""):
        address = f"http://{robots.host}/robot/send?access_token={unit_id:032}"
        unit = db.session.get_one(Unit, unit_id)
        made = actions.add_robot(unit, "工作群", address, secret, now=clock.now(), actor_id=None)
        db.session.commit()
        return made.id

    return add


# To whom ----------------------------------------------------------------------------------------------------


def test_everybody_who_has_not_sat_it_is_told_in_the_app_and_by_mail(mail, addresses, cast, sits, send):
    sits(cast.jiang)
    reminder = send("app", "mail")
    assert states(reminder, "app") == {"sent": 5}
    assert mail.recipients == [one for one in EVERYBODY if one != "jiang@example.cn"]
    assert state(reminder) == "done"


def test_a_letter_names_neither_its_reader_nor_anybody_else(mail, addresses, send):
    send("mail")
    for to, letter in mail.came:
        text = letter["Subject"] + letter.get_content()
        assert "2026年度考试" in text
        assert "2026年12月25日 24:00" in text
        assert not [name for name in ("江映雪", "罗成", "何平", "李文", "周明", "方圆") if name in text]
        assert letter["To"] == to


def test_only_the_unit_and_what_is_below_it_is_reminded(mail, addresses, cast, send):
    send("mail", unit=cast.office)
    assert mail.recipients == ["jiang@example.cn", "luo@example.cn"]


def test_nobody_is_reminded_twice_within_a_week_whoever_asks(mail, addresses, cast, send, ask, at):
    send("mail", unit=cast.office)
    send("mail")
    assert mail.recipients == EVERYBODY
    at("2026-12-21 08:59")
    with pytest.raises(Refused, match="nobody"):
        ask("app")
    db.session.rollback()
    at("2026-12-21 09:00")
    again = send("app")
    assert states(again, "app") == {"sent": 6}


def test_two_reminders_that_waited_for_the_same_morning_reach_each_person_once(
    mail, addresses, cast, ask, at, tick
):
    at("2026-12-14 21:00")
    ask("mail", unit=cast.office)
    ask("mail")
    tick()
    assert mail.came == []
    at("2026-12-15 08:00")
    tick()
    assert mail.recipients == EVERYBODY


def test_without_an_address_or_a_server_only_the_notice_stands(cast, send):
    reminder = send("app")
    assert states(reminder, "app") == {"sent": 6}
    assert states(reminder, "mail") == {}


def test_of_two_reminders_sent_at_the_same_moment_each_person_gets_one(app, cast, ask):
    asked = [ask("app", unit=cast.office), ask("app")]
    together = threading.Barrier(2)

    def run_one(job):
        with app.app_context():
            together.wait(30)
            jobs.run(job)
            db.session.remove()

    db.session.rollback()  # what was read of them above began a transaction
    threads = [threading.Thread(target=run_one, args=(job,)) for _, job in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    told = db.session.scalars(select(ReminderDelivery.person_id)).all()
    assert sorted(told) == sorted(getattr(cast, name) for name in PEOPLE)
    assert [state(one) for one, _ in asked] == ["done", "done"]


def test_the_days_between_two_reminders_are_a_setting(app, send, ask, at):
    app.config.update(REMIND_DAYS=3)
    send("app")
    at("2026-12-17 08:59")
    with pytest.raises(Refused, match="nobody"):
        ask("app")
    db.session.rollback()
    at("2026-12-17 09:00")
    assert states(send("app"), "app") == {"sent": 6}


def test_without_a_mail_server_nobody_is_promised_a_letter(ask, addresses):
    with pytest.raises(Refused, match="no_mail"):
        ask("app", "mail")
    db.session.rollback()


# When -------------------------------------------------------------------------------------------------------


def test_outside_the_hours_it_waits_and_the_minute_sends_it(mail, addresses, ask, at, tick):
    at("2026-12-18 20:00")  # Friday
    reminder, job = ask("app", "mail")
    assert job is None
    for moment in ("2026-12-19 10:00", "2026-12-20 10:00", "2026-12-21 07:59"):
        at(moment)
        tick()
        assert (state(reminder), mail.came) == ("waiting", [])
    at("2026-12-21 08:00")
    tick()
    assert mail.recipients == EVERYBODY
    assert state(reminder) == "done"


def test_who_sat_it_while_it_waited_is_left_alone(mail, addresses, cast, sits, ask, at, tick):
    at("2026-12-14 21:00")
    ask("app", "mail")
    sits(cast.jiang)
    at("2026-12-15 08:00")
    tick()
    assert mail.recipients == [one for one in EVERYBODY if one != "jiang@example.cn"]


def test_at_eight_in_the_evening_it_stops_and_goes_on_in_the_morning(mail, addresses, ask, at, tick):
    at("2026-12-14 19:59:59")
    reminder, job = ask("mail")

    def evening(number):
        if number == 2:
            at("2026-12-14 20:00:01")
        return True

    mail.after_data = evening
    jobs.run(job)
    assert len(mail.came) == 2
    tick()
    assert (state(reminder), len(mail.came)) == ("sending", 2)
    at("2026-12-15 08:00")
    tick()
    assert mail.recipients == EVERYBODY
    assert state(reminder) == "done"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-12-25 20:30", "too_late"),
        ("2026-12-26 09:00", "not_running"),
        ("2026-12-10 09:00", "not_running"),
    ],
)
def test_before_after_and_too_near_to_the_end_there_is_no_reminder(ask, at, moment, code):
    at(moment)
    with pytest.raises(Refused, match=code):
        ask("app")
    db.session.rollback()


def test_an_exam_that_was_cancelled_meanwhile_reminds_nobody(mail, addresses, exam, ask, at, tick):
    at("2026-12-14 21:00")
    reminder, _ = ask("app", "mail")
    db.session.get_one(Exam, exam.id).state = "cancelled"
    db.session.commit()
    at("2026-12-15 08:00")
    tick()
    assert (state(reminder), states(reminder, "app"), mail.came) == ("done", {}, [])


def test_what_is_withdrawn_never_leaves(mail, addresses, ask, at, tick):
    at("2026-12-14 21:00")
    reminder, _ = ask("app", "mail")
    left = actions.withdraw(db.session.get_one(Reminder, reminder), now=clock.now(), actor_id=None)
    db.session.commit()
    at("2026-12-15 08:00")
    tick()
    assert (left, mail.came, state(reminder)) == (0, [], "withdrawn")
    with pytest.raises(Refused, match="ended"):
        actions.withdraw(db.session.get_one(Reminder, reminder), now=clock.now(), actor_id=None)
    db.session.rollback()


def test_while_one_waits_a_second_for_the_same_unit_is_refused(ask, at):
    at("2026-12-14 21:00")
    ask("app")
    with pytest.raises(Refused, match="open"):
        ask("app")
    db.session.rollback()


# Failures ---------------------------------------------------------------------------------------------------


def test_what_was_not_taken_is_tried_once_more_and_then_given_up(mail, addresses, ask, at, tick):
    mail.refuses.add("luo@example.cn")
    reminder, job = ask("mail")
    jobs.run(job)
    assert states(reminder, "mail") == {"sent": 5, "waiting": 1}
    tick()
    assert states(reminder, "mail") == {"sent": 5, "waiting": 1}  # not before a minute has passed
    at.later(seconds=61)
    tick()
    assert states(reminder, "mail") == {"sent": 5, "failed": 1}
    assert state(reminder) == "done"
    failed = db.session.scalars(select(ReminderDelivery).where(ReminderDelivery.state == "failed")).one()
    assert (failed.tries, failed.why) == (2, "邮件服务器不接受这个地址（550）")


def test_what_was_not_taken_at_first_arrives_at_the_second_try(mail, addresses, ask, at, tick):
    mail.refuses.add("luo@example.cn")
    reminder, job = ask("mail")
    jobs.run(job)
    mail.refuses.clear()
    at.later(seconds=61)
    tick()
    assert mail.recipients == EVERYBODY
    assert states(reminder, "mail") == {"sent": 6}


def test_a_mail_server_that_is_away_is_asked_once_a_run_and_not_for_each_letter(
    app, tick, mail, addresses, ask, at
):
    port = app.config["MAIL_PORT"]
    app.config.update(MAIL_PASSWORD="another")
    reminder, job = ask("mail")
    jobs.run(job)
    assert len(mail.logins) == 1
    assert states(reminder, "mail") == {"waiting": 6}
    at.later(seconds=61)
    tick()
    assert (len(mail.logins), port) == (2, mail.port)
    assert states(reminder, "mail") == {"failed": 6}
    assert state(reminder) == "done"


def test_what_may_have_arrived_is_not_sent_again(mail, addresses, ask, at, tick):
    mail.after_data = lambda number: number != 3
    reminder, job = ask("mail")
    jobs.run(job)
    assert states(reminder, "mail") == {"sent": 5, "unclear": 1}
    at.later(minutes=20)
    tick()
    assert mail.recipients == EVERYBODY


CHILD = """
import json, sys
import time_machine
from quizapp import create_app, jobs
settings, job, moment = json.loads(sys.argv[1])
with time_machine.travel(moment, tick=True), create_app(settings).app_context():
    jobs.run(job)
"""


@pytest.mark.parametrize("which", [1, 3, 6])
def test_a_sender_killed_in_the_middle_sends_nobody_a_second_one(app, mail, addresses, ask, at, which):
    """kill -9 when the n-th letter has arrived and before its sender can note it; then the job is run again."""
    child = []

    def kill(number):
        if number == which:
            os.kill(child[0].pid, signal.SIGKILL)
            child[0].wait()
        return True

    mail.after_data = kill
    reminder, job = ask("app", "mail")
    names = ("DATABASE_URL", "SECRET_KEY", "INSTANCE_DIR", "CLOCK_CHECK_SECONDS", "MAIL_SERVER", "MAIL_PORT")
    names += ("MAIL_SENDER", "MAIL_ACCOUNT", "MAIL_PASSWORD", "MAIL_CA")
    given = [{name: app.config[name] for name in names}, job, clock.now().timestamp()]
    db.session.rollback()
    child.append(subprocess.Popen([sys.executable, "-c", CHILD, json.dumps(given)], cwd=ROOT))
    assert child[0].wait(60) == -signal.SIGKILL
    assert len(mail.came) == which
    assert states(reminder, "mail")["sending"] == 1
    mail.after_data = lambda _number: True
    assert jobs.run(job) is False  # it is not taken for dead yet
    at.later(minutes=11)
    assert jobs.waiting_too_long(clock.now()) == [job]
    assert jobs.run(job)
    assert mail.recipients == EVERYBODY
    expected = {"sent": 5, "unclear": 1}
    assert (states(reminder, "mail"), states(reminder, "app")) == (expected, {"sent": 6})
    assert state(reminder) == "done"


def test_two_runs_at_once_share_the_letters(mail, addresses, ask, app):
    """The second run begins while the first waits for the mail server."""
    reminder, job = ask("mail")

    def again(number):
        if number == 2:
            with app.app_context():
                db.session.execute(
                    jobs.update(jobs.Job)
                    .where(jobs.Job.id == job)
                    .values(touched_at=clock.now() - timedelta(hours=1))
                )
                db.session.commit()
                jobs.run(job)
                db.session.remove()
        return True

    mail.after_data = again
    jobs.run(job)
    assert mail.recipients == EVERYBODY
    assert states(reminder, "mail") == {"sent": 6}


# Groups -----------------------------------------------------------------------------------------------------


def test_a_group_gets_the_counts_of_its_own_unit_and_no_name(robots, robot, cast, sits, send):
    robot(cast.county, "SEC1")
    robot(cast.office)
    sits(cast.luo)
    reminder = send("group")
    county, office = robots.texts
    assert "青石县应考6人，已考1人，还有5人未考" in county
    assert "县信访局1人、云岭镇1人" in county
    assert "县信访局应考2人，已考1人，还有1人未考" in office
    assert not [
        name for name in ("江映雪", "罗成", "何平", "李文", "周明", "方圆") if name in county + office
    ]
    assert [sorted(query) for _, query, _ in robots.came] == [
        ["access_token", "sign", "timestamp"],
        ["access_token"],
    ]
    assert states(reminder, "group") == {"sent": 2}
    assert states(reminder, "app") == {}


def test_a_unit_that_is_done_is_not_written_to(robots, robot, cast, sits, send):
    robot(cast.county)
    robot(cast.town)
    sits(cast.fang)
    send("group")
    assert ["青石县应考" in text for text in robots.texts] == [True]


def test_a_group_is_written_to_once_a_day(robots, robot, cast, send, ask, at):
    robot(cast.office)
    send("group")
    with pytest.raises(Refused, match="nobody"):
        ask("group")
    db.session.rollback()
    at("2026-12-15 08:00")
    send("group")
    assert len(robots.came) == 2


@pytest.mark.parametrize(
    ("fault", "why"), [({"errcode": 93000}, "错误码93000"), ({"status": 500}, "HTTP状态500")]
)
def test_a_refused_post_is_tried_once_more_and_its_failure_told(
    robots, robot, cast, ask, at, tick, fault, why
):
    number = robot(cast.office)
    for name, value in fault.items():
        setattr(robots, name, value)
    reminder, job = ask("group")
    jobs.run(job)
    at.later(seconds=61)
    tick()
    at.later(seconds=61)
    tick()
    assert len(robots.came) == 2
    [line] = queries.robots(db.session.get_one(Unit, cast.office))
    assert (line.robot.id, line.last.state) == (number, "failed")
    assert why in line.last.why
    assert state(reminder) == "done"


def test_a_post_without_an_answer_is_not_repeated(robots, robot, cast, ask, at, tick):
    robot(cast.office)
    robots.silent = True
    reminder, job = ask("group")
    jobs.run(job)
    at.later(minutes=5)
    tick()
    assert (len(robots.came), states(reminder, "group")) == (1, {"unclear": 1})


def test_a_redirect_into_the_inner_network_is_not_followed(robots, robot, cast, ask):
    robot(cast.office)
    robots.status, robots.headers = 302, {"Location": f"http://{robots.host}/robot/send?access_token=2"}
    reminder, job = ask("group")
    jobs.run(job)
    assert (len(robots.came), states(reminder, "group")) == (1, {"waiting": 1})


def test_an_address_that_is_allowed_no_more_is_not_asked(robots, robot, cast, ask, app):
    robot(cast.office)
    reminder, job = ask("group")
    app.config.update(REMIND_HOSTS="oapi.dingtalk.com")
    jobs.run(job)
    assert (robots.came, states(reminder, "group")) == ([], {"waiting": 1})


def test_a_robot_gets_at_most_twenty_posts_a_minute(robots, robot, exam, cast, ask, at, tick):
    """Twenty-two exams remind on the same morning."""
    robot(cast.office)
    reminder, job = ask("group")
    first = db.session.get_one(Reminder, reminder)
    for _ in range(21):
        more = Reminder(
            exam_id=exam.id,
            unit_id=cast.office,
            channels=["group"],
            state="sending",
            asked_at=first.asked_at,
            due_at=first.due_at,
            begun_at=first.asked_at,
        )
        db.session.add(more)
        db.session.flush()
        row = db.session.scalars(select(GroupRobot)).one()
        db.session.add(ReminderDelivery(reminder_id=more.id, channel="group", robot_id=row.id))
    first.state = "withdrawn"
    db.session.commit()
    tick()
    assert len(robots.came) == 20
    at.later(seconds=59)
    tick()
    assert len(robots.came) == 20
    at.later(seconds=2)
    tick()
    at.later(minutes=1)
    tick()
    assert len(robots.came) == 21


def test_a_removed_robot_forgets_its_address_and_gets_nothing(robots, robot, cast, ask, at, tick):
    number = robot(cast.office, "SEC1")
    at("2026-12-14 21:00")
    ask("app", "group")
    actions.remove_robot(db.session.get_one(GroupRobot, number), now=clock.now(), actor_id=None)
    db.session.commit()
    at("2026-12-15 08:00")
    tick()
    gone = db.session.get_one(GroupRobot, number)
    assert (robots.came, gone.address, gone.secret) == ([], "", "")


# The log ----------------------------------------------------------------------------------------------------


def test_everything_sent_stands_in_the_log_without_names_and_addresses(
    mail, robots, robot, addresses, cast, send
):
    robot(cast.county, "SEC-of-the-county")
    send("app", "mail", "group")
    rows = {
        row.action: row.detail
        for row in db.session.scalars(select(AuditEvent).where(AuditEvent.action.like("re%minder.%")))
    }
    assert rows["reminder.begun"] == {"people": 6, "mails": 6, "groups": 1}
    assert rows["reminder.sent"] == {"sent": 13}
    whole = json.dumps([row.detail for row in db.session.scalars(select(AuditEvent))], ensure_ascii=False)
    for secret in ("example.cn", "江映雪", "SEC-of-the-county", "access_token", robots.host):
        assert secret not in whole
