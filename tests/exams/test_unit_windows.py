"""A later end for a unit: only later, for the unit and all below it, in a constant number of statements."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, unit_windows
from quizapp.exams.models import Candidate, ExamUnit, UnitWindow
from tests.exams.test_publish import people_of
from tests.statements import statements

HOUR = timedelta(hours=1)


def frozen(exam, unit_id):
    return db.session.scalar(select(ExamUnit).where(ExamUnit.exam_id == exam.id, ExamUnit.unit_id == unit_id))


def ends(exam):
    """person: the end of one's own."""
    rows = select(Candidate.person_id, Candidate.personal_closes_at).where(Candidate.exam_id == exam.id)
    return {person: end for person, end in db.session.execute(rows) if end is not None}


@pytest.fixture
def extend(published, cast):
    def extending(unit, end, *, exam=published, reason="停电", now=None):
        moved = unit_windows.extend(
            exam, frozen(exam, unit), end, reason=reason, now=now or clock.now(), actor_id=cast.he
        )
        db.session.commit()
        return moved

    return extending


def test_a_unit_gets_a_later_end_and_its_neighbours_do_not(published, cast, extend):
    end = published.closes_at + HOUR
    assert extend(cast.office, end) == 2
    assert ends(published) == {cast.jiang: end, cast.luo: end}
    row = db.session.scalars(select(UnitWindow)).one()
    assert (row.kind, row.unit_id, row.closes_at, row.reason) == ("extension", cast.office, end, "停电")
    trace = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "exam.unit_extended")).one()
    assert (trace.detail["unit"], trace.detail["candidates"]) == ("县信访局", 2)


def test_the_whole_tree_below_a_unit_gets_it(published, cast, extend):
    assert extend(cast.county, published.closes_at + HOUR) == 6


def test_an_end_never_becomes_earlier(published, cast, extend):
    late, later = published.closes_at + HOUR, published.closes_at + 2 * HOUR
    extend(cast.office, later)
    assert extend(cast.county, late) == 4
    assert ends(published)[cast.jiang] == later
    with pytest.raises(Refused, match="not_later"):
        extend(cast.county, late)


def test_a_slot_of_the_unit_is_lengthened_inside_the_exams_window(published, cast, extend):
    slot = published.opens_at + 2 * HOUR
    for one in db.session.scalars(select(Candidate).where(Candidate.person_id.in_([cast.jiang, cast.luo]))):
        one.slot_opens_at, one.slot_closes_at = published.opens_at, slot
    db.session.commit()
    assert extend(cast.county, slot + HOUR) == 2
    assert set(ends(published)) == {cast.jiang, cast.luo}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": " "}, "reason"),
        ({"hours": 0}, "not_later"),
        ({"late": 2}, "past"),
        ({"state": "cancelled"}, "not_published"),
        ({"released": True}, "answers_out"),
    ],
)
def test_a_later_end_has_its_limits(published, cast, extend, change, code):
    published.state = change.get("state", "published")
    published.released_at = published.closes_at if change.get("released") else None
    db.session.commit()
    end = published.closes_at + change.get("hours", 1) * HOUR
    now = published.closes_at + HOUR if "late" in change else None
    now = published.closes_at if change.get("released") else now
    with pytest.raises(Refused) as refusal:
        extend(cast.office, end, reason=change.get("reason", "停电"), now=now)
    assert refusal.value.code == code


def test_no_time_is_given_once_the_end_has_shown_the_answers(make_exam, cast):
    exam = make_exam(show_right="closed", show_key="closed", show_explanation="closed")
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    over = exam.closes_at + timedelta(seconds=exam.grace_s)

    def give(now):
        unit_windows.extend(
            exam, frozen(exam, cast.office), now + HOUR, reason="停电", now=now, actor_id=cast.he
        )

    with pytest.raises(Refused, match="answers_out"):
        give(over + timedelta(seconds=1))
    db.session.rollback()
    give(over)


def test_a_later_end_costs_the_same_for_many(make_exam, cast):
    people_of(cast.town, 40, 30000000)
    exam = make_exam()
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    costs = []
    for unit in (cast.office, cast.town):
        place = frozen(exam, unit)
        assert exam.state == "published"
        with statements() as seen:
            unit_windows.extend(
                exam, place, exam.closes_at + HOUR, reason="停电", now=clock.now(), actor_id=cast.he
            )
        db.session.commit()
        costs.append(len(seen))
    assert costs[0] == costs[1]
