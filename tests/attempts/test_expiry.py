"""Closed by time (自动交卷): whoever notices first writes down what was already true."""

from datetime import timedelta

from quizapp import clock
from quizapp.attempts import closing, jobs, runs, starting
from quizapp.attempts.models import Attempt, AttemptMark, Closing, HeldSheet, SheetEvent
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Tally
from tests.attempts.conftest import started
from tests.statements import statements

SHEET = "A.B.AC.A"
SECOND = timedelta(seconds=1)


def test_the_sweeper_closes_what_is_overdue_and_nothing_else(page, attempt, exam, cast):
    page.save(SHEET)
    late = attempt.refused_after + SECOND
    other = started(exam, cast.luo, attempt.started_at + timedelta(minutes=30))
    assert jobs.sweep(attempt.refused_after) == 0
    assert jobs.sweep(late) == 1
    db.session.expire_all()
    assert (attempt.state, attempt.closed_at) == ("expired", attempt.closes_at)
    assert other.state == "in_progress"
    row = db.session.query(Closing).one()
    assert (row.by, row.sheet, row.closed_at, row.answered) == ("deadline", SHEET, attempt.closes_at, 4)
    assert db.session.query(AttemptMark).count() == 1


def test_sweeping_again_does_nothing(page, attempt):
    late = attempt.refused_after + SECOND
    assert [jobs.sweep(late), jobs.sweep(late)] == [1, 0]
    assert db.session.query(Closing).count() == db.session.query(AttemptMark).count() == 1


def test_score_and_closing_time_are_the_same_however_late_somebody_looks(exam, cast):
    """Hazard H12: swept in time, swept days later, or closed by the page itself."""
    found = []
    for how in ("in time", "days later", "by the page"):
        attempt = started(exam, cast.jiang, exam.opens_at)
        db.session.execute(
            db.update(Attempt)
            .where(Attempt.id == attempt.id)
            .values(sheet=SHEET, saved_epoch=1, saved_revision=4)
        )
        db.session.commit()
        late = attempt.refused_after + (SECOND if how == "in time" else timedelta(days=3))
        if how == "by the page":
            closing.expire(late, only=[attempt.id])
            db.session.commit()
        else:
            jobs.sweep(late)
        row, mark = db.session.query(Closing).one(), db.session.query(AttemptMark).one()
        candidate = db.session.get(Candidate, attempt.candidate_id)
        found.append((row.closed_at, row.sheet, row.digest[:6], mark.total, candidate.points, candidate.sat))
        for model in (AttemptMark, Closing, SheetEvent, Attempt):
            db.session.execute(db.delete(model))
        tallies.replace_results({candidate.id: None})
        db.session.commit()
    assert found[0] == found[1] == found[2]


def test_closed_by_time_without_an_answer_is_absent(page, attempt, exam):
    """Opened and never answered counts as 缺考."""
    jobs.sweep(attempt.refused_after + SECOND)
    candidate = db.session.get(Candidate, attempt.candidate_id)
    assert (candidate.started, candidate.sat, candidate.points) == (True, False, None)
    assert db.session.get(Tally, (exam.id, 100)).submitted == 0
    assert tallies.faults(exam.id) == {}


def test_many_are_closed_in_a_constant_number_of_statements(exam, cast):
    attempts = [started(exam, who, exam.opens_at) for who in (cast.jiang, cast.luo)]
    late = attempts[0].refused_after + SECOND
    runs.current({exam.id})  # the keys are read once a process
    with statements() as one:
        closing.expire(late, only=[attempts[0].id])
    db.session.rollback()
    with statements() as both:
        assert closing.expire(late) == 2
    db.session.rollback()
    assert len(both) == len(one)


def test_the_minutes_tick_runs_twice_without_harm(page, attempt, at):
    page.save(SHEET)
    at(attempt.refused_after + SECOND)
    jobs.every_minute()
    jobs.every_minute()
    assert db.session.query(Closing).count() == 1


def test_trials_are_forgotten_after_a_day_and_nothing_else_is(page, attempt, exam, cast, at):
    trial = starting.start_trial(exam, cast.he, now=clock.now())
    db.session.commit()
    db.session.add(
        HeldSheet(
            attempt_id=trial.id,
            epoch=1,
            revision=1,
            sheet="...",
            sheet_hash="0" * 64,
            reason="closed",
            at=clock.now(),
        )
    )
    db.session.commit()
    assert jobs.forget_trials(clock.now()) == 0
    assert jobs.forget_trials(at.later(days=1, seconds=1)) == 1
    assert db.session.query(Attempt.trial).all() == [(False,)]
    assert db.session.query(HeldSheet).count() == 0
