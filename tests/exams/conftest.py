"""An exam as 何 would make it, for all tests of this area."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions, blueprint
from quizapp.exams.models import Exam

GRID = {("single", "1"): 2, ("single", ""): 4, ("multiple", ""): 2, ("judge", ""): 4}
POINTS = {"single": 100, "multiple": 100, "judge": 100}  # 10 questions of 10 分 each


@pytest.fixture
def make_exam(cast: Any, bank: int) -> Callable[..., Exam]:
    """Makes drafts that could be published: make_exam(minutes=30), make_exam(audience=[(cast.town, True)])."""

    def make(
        *, unit: int | None = None, audience: list[tuple[int, bool]] | None = None, **values: Any
    ) -> Exam:
        moment = clock.now()
        rules = {
            "title": "2026年度条例考试",
            "purpose": "annual",
            "bank_ids": [bank],
            "blueprint": blueprint.stored(blueprint.of_grid(GRID | {("judge", ""): 2})),
            "points": POINTS,
            "opens_at": moment + timedelta(days=1),
            "closes_at": moment + timedelta(days=8),
            "notice": "请独立作答。",
            "pledge": "本人承诺独立完成。",
            "bands": [["优秀", 900], ["合格", 600]],
        }
        exam = actions.create(
            unit_id=unit or cast.county,
            values=rules | values,
            audience=[(unit or cast.county, True)] if audience is None else audience,
            now=moment,
            actor_id=cast.he,
        )
        db.session.commit()
        return exam

    return make


@pytest.fixture
def published(make_exam: Callable[..., Exam], cast: Any) -> Exam:
    """The same exam, published; it opens in a day and closes a week later."""
    exam = make_exam()
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    return exam
