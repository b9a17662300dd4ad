"""However long a job takes, nobody else does it meanwhile; once its process is dead, the next one does."""

import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from quizapp import clock, holding, jobs
from quizapp.db import db
from tests import databases as harness

PATIENCE = 30.0


@pytest.fixture
def waiting(app, monkeypatch):
    """A job that waits to be done."""
    monkeypatch.setattr(jobs, "_kinds", {"hold": lambda _job, _report: {}})
    app.extensions["huey_run"] = lambda _job_id: None
    job_id = jobs.request_job("hold", {}, person_id=None).id
    db.session.commit()
    return job_id


@contextmanager
def worker(app, database, job_id):
    """A process that does the job and is in the midst of it."""
    settings = harness.settings(database, Path(app.config["INSTANCE_DIR"]).parent)
    command = [sys.executable, "-m", "tests.ground.worker", json.dumps(settings), str(job_id)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=harness.ROOT
    ) as process:
        try:
            assert process.stdout.readline() == "begun\n"
            yield process
        finally:
            process.kill()


def row(job_id):
    db.session.rollback()
    return db.session.get(jobs.Job, job_id, populate_existing=True)


def until(found):
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_writer_for_hours_is_not_taken_for_dead_and_nobody_waits_for_it(app, database, waiting, at):
    with worker(app, database, waiting) as process:
        at(clock.now() + timedelta(hours=3))
        before = time.monotonic()
        assert jobs.run(waiting) is False
        assert time.monotonic() - before < 5, "it waited for the writer's turn"
        process.stdin.close()
        assert process.stdout.readline() == "True\n"
    assert row(waiting).state == "done"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_worker_on_another_machine_writes_down_that_it_lives(app, database, waiting, monkeypatch):
    monkeypatch.setattr(jobs, "DEAD_AFTER", timedelta(hours=1))
    with worker(app, database, waiting) as process:
        hours_ago(waiting)
        until(lambda: row(waiting).touched_at > clock.now() - timedelta(minutes=1))
        assert jobs.waiting_too_long(clock.now()) == []
        assert jobs.run(waiting) is False
        process.stdin.close()
        assert process.stdout.readline() == "True\n"
    assert row(waiting).state == "done"


def hours_ago(job_id):
    """As if the job had shown its last sign of life three hours ago."""
    row(job_id).touched_at = clock.now() - timedelta(hours=3)
    db.session.commit()


def test_a_job_whose_process_was_killed_is_done_by_the_next(app, database, waiting):
    with worker(app, database, waiting) as process:
        process.kill()
        process.wait()
    assert jobs.run(waiting) is False, "it may still live, for all that can be seen"
    hours_ago(waiting)
    assert jobs.waiting_too_long(clock.now()) == [waiting]
    assert jobs.run(waiting) is True
    assert row(waiting).state == "done"


def test_a_second_thread_of_the_same_process_does_not_get_it_either(app, waiting, at, monkeypatch):
    """The clock moves an hour while the work lasts."""
    monkeypatch.setattr(holding, "BEAT_SECONDS", 0.02)
    begun, second = [], []

    def work(_job, _report):
        begun.append(clock.now())
        if len(begun) > 1:
            return {}
        at.later(hours=1)
        if db.engine.dialect.name == "postgresql":
            until(lambda: row(waiting).touched_at == clock.now())
        again = threading.Thread(target=run_again)
        again.start()
        again.join()
        return {}

    def run_again():
        with app.app_context():
            second.append(jobs.run(waiting))

    monkeypatch.setattr(jobs, "_kinds", {"hold": work})
    at("2026-12-25 09:00")
    row(waiting).created_at = clock.now()
    db.session.commit()
    assert jobs.run(waiting) is True
    assert second == [False]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_beat_that_fails_is_not_the_last_and_the_heart_stops_with_the_work(app, waiting, monkeypatch):
    monkeypatch.setattr(holding, "BEAT_SECONDS", 0.02)
    beats = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def every_second_one_fails(connection, _cursor, statement, *_rest):
        if threading.current_thread().name == "heart of a job":
            beats.append(statement)
            if len(beats) % 2:
                connection.exec_driver_sql("SELECT 1 / 0")

    monkeypatch.setattr(jobs, "_kinds", {"hold": lambda _job, _report: until(lambda: len(beats) > 2) or {}})
    try:
        assert jobs.run(waiting) is True
    finally:
        event.remove(db.engine, "before_cursor_execute", every_second_one_fails)
    assert row(waiting).state == "done"
    assert not [one for one in threading.enumerate() if one.name == "heart of a job"]
