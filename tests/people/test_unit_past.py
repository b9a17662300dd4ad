"""The past stays as it was: an exam's tree, candidates, counters and report, whatever becomes of units later (H23)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions as exam_actions
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.people import actions
from quizapp.people.actions import NewPerson, NewUnit
from quizapp.people.models import Unit
from quizapp.reports import queries as reports
from tests.papers import totals
from tests.people.lives import Model, steps


@pytest.fixture
def exam(cast, bank):
    """An exam of the whole county, published and half sat; two more villages with three people take part."""
    now = clock.now()
    ids = actions.add_units(
        [NewUnit("QS-YL-1", "云岭村", "QS-YL"), NewUnit("QS-YL-2", "石桥村", "QS-YL")], now
    )
    actions.add_people([NewPerson(f"村民{i}", ids[f"QS-YL-{i % 2 + 1}"]) for i in range(3)], now)
    values = {
        "title": "年度考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "points": {"single": 50, "multiple": 50, "judge": 50},
        "blueprint": totals(single=2, multiple=2, judge=2),
        "pass_mark": 200,
        "excellent_mark": 270,
        "bands": [["合格", 200]],
        "opens_at": now + timedelta(minutes=1),
        "closes_at": now + timedelta(days=5),
    }
    made = exam_actions.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    exam_actions.publish(made, now, actor_id=cast.he)
    everybody = db.session.scalars(
        select(Candidate.id).where(Candidate.exam_id == made.id).order_by(Candidate.id)
    ).all()
    for points, candidate in zip((290, 210, 120, 300), everybody[::2], strict=False):
        tallies.record_result(
            candidate,
            points=points,
            passed=points >= 200,
            excellent=points >= 270,
            sat=True,
            finished_at=now,
        )
    db.session.commit()
    return made.id


def kept(exam_id):
    """All that the exam keeps of units and people, and what its report says of every unit."""
    tables = (ExamUnit, Candidate, Tally)
    rows = [
        db.session.execute(
            select(*table.__table__.columns)
            .where(table.__table__.c.exam_id == exam_id)
            .order_by(*table.__table__.primary_key)
        ).all()
        for table in tables
    ]
    units = db.session.scalars(select(ExamUnit).where(ExamUnit.exam_id == exam_id).order_by(ExamUnit.lft))
    return rows, [reports.unit_rows(exam_id, unit) for unit in units.all()]


def model_of_the_county():
    units = db.session.scalars(select(Unit).order_by(Unit.id)).all()
    homes = db.session.scalars(select(Candidate)).all()
    return Model(
        {unit.id: unit.parent_id for unit in units},
        {unit.id: unit.name for unit in units},
        {candidate.person_id: candidate.unit_id for candidate in homes},
    )


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(steps, min_size=4, max_size=10))
def test_a_report_of_the_past_knows_nothing_of_later_changes(exam, history):
    try:
        before = kept(exam)
        model = model_of_the_county()
        for step in history:
            model.take(step)
        db.session.expire_all()
        assert kept(exam) == before
        assert tallies.faults(exam) == {}
    finally:
        db.session.rollback()


def test_the_report_that_is_compared_is_not_empty(exam):
    rows, tables = kept(exam)
    assert [len(part) for part in rows] == [5, 9, 5]
    whole, parts = tables[0]
    assert (whole.listed, whole.submitted) == (9, 4)
    assert [part.name for part in parts] == ["青石县（本级）", "县信访局", "云岭镇"]
    assert db.session.get_one(Exam, exam).state == "published"
