"""Approving is accepted at once and carried out by a job: for everybody, or, where it fails, for nobody."""

import pytest

from quizapp import jobs
from quizapp.attempts import results, runs
from quizapp.attempts.corrections import approval_job, queries
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.models import MarkingRun
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import tallies
from quizapp.exams.models import Exam
from tests.attempts.corrections.conftest import (
    accepted,
    asked,
    correction,
    everything,
    key,
    points,
    run_jobs,
)
from tests.statements import statements

BEFORE, AFTER = {"江映雪": 70, "罗成": 30}, {"江映雪": 90, "罗成": 10}


@pytest.fixture
def wanted(sat, cast):
    """C instead of B in the first question, rehearsed and submitted by 何: its run."""
    return correction(sat, cast, {asked()[0].id: key("C")})


def state(run_id):
    db.session.expire_all()
    return db.session.get_one(Correction, run_id).state


def shown(page):
    """The page without its headings of what counts."""
    return " ".join(page.text.split())


@pytest.fixture
def broken(monkeypatch):
    """Counting anew fails at the second candidate, when the first has been written already."""
    monkeypatch.setattr(runs, "BATCH", 1)
    calls, whole = [], results.recount

    def recount(candidate_ids):
        calls.append(candidate_ids)
        if len(calls) == 2:
            raise RuntimeError("no space left")
        whole(candidate_ids)

    monkeypatch.setattr(results, "recount", recount)
    return calls


def test_the_request_changes_no_score_and_costs_the_same_however_many_sheets(sat, wanted, as_zhou):
    before = everything(sat, queries.current_id(sat.id))
    with statements() as made:
        page = as_zhou.page(f"/exams/{sat.id}/corrections/{wanted}").press("/approve")
    assert not any("attempt_mark" in one and "INSERT" in one for one in made)
    assert not any(one.startswith("UPDATE candidate") or "UPDATE tally" in one for one in made)
    assert "办理中" in page.text
    assert "正在排队，成绩没有变动" in page.text
    assert everything(sat, queries.current_id(sat.id)) == before
    assert state(wanted) == "approving"
    assert points(sat) == BEFORE


def test_the_page_shows_how_far_it_is_and_then_what_counts(sat, wanted, as_zhou, as_he, cast):
    here = f"/exams/{sat.id}/corrections/{wanted}"
    job = accepted(wanted, cast)
    jobs._reporter(job)(1, 2, "正在更新成绩和统计，全部更新后同时生效。")
    for client in (as_zhou, as_he):  # who asked for it sees it too
        text = shown(client.page(here))
        assert "周明于" in text
        assert "正在更新成绩和统计" in text
        assert "1/2" in text
        assert "批准这项更正" not in text
        told = client.get(f"{here}/progress").json
        assert (told["state"], told["done"], told["total"]) == ("running", 1, 2)
        assert "办理中" in client.page(f"/exams/{sat.id}/corrections").text
    run_jobs()
    told = as_he.get(f"{here}/progress").json
    assert (told["state"], told["url"]) == ("done", here)
    assert "周明批准，已于" in as_he.page(here).text
    assert points(sat) == AFTER


def test_who_asked_for_it_is_refused_in_the_request_and_no_job_is_made(sat, wanted, as_he, cast):
    as_he.page(f"/exams/{sat.id}/corrections/{wanted}")
    data = {"csrf_token": as_he.token}
    reply = as_he.post(f"/exams/{sat.id}/corrections/{wanted}/approve", data=data)
    assert reply.status_code == 409
    assert "须由另一人批准" in reply.text
    assert state(wanted) == "waiting"
    assert db.session.query(jobs.Job).filter_by(kind=approval_job.KIND).count() == 0


def test_approved_twice_it_is_carried_out_once(sat, wanted, cast):
    accepted(wanted, cast)
    with pytest.raises(Refused, match="decided"):
        accepted(wanted, cast, by=cast.zhou)
    db.session.rollback()
    run_jobs()
    assert points(sat) == AFTER


def test_carried_out_again_it_changes_nothing_more(sat, wanted, cast):
    job_id = accepted(wanted, cast)
    run_jobs()
    counts = everything(sat, wanted)
    told = db.session.get_one(Correction, wanted).decided_at
    assert "已生效" in approval_job.run(wanted, job_id, lambda done, total, words="": None)
    assert everything(sat, wanted) == counts
    assert db.session.get_one(Correction, wanted).decided_at == told
    assert tallies.faults(sat.id) == {}


def test_where_it_fails_half_way_nobody_changes_and_it_can_be_approved_again(
    sat, wanted, broken, as_zhou, cast
):
    before = everything(sat, queries.current_id(sat.id))
    here = f"/exams/{sat.id}/corrections/{wanted}"
    as_zhou.page(here).press("/approve")
    run_jobs()
    assert len(broken) == 2  # the first had been written
    assert everything(sat, queries.current_id(sat.id)) == before
    assert tallies.faults(sat.id) == {}
    assert db.session.get_one(MarkingRun, wanted).state == "prepared"
    page = as_zhou.page(here)
    assert (
        "上一次批准没有办成：系统出现问题，更正没有生效。所有人的成绩与批准前相同，可以再次批准" in page.text
    )
    assert "有1项更正答案等待您批准" in as_zhou.page("/exams/").text
    page.press("/approve")  # from the third call on it works
    run_jobs()
    assert points(sat) == AFTER
    assert "上一次批准没有办成" not in as_zhou.page(here).text


def test_a_worker_killed_half_way_is_followed_by_another(sat, wanted, monkeypatch, cast, at):
    """Nothing is written at the end of a killed process, not even that it failed."""
    job_id = accepted(wanted, cast)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(results, "recount", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.run(job_id)
    db.session.rollback()
    assert state(wanted) == "approving"
    assert points(sat) == BEFORE
    row = db.session.get_one(jobs.Job, job_id)
    row.touched_at -= jobs.DEAD_AFTER * 2
    db.session.commit()
    assert jobs.run(job_id)
    assert points(sat) == AFTER
    assert tallies.faults(sat.id) == {}


def test_a_job_that_failed_without_a_word_does_not_block_the_correction(sat, wanted, as_zhou, cast):
    """The database was away when the failure was to be written down."""
    lost = accepted(wanted, cast)
    db.session.get_one(jobs.Job, lost).state = "failed"
    db.session.commit()
    as_zhou.page(f"/exams/{sat.id}/corrections/{wanted}").press("/approve")
    assert db.session.get_one(Correction, wanted).job_id != lost
    assert "另行办理" in approval_job.run(wanted, lost, lambda done, total, words="": None)  # it comes late
    assert points(sat) == BEFORE
    run_jobs()
    assert points(sat) == AFTER


def test_an_exam_voided_meanwhile_is_left_as_it_was(sat, wanted, as_zhou, cast):
    job_id = accepted(wanted, cast)
    db.session.get_one(Exam, sat.id).state = "voided"
    db.session.commit()
    run_jobs()
    assert db.session.get_one(jobs.Job, job_id).state == "failed"
    assert state(wanted) == "waiting"
    assert "考试已取消或作废" in as_zhou.page(f"/exams/{sat.id}/corrections/{wanted}").text
    assert points(sat) == BEFORE


def test_while_it_is_carried_out_it_is_neither_taken_back_nor_followed_by_another(sat, wanted, cast):
    accepted(wanted, cast)
    with pytest.raises(Refused, match="open"):
        correction(sat, cast, {asked()[1].id: key("C")})
    db.session.rollback()
    from quizapp import clock
    from quizapp.attempts.corrections import actions

    for act in (
        lambda: actions.withdraw(wanted, actor_id=cast.he, now=clock.now()),
        lambda: actions.reject(wanted, answer="不对", actor_id=cast.zhou, now=clock.now()),
    ):
        with pytest.raises(Refused, match="decided"):
            act()
        db.session.rollback()


def test_progress_is_told_by_candidates(sat, wanted, cast, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 1)
    job_id, told = accepted(wanted, cast), []
    approval_job.run(wanted, job_id, lambda done, total, words="": told.append((done, total, words)))
    assert [one[:2] for one in told] == [(0, 2), (1, 2)]
    assert all("同时生效" in words for _, _, words in told)
