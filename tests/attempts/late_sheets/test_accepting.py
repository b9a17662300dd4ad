"""滞留答卷: accepted by two people it counts in the place of the closed sheet; taken back the old one counts again."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts import exceptions, jobs, receipts, runs
from quizapp.attempts.late_sheets import actions, queries
from quizapp.attempts.late_sheets.models import HeldVerdict
from quizapp.attempts.marks import Key
from quizapp.attempts.models import AttemptMark, Closing, HeldSheet, MarkingRun, SheetEvent
from quizapp.audit import AuditEvent
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import exception_log, tallies
from quizapp.exams.models import Candidate
from tests.attempts.conftest import Page, csrf_of, own_phone
from tests.attempts.test_handing_in import right_sheet

SECOND = timedelta(seconds=1)
WHY = "考试截止时所在单位断网"


@pytest.fixture
def late(page, attempt, at):
    """江 saved one answer, lost the network, answered everything, and was back three minutes after the grace."""
    page.save("A...")
    jobs.sweep(at(attempt.refused_after + SECOND))
    at(attempt.refused_after + timedelta(minutes=3))
    assert page.save(right_sheet(attempt)).json["code"] == "closed"
    return db.session.query(HeldSheet).one()


def accept(held, cast):
    actions.propose(held.id, reason=WHY, actor_id=cast.he, now=clock.now())
    receipt = actions.approve(held.id, actor_id=cast.zhou, now=clock.now())
    db.session.commit()
    return receipt


def undo(held, cast):
    actions.undo(held.id, reason="证明材料有误", actor_id=cast.he, now=clock.now())
    db.session.commit()


def candidate_of(attempt):
    return db.session.get(Candidate, attempt.candidate_id, populate_existing=True)


def test_accepting_restores_what_a_page_held_that_was_offline_at_the_end(late, page, attempt, exam, cast):
    before = db.session.query(Closing).one()
    first = (before.sheet, before.receipt, before.digest)
    assert candidate_of(attempt).points < 90
    receipt = accept(late, cast)
    old, new = db.session.query(Closing).order_by(Closing.n)
    assert (old.sheet, old.receipt, old.digest) == first
    assert (old.withdrawn_at is None, new.withdrawn_at) == (False, None)
    assert (new.n, new.sheet, new.receipt, new.by) == (2, late.sheet, receipt, "deadline")
    assert new.closed_at == old.closed_at == attempt.closes_at
    assert new.digest == receipts.digest(attempt.token, attempt.layout_hash, late.sheet)
    candidate = candidate_of(attempt)
    assert (candidate.points, candidate.passed, candidate.excellent) == (90, True, True)
    assert tallies.faults(exam.id) == {}
    assert page.client.page(f"/attempts/{page.token}/receipt").text.count(receipt) == 1
    last = db.session.query(SheetEvent).order_by(SheetEvent.id.desc()).first()
    assert (last.kind, last.sheet) == ("accept", attempt.sheet)


def test_who_never_answered_before_the_end_has_sat_the_exam_then(page, attempt, exam, cast, at):
    jobs.sweep(at(attempt.refused_after + SECOND))
    page.save(right_sheet(attempt))
    assert not candidate_of(attempt).sat
    held = db.session.query(HeldSheet).one()
    accept(held, cast)
    assert candidate_of(attempt).sat
    undo(held, cast)
    assert not candidate_of(attempt).sat
    assert tallies.faults(exam.id) == {}


def test_taking_it_back_lets_the_old_closing_stand_again(late, page, attempt, exam, cast):
    first, points = db.session.query(Closing).one().receipt, candidate_of(attempt).points
    accept(late, cast)
    undo(late, cast)
    old, new = db.session.query(Closing).order_by(Closing.n)
    assert (old.withdrawn_at, new.withdrawn_at is None) == (None, False)
    assert candidate_of(attempt).points == points
    assert tallies.faults(exam.id) == {}
    assert page.save(late.sheet, epoch=late.epoch, revision=late.revision).json["receipt"] == first
    again = accept(late, cast)
    assert candidate_of(attempt).points == 90
    assert again not in (old.receipt, new.receipt)
    assert tallies.faults(exam.id) == {}


def test_two_people_are_needed_and_neither_is_the_candidate(late, cast):
    now = clock.now()
    actions.propose(late.id, reason=WHY, actor_id=cast.he, now=now)
    with pytest.raises(Refused, match="second_person"):
        actions.approve(late.id, actor_id=cast.he, now=now)
    with pytest.raises(Refused, match="own_sheet"):
        actions.approve(late.id, actor_id=cast.jiang, now=now)
    actions.approve(late.id, actor_id=cast.zhou, now=now)
    with pytest.raises(Refused, match="second_person"):
        actions.undo(late.id, reason=WHY, actor_id=cast.zhou, now=now)


def test_nothing_is_decided_without_a_reason_or_out_of_turn(late, cast):
    by = {"actor_id": cast.he, "now": clock.now()}
    for act in (actions.propose, actions.reject):
        with pytest.raises(Refused, match="no_reason"):
            act(late.id, reason=" ", **by)
    with pytest.raises(Refused, match="decided"):
        actions.approve(late.id, **by)
    with pytest.raises(Refused, match="decided"):
        actions.undo(late.id, reason=WHY, **by)
    actions.reject(late.id, reason=WHY, **by)
    with pytest.raises(Refused, match="decided"):
        actions.propose(late.id, reason=WHY, **by)
    actions.take_back(late.id, **by)
    actions.propose(late.id, reason=WHY, **by)


@pytest.mark.parametrize("state", ["voided", "cancelled"])
def test_a_voided_attempt_and_an_exam_called_off_leave_nothing_to_accept(late, attempt, exam, cast, state):
    actions.propose(late.id, reason=WHY, actor_id=cast.he, now=clock.now())
    (attempt if state == "voided" else exam).state = state
    db.session.commit()
    with pytest.raises(Refused, match="barred"):
        actions.approve(late.id, actor_id=cast.zhou, now=clock.now())


def test_an_overtaken_page_waits_until_the_sheet_is_closed(page, attempt, exam, cast, as_jiang):
    """The letters of the older page are held; the newer one hands in."""
    other = Page(csrf_and(as_jiang), page.token)
    assert other.open(takeover=True).status_code == 200
    assert page.save(right_sheet(attempt)).json["code"] == "superseded"
    held = db.session.query(HeldSheet).one()
    with pytest.raises(Refused, match="barred"):
        actions.propose(held.id, reason=WHY, actor_id=cast.he, now=clock.now())
    db.session.rollback()
    other.hand_in("A...")
    db.session.commit()
    accept(held, cast)
    assert candidate_of(attempt).points == 90
    assert db.session.query(Closing).order_by(Closing.n.desc()).first().by == "person"
    assert (attempt.saved_epoch, attempt.epoch) == (2, 2)
    assert tallies.faults(exam.id) == {}


def csrf_and(client):
    csrf_of(client)
    return client


def test_what_equals_the_counted_sheet_is_not_accepted(page, attempt, exam, cast, as_jiang):
    other = Page(as_jiang, page.token)
    other.open(takeover=True)
    page.save("A...")
    other.hand_in("A...")
    held = db.session.query(HeldSheet).one()
    with pytest.raises(Refused, match="same"):
        actions.propose(held.id, reason=WHY, actor_id=cast.he, now=clock.now())
    assert queries.numbers(exam.id) == {"waiting": 0, "accepted": 0, "rejected": 0, "same": 1}


def test_after_a_later_marking_run_every_closing_has_its_mark(late, attempt, exam, cast):
    accept(late, cast)
    multiple = db.session.query(Revision).filter_by(kind="multiple").one()
    run = runs.prepare(
        exam.id,
        {multiple.id: Key("multiple", (frozenset("AC"),))},
        actor_id=cast.he,
        reason="标准答案有误",
        now=clock.now(),
    )
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    pairs = {(m.run_id, m.closing_id) for m in db.session.query(AttemptMark)}
    ids = [c.id for c in db.session.query(Closing)]
    assert pairs >= {(run.id, one) for one in ids}
    assert candidate_of(attempt).points == 50
    undo(late, cast)
    assert candidate_of(attempt).points == db.session.get(AttemptMark, (run.id, min(ids))).total
    accept(late, cast)
    current = db.session.query(MarkingRun).filter_by(state="current").one()
    assert {m.closing_id for m in db.session.query(AttemptMark).filter_by(run_id=current.id)} == {
        c.id for c in db.session.query(Closing)
    }
    assert tallies.faults(exam.id) == {}


def test_after_a_reopening_or_a_further_acceptance_the_first_is_not_taken_back(late, page, attempt, cast):
    accept(late, cast)
    page.save("B...", epoch=late.epoch, revision=late.revision + 1)
    other = db.session.query(HeldSheet).order_by(HeldSheet.id.desc()).first()
    accept(other, cast)
    with pytest.raises(Refused, match="not_standing"):
        undo(late, cast)
    db.session.rollback()
    undo(other, cast)
    undo(late, cast)
    accept(late, cast)
    exceptions.extend(
        [attempt.id],
        timedelta(days=1),
        reason="停电",
        actor_id=cast.he,
        second_id=cast.zhou,
        now=clock.now(),
        reopen=("expired",),
    )
    db.session.commit()
    with pytest.raises(Refused, match="barred"):
        undo(late, cast)


def test_a_reopened_sitting_goes_on_from_the_accepted_sheet(late, page, attempt, cast):
    accept(late, cast)
    day = timedelta(days=1)
    by = {"actor_id": cast.he, "second_id": cast.zhou, "now": clock.now(), "reason": "停电"}
    exceptions.extend([attempt.id], day, **by)
    db.session.commit()
    own_phone(page.client)
    opened = page.open(log=(late.epoch, late.revision)).json
    assert opened["sheet"] == late.sheet
    assert opened["saved_as"] > [late.epoch, late.revision]


def test_who_approves_at_once_approves_once(late, exam, attempt, cast, at_once):
    actions.propose(late.id, reason=WHY, actor_id=cast.he, now=clock.now())
    held_id, now = late.id, clock.now()

    def approve(actor_id):
        try:
            return actions.approve(held_id, actor_id=actor_id, now=now)
        except Refused as refused:
            return refused.code

    found = at_once([lambda who=who: approve(who) for who in (cast.zhou, cast.li, cast.zhou, cast.fang)])
    assert found.count("decided") == 3
    assert db.session.query(Closing).count() == 2
    assert db.session.query(HeldVerdict).one().state == "accepted"
    assert candidate_of(attempt).points == 90
    assert tallies.faults(exam.id) == {}


def test_every_act_is_told_in_the_audit_log_and_in_the_record_of_the_exam(late, exam, cast):
    accept(late, cast)
    undo(late, cast)
    actions.reject(late.id, reason="不能证明", actor_id=cast.he, now=clock.now())
    db.session.commit()
    accepted = db.session.query(AuditEvent).filter_by(action="attempt.held_accepted").one()
    assert accepted.actor_id == cast.zhou
    assert (accepted.detail["proposed_by"], accepted.detail["reason"]) == (cast.he, WHY)
    lines, _ = exception_log.lines(exam.id)
    assert [(one.act, one.candidate) for one in lines][:4] == [
        ("不采用滞留答卷", "江映雪"),
        ("撤销采用滞留答卷", "江映雪"),
        ("批准采用滞留答卷", "江映雪"),
        ("提请采用滞留答卷", "江映雪"),
    ]
