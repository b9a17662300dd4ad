"""Marking runs: a corrected key is another run; old runs and marks never change (hazards H20, H21, H22)."""

import pytest

from quizapp import clock
from quizapp.attempts import layout as layouts
from quizapp.attempts import runs
from quizapp.attempts.marks import Key, keys_from_json, marks_of, slots_of
from quizapp.attempts.models import AttemptMark, MarkingRun
from quizapp.audit import AuditEvent
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import tallies
from quizapp.exams.models import Candidate
from tests.attempts.conftest import Page, csrf_of, started
from tests.attempts.test_handing_in import right_sheet
from tests.statements import statements


def prepared(exam, cast, revision, key):
    run = runs.prepare(exam.id, {revision.id: key}, actor_id=cast.he, reason="标准答案有误", now=clock.now())
    db.session.commit()
    return run


@pytest.fixture
def multiple(exam):
    return db.session.query(Revision).filter_by(kind="multiple").one()


def test_publishing_freezes_the_keys_of_the_pool(exam):
    run = db.session.query(MarkingRun).one()
    assert (run.number, run.state) == (1, "current")
    assert sorted("".join(sorted(k.accepted[0])) for k in keys_from_json(run.keys).values()) == [
        "A",
        "ACE",
        "B",
        "D",
    ]


def test_a_key_changed_in_the_bank_changes_nothing_of_a_running_exam(page, attempt, multiple):
    """Hazard H20."""
    sheet = right_sheet(attempt)
    multiple.key = "B"
    db.session.commit()
    page.hand_in(sheet)
    assert db.session.query(AttemptMark).one().total == 90


def test_a_correction_is_compared_approved_and_then_switched_to(page, attempt, exam, cast, multiple):
    """Hazard H21."""
    page.hand_in(right_sheet(attempt))
    run = prepared(exam, cast, multiple, Key("multiple", (frozenset("AC"),)))
    assert runs.mark_batch(run.id) == 1
    assert runs.mark_batch(run.id) == 0
    db.session.commit()
    assert [(d.person_id, d.before, d.after) for d in runs.differences(run.id)] == [(cast.jiang, 90, 50)]
    assert db.session.get(Candidate, attempt.candidate_id).points == 90
    with pytest.raises(Refused, match="second_person"):
        runs.activate(run.id, actor_id=cast.he)
    db.session.rollback()
    before = [(m.total, m.marks) for m in db.session.query(AttemptMark).order_by(AttemptMark.run_id)]
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    candidate = db.session.get(Candidate, attempt.candidate_id)
    assert (candidate.points, candidate.passed, candidate.excellent) == (50, True, False)
    assert tallies.faults(exam.id) == {}
    assert [r.state for r in db.session.query(MarkingRun).order_by(MarkingRun.number)] == ["past", "current"]
    assert [(m.total, m.marks) for m in db.session.query(AttemptMark).order_by(AttemptMark.run_id)] == before
    assert {e.action for e in db.session.query(AuditEvent)} >= {
        "marking_run.prepared",
        "marking_run.activated",
    }


def test_who_hands_in_after_the_preparation_is_marked_at_the_switch(page, attempt, exam, cast, multiple):
    run = prepared(exam, cast, multiple, Key("multiple", (frozenset("ACE"),), "full"))
    assert runs.mark_batch(run.id) == 0
    page.hand_in("...")
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    assert [m.total for m in db.session.query(AttemptMark).order_by(AttemptMark.run_id)] == [0, 40]
    assert db.session.get(Candidate, attempt.candidate_id).points == 40


def test_after_the_switch_a_hand_in_is_marked_in_the_new_run_only(page, attempt, exam, cast, multiple):
    run = prepared(exam, cast, multiple, Key("multiple", (frozenset("ACE"),), "void"))
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    page.hand_in("...")
    mark = db.session.query(AttemptMark).one()
    assert (mark.run_id, mark.total) == (run.id, 40)


def test_a_mark_is_the_pure_function_of_layout_keys_and_sheet(page, attempt, exam):
    page.hand_in("A.B.AC.A")
    mark, run = db.session.query(AttemptMark).one(), db.session.query(MarkingRun).one()
    again = marks_of(
        layouts.from_text(attempt.layout), keys_from_json(run.keys), attempt.sheet, exam.multiple_rule
    )
    assert (mark.total, slots_of(mark.marks)) == (again.total, again.slots)


def test_only_questions_of_the_exam_can_be_corrected(exam, cast):
    with pytest.raises(Refused, match="no_such_question"):
        runs.prepare(
            exam.id, {999: Key("single", (frozenset("A"),))}, actor_id=cast.he, reason="x", now=clock.now()
        )


def test_a_run_is_activated_once(page, exam, cast, multiple):
    run = prepared(exam, cast, multiple, Key("multiple", (frozenset("AC"),)))
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    with pytest.raises(Refused, match="not_prepared"):
        runs.activate(run.id, actor_id=cast.zhou)


def test_marking_many_costs_as_many_statements_as_marking_one(exam, cast, as_luo, page, multiple):
    page.hand_in("A...")
    one = prepared(exam, cast, multiple, Key("multiple", (frozenset("AC"),)))
    with statements() as first:
        runs.mark_batch(one.id)
    db.session.commit()
    other = started(exam, cast.luo, clock.now())
    csrf_of(as_luo)
    theirs = Page(as_luo, other.token)
    theirs.open(takeover=True)
    theirs.hand_in("B...")
    two = prepared(exam, cast, multiple, Key("multiple", (frozenset("AE"),)))
    with statements() as second:
        assert runs.mark_batch(two.id) == 2
    db.session.commit()
    assert len(second) == len(first)
