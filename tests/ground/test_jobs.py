"""Long work: claimed once, told to the queue after the commit, found again when forgotten, failing in plain words."""

import pytest

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.errors import Refused


@pytest.fixture
def kinds(monkeypatch):
    done = []

    def work(job, report):
        report(1, 2, "还差一步")
        done.append((job.payload, jobs.progress(job)))
        return {"sentence": "已完成。"}

    def refuse(_job, _report):
        raise Refused("no", "没有可以导出的内容。")

    def crash(_job, _report):
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "_kinds", {"count": work, "refuse": refuse, "crash": crash})
    monkeypatch.setattr(jobs, "_stoppable", {"count"})
    return done


def asked(app, kind):
    told = []
    app.extensions["huey_run"] = told.append
    job = jobs.request_job(kind, {"n": 1}, person_id=None)
    assert told == []
    db.session.commit()
    assert told == [job.id]
    return job.id


def row(job_id):
    return db.session.get(jobs.Job, job_id, populate_existing=True)


def test_a_job_runs_once(app, kinds):
    job = asked(app, "count")
    assert jobs.run(job) is True
    assert jobs.run(job) is False
    assert kinds == [({"n": 1}, (1, 2, "还差一步"))]
    assert (row(job).state, row(job).result) == ("done", {"sentence": "已完成。"})


@pytest.mark.parametrize(
    ("kind", "words"), [("refuse", "没有可以导出的内容。"), ("crash", "没有改动任何内容")]
)
def test_a_failed_job_says_why_in_plain_words(app, kinds, kind, words):
    job = asked(app, kind)
    jobs.run(job)
    assert row(job).state == "failed"
    assert words in row(job).sentence
    assert "Zero" not in row(job).sentence


def test_a_job_that_the_queue_forgot_or_whose_worker_died_is_found_again(app, kinds, at):
    at("2026-12-25 09:00")
    job = asked(app, "count")
    assert jobs.waiting_too_long(clock.now()) == []
    at.later(seconds=61)
    assert jobs.waiting_too_long(clock.now()) == [job]
    found = row(job)
    found.state, found.touched_at = "running", clock.now()
    db.session.commit()
    assert jobs.waiting_too_long(clock.now()) == []
    at.later(minutes=11)
    assert jobs.waiting_too_long(clock.now()) == [job]
    assert jobs.run(job) is True


def test_an_unreachable_queue_loses_no_job(app, kinds):
    def away(_job_id):
        raise OSError("queue away")

    app.extensions["huey_run"] = away
    job = jobs.request_job("count", {}, person_id=None)
    db.session.commit()
    assert db.session.get(jobs.Job, job.id).state == "waiting"


def test_who_asked_may_end_a_stoppable_job_early(app, kinds):
    stoppable, other = row(asked(app, "count")), row(asked(app, "refuse"))
    assert (jobs.may_stop(stoppable), jobs.may_stop(other)) == (True, False)
    jobs.ask_to_stop(other)
    assert not jobs.stop_wanted(other)
    jobs.ask_to_stop(stoppable)
    assert jobs.stop_wanted(stoppable)
    jobs.run(stoppable.id)
    assert not jobs.may_stop(row(stoppable.id))
