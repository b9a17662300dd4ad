"""提前结束: the window ends now, and nobody who is answering loses a minute or sees a key too early."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import jobs, my_exam, starting
from quizapp.attempts.models import Attempt, Closing
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import early_closing, exceptions, queries, windows
from quizapp.exams.models import Candidate
from tests.attempts.conftest import candidate_of, started
from tests.statements import statements

REASON = "应考人员已全部交卷"


def close(exam, **options):
    closed = early_closing.close(exam, REASON, clock.now(), actor_id=None, **options)
    db.session.commit()
    return closed


def traces():
    return [
        row.detail
        for row in db.session.scalars(select(AuditEvent).where(AuditEvent.action == "exam.closed_early"))
    ]


def test_when_nobody_is_answering_the_window_ends_now(exam, cast, at):
    now = at.later(hours=1)
    before = exam.closes_at
    closed = close(exam)
    assert (exam.closes_at, exam.last_start_at) == (now, now)
    assert (closed.answering, closed.waiting, closed.later_ends) == (0, 2, 0)
    assert windows.state_of(exam, now) == "closed"
    assert starting.may_not_start(exam, candidate_of(exam, cast.jiang), 0, now) == "too_late"
    (trace,) = traces()
    assert (trace["reason"], trace["before"], trace["answering"]) == (REASON, before.isoformat(), 0)


def test_while_somebody_answers_it_is_refused(exam, cast, at):
    attempt = started(exam, cast.jiang, at.later(minutes=5))
    before = exam.closes_at
    with pytest.raises(Refused) as refused:
        close(exam)
    assert (refused.value.code, refused.value.sentence) == ("answering", "还有1人正在答题，没有改动。")
    db.session.rollback()
    assert exam.closes_at == before
    at(attempt.refused_after + timedelta(seconds=1))
    assert close(exam).answering == 0


def test_forced_it_ends_for_those_who_have_not_begun_and_for_nobody_else(exam, cast, at):
    attempt = started(exam, cast.jiang, at.later(minutes=5))
    end, limit = attempt.closes_at, attempt.refused_after
    now = at.later(minutes=5)
    closed = close(exam, force=True)
    assert (closed.answering, closed.waiting, closed.closes_at) == (1, 1, end)
    db.session.refresh(attempt)
    assert (attempt.state, attempt.closes_at, attempt.refused_after) == ("in_progress", end, limit)
    assert exam.closes_at == end
    assert starting.may_not_start(exam, candidate_of(exam, cast.luo), 0, now) == "too_late"
    with pytest.raises(Refused):
        starting.start(exam, candidate_of(exam, cast.luo), pledge="", now=now)
    at(limit + timedelta(seconds=1))
    assert jobs.sweep(clock.now()) == 1
    assert db.session.query(Closing).one().by == "deadline"


def test_no_key_shows_while_somebody_still_answers(exam, cast, at):
    """Hazard H37."""
    exam.show_right = exam.show_key = exam.show_explanation = "closed"
    attempt = started(exam, cast.jiang, at.later(minutes=5))
    end, limit = attempt.closes_at, attempt.refused_after
    close(exam, force=True)

    def seen(now):
        return my_exam.shown(exam, handed_in=True, latest=queries.latest_personal(exam.id), now=now)

    assert not seen(end).key
    assert not seen(limit).key
    assert seen(limit + timedelta(seconds=1)).key


def test_a_later_end_that_was_given_is_taken_back_only_by_force(exam, cast, at):
    now = at.later(minutes=30)
    jiang = candidate_of(exam, cast.jiang)
    exceptions.grant_time(
        exam,
        jiang,
        extra_minutes=0,
        personal_closes_at=exam.closes_at + timedelta(days=1),
        reason="停电",
        now=now,
        actor_id=cast.he,
    )
    db.session.commit()
    with pytest.raises(Refused) as refused:
        close(exam)
    assert refused.value.code == "later_ends"
    db.session.rollback()
    assert close(exam, force=True).later_ends == 1
    assert candidate_of(exam, cast.jiang).personal_closes_at == now
    assert starting.may_not_start(exam, candidate_of(exam, cast.jiang), 0, now) == "too_late"


@pytest.mark.parametrize("moment", ["before", "opening", "after"])
def test_only_a_running_exam_is_closed(exam, at, moment):
    now = {
        "before": exam.opens_at - timedelta(seconds=1),
        "opening": exam.opens_at,
        "after": exam.closes_at,
    }[moment]
    with pytest.raises(Refused) as refused:
        early_closing.close(exam, REASON, now, actor_id=None)
    assert refused.value.code == "not_running"


def test_without_a_reason_nothing_is_closed(exam, at):
    with pytest.raises(Refused) as refused:
        early_closing.close(exam, " ", at.later(minutes=5), actor_id=None)
    assert refused.value.code == "reason"


def test_it_costs_the_same_for_any_number_of_people(exam, cast, at):
    now = at.later(minutes=5)
    started(exam, cast.jiang, now)
    with statements() as one:
        early_closing.close(exam, REASON, now, force=True, actor_id=None)
    db.session.rollback()
    started(exam, cast.luo, now)
    with statements() as two:
        early_closing.close(exam, REASON, now, force=True, actor_id=None)
    assert len(one) == len(two)


def test_the_command_says_how_many_are_answering(exam, cast, app, at):
    started(exam, cast.jiang, at.later(minutes=5))
    exam_id = exam.id
    db.session.commit()

    def run(*words):
        return app.test_cli_runner().invoke(args=["exams", "close", str(exam_id), *words])

    assert run().exit_code == 2  # a reason is asked for
    refused = run("--reason", REASON)
    assert refused.exit_code == 1
    assert "还有1人正在答题，没有改动。请在其交卷后再结束。" in refused.output
    done = run("--reason", REASON, "--force")
    assert done.exit_code == 0
    assert "考试已提前结束，1人尚未开始，按缺考处理。" in done.output
    assert "1人正在答题，各按原定时间交卷，最迟2026-12-25 10:05" in done.output
    db.session.expire_all()
    assert db.session.query(Attempt).one().state == "in_progress"
    assert db.session.query(Candidate).filter_by(started=True).count() == 1
    assert traces()[0]["reason"] == REASON
