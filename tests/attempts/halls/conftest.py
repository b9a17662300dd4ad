"""A session of the small exam at 9:00 with 30 seats: 江 has seat 1, 罗 seat 2; 李 watches over it."""

from datetime import timedelta
from typing import Any

import pytest

from quizapp.db import db
from quizapp.exams.halls.models import HallInvigilator, HallPlace, HallSession
from quizapp.exams.models import Exam
from tests.attempts.conftest import candidate_of

CODE = "246810"


@pytest.fixture
def hall(exam: Exam, cast: Any) -> HallSession:
    """Opens with the exam, at 9:00, and closes at 11:00."""
    made = HallSession(
        exam_id=exam.id,
        title="第一场",
        hall="县委党校机房",
        seats=30,
        opens_at=exam.opens_at,
        closes_at=exam.opens_at + timedelta(hours=2),
        start_code=CODE,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(HallInvigilator(session_id=made.id, person_id=cast.li))
    for seat, person in enumerate((cast.jiang, cast.luo), 1):
        db.session.add(HallPlace(session_id=made.id, candidate_id=candidate_of(exam, person).id, seat=seat))
    db.session.commit()
    return made


def place_of(exam: Exam, person_id: int) -> HallPlace:
    db.session.expire_all()
    return db.session.query(HallPlace).filter_by(candidate_id=candidate_of(exam, person_id).id).one()


def enter(client: Any, account: str = "10000017", code: str = CODE, **more: Any) -> Any:
    """Type account and code on the page at the door."""
    return client.page("/hall").press("登录", account=account, code=code, **more)


def begin(client: Any, account: str = "10000017") -> Any:
    """Sign in at the door, promise and start; the paper."""
    return enter(client, account).press("开始答题", pledge="y")
