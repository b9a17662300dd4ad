"""An exam of the county with results: 江 passed, 罗 failed, 何 excellent, 方 exempt, 李 absent, 周 deferred."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions, tallies
from quizapp.exams.models import Candidate
from tests.papers import totals


@pytest.fixture
def results(app, cast, bank, at):
    """The exam's id; its window is open."""
    now = at("2026-12-10 09:00")
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
    exam = actions.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    actions.publish(exam, now, actor_id=cast.he)
    ids = dict(db.session.execute(select(Candidate.person_id, Candidate.id)).all())
    day = at("2026-12-12 10:00")
    tallies.record_results(
        [
            tallies.Result(ids[cast.jiang], 785, True, False, True, day),
            tallies.Result(ids[cast.luo], 425, False, False, True, day),
            tallies.Result(ids[cast.he], 955, True, True, True, day + timedelta(days=1)),
        ]
    )
    tallies.set_status(ids[cast.fang], "exempt")
    tallies.set_status(ids[cast.zhou], "deferred")
    db.session.commit()
    return exam.id
