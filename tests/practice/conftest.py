"""Questions to practise: the shipped bank, and ways to answer it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from quizapp import clock
from quizapp.bank.models import Question, Revision
from quizapp.db import db
from quizapp.practice import actions
from quizapp.practice.models import PracticeAnswer


@pytest.fixture
def revision_of(bank: int) -> Callable[[str], Revision]:
    """The published revision of a question by its code."""

    def find(code: str) -> Revision:
        return db.session.scalars(
            select(Revision).join(Question).where(Question.code == code, Revision.status == "published")
        ).one()

    return find


@pytest.fixture
def answer() -> Callable[..., actions.Answer]:
    """Makes an answer of today: answer(person, revision_id, "C", "client-id-1")."""

    def make(person: int, revision_id: int, chosen: str, client_id: str, **other: Any) -> actions.Answer:
        now = clock.now()
        values = {"source": "self", "day": clock.today(now), "answered_at": now} | other
        return actions.Answer(client_id, person, revision_id, chosen, **values)

    return make


def log_of(person: int) -> list[tuple]:
    """The log of a person without what differs between two arrivals."""
    rows = db.session.execute(
        select(
            PracticeAnswer.client_id,
            PracticeAnswer.question_id,
            PracticeAnswer.chosen,
            PracticeAnswer.correct,
            PracticeAnswer.day,
            PracticeAnswer.source,
        )
        .where(PracticeAnswer.person_id == person)
        .order_by(PracticeAnswer.client_id)
    )
    return [tuple(row) for row in rows]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Every statement sent to any database while it is open."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
