"""Self-tests as pages read them. Each function runs a constant number of statements."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from quizapp.db import db
from quizapp.practice.models import PracticeAnswer, SelfTest
from quizapp.practice.quizzes import Given

RESUMABLE = timedelta(days=30)  # how long a self-test that was left is offered again


def answers_in(test: SelfTest) -> dict[int, Given]:
    """The answers given in a self-test, by the question's number in it, from 1. They are found by their client ids."""
    wanted = {client_id_in(test.token, number): number for number in range(1, len(test.revisions) + 1)}
    rows = db.session.execute(
        select(
            PracticeAnswer.client_id,
            PracticeAnswer.revision_id,
            PracticeAnswer.chosen,
            PracticeAnswer.correct,
        ).where(
            PracticeAnswer.person_id == test.person_id,
            PracticeAnswer.client_id.in_(wanted),
        )
    )
    return {wanted[row.client_id]: Given(row.revision_id, row.chosen, row.correct) for row in rows}


def client_id_in(token: str, number: int) -> str:
    """The client id of the answer to a self-test's question: one for ever, so a repeat is known as one."""
    return f"{token}.{number}"


@dataclass(frozen=True)
class Unfinished:
    """A self-test that was left."""

    token: str
    scope: str
    answered: int
    total: int


def unfinished(person_id: int, now: datetime) -> Unfinished | None:
    """The newest self-test of the last thirty days, when it has been left unfinished."""
    test = db.session.scalars(
        select(SelfTest)
        .where(SelfTest.person_id == person_id, SelfTest.created_at > now - RESUMABLE)
        .order_by(SelfTest.id.desc())
        .limit(1)
    ).one_or_none()
    if test is None:
        return None
    answered = len(answers_in(test))
    if answered == len(test.revisions):
        return None
    return Unfinished(test.token, test.scope, answered, len(test.revisions))
