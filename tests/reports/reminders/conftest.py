"""An exam of the county that runs, nobody has sat it yet, on a Monday morning; mail and robots on loopback."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.exams import actions, holiday_tables, tallies
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.reports.reminders import actions as reminders
from quizapp.reports.reminders.jobs import start, start_due
from quizapp.reports.reminders.models import MailAddress
from tests.papers import totals
from tests.reports.reminders.servers import mail_server, make_certificate, robots_server

MONDAY = "2026-12-14 09:00"
PEOPLE = ("jiang", "luo", "he", "li", "zhou", "fang")


@pytest.fixture
def exam(app, cast, bank, at):
    """Its row. The window: 2026-12-11 to 2026-12-25."""
    now = at("2026-12-10 09:00")
    holiday_tables.fill()
    values = {
        "title": "2026年度考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "points": {"single": 20, "multiple": 20, "judge": 10},
        "blueprint": totals(single=30, judge=40),
        "opens_at": clock.start_of(clock.today(now) + timedelta(days=1)),
        "closes_at": clock.end_of(clock.today(now) + timedelta(days=15)),
        "bands": [["合格", 600]],
    }
    made = actions.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    actions.publish(made, now, actor_id=cast.he)
    db.session.commit()
    at(MONDAY)
    return made


@pytest.fixture
def unit_of(exam):
    """unit_of(cast.town): the row of a unit in the exam's tree."""
    return lambda unit_id: db.session.scalars(
        select(ExamUnit).where(ExamUnit.exam_id == exam.id, ExamUnit.unit_id == unit_id)
    ).one()


@pytest.fixture
def sits(exam):
    """sits(cast.jiang): that person has sat the exam."""

    def sit(person_id):
        found = db.session.scalars(
            select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
        ).one()
        tallies.record_results([tallies.Result(found.id, 785, True, False, True, clock.now())])
        db.session.commit()

    return sit


@pytest.fixture
def ask(exam, unit_of, cast):
    """ask("app", "mail", unit=cast.town): a reminder, asked for now; gives its id and that of its job, if one runs."""

    def ask_for(*channels, unit=None):
        row = unit_of(unit or cast.county)
        asked = reminders.ask(
            db.session.get_one(Exam, exam.id), row, channels, now=clock.now(), actor_id=cast.li
        )
        if asked.due_at <= clock.now():
            start(asked, person_id=cast.li)
        db.session.commit()
        return asked.id, asked.job_id

    return ask_for


@pytest.fixture
def send(ask):
    """send("app"): the same, sent at once; gives its id."""

    def send_now(*channels, unit=None):
        reminder_id, job_id = ask(*channels, unit=unit)
        assert jobs.run(job_id)
        return reminder_id

    return send_now


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def mail(app, certificate):
    """The mail server, named in the settings."""
    with mail_server(certificate, account="tixing", password="Kouling-1") as server:
        app.config.update(
            MAIL_SERVER="127.0.0.1",
            MAIL_PORT=server.port,
            MAIL_SENDER="tixing@example.cn",
            MAIL_ACCOUNT="tixing",
            MAIL_PASSWORD="Kouling-1",
            MAIL_CA=str(certificate[0]),
        )
        yield server


@pytest.fixture
def robots(app):
    """The server of robots, allowed by the settings; plain HTTP, which nothing but create_app's overrides allows."""
    with robots_server() as server:
        app.config.update(REMIND_HOSTS=server.host, REMIND_SCHEMES=("http",))
        yield server


@pytest.fixture
def addresses(exam, cast):
    """Everybody has entered an e-mail address: jiang@example.cn, …"""
    for name in PEOPLE:
        row = MailAddress(person_id=getattr(cast, name), address=f"{name}@example.cn", added_at=clock.now())
        db.session.add(row)
    db.session.commit()


@pytest.fixture
def work(app):
    """work(): the jobs that were asked for since the last time run, as the consumer runs them."""
    asked = []
    app.extensions["huey_run"] = asked.append

    def run_all():
        while asked:
            jobs.run(asked.pop(0))

    return run_all


@pytest.fixture
def tick(work):
    """tick(): what the consumer does every minute, and the jobs that it finds then."""

    def minute():
        start_due()
        work()

    return minute
