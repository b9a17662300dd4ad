"""Sets of questions (自测, 背题, 模拟考试) as pages read them. Each function runs a constant number of statements."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.practice.models import PracticeAnswer, SelfTest
from quizapp.practice.quizzes import Given

RESUMABLE = timedelta(days=30)  # how long a set that was left is offered again
OFFERED = 10  # sets under way that are listed, the newest


def answers_in(test: SelfTest) -> dict[int, Given]:
    """The marked answers of a set, by the question's number in it, from 1; of a mock none until it is handed in.

    Those of a self-test are found in the log by their client ids, wherever and whenever they were given.
    """
    if test.mode == "mock":
        return _of_sheet(test) if test.ended_at is not None else {}
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


def _of_sheet(test: SelfTest) -> dict[int, Given]:
    keys = bank.keys(test.revisions)
    given = {}
    for number, chosen in sheet_of(test).items():
        revision = test.revisions[number - 1]
        given[number] = Given(revision, chosen, set(chosen) == set(keys[revision]))
    return given


def sheet_of(test: SelfTest) -> dict[int, str]:
    """The letters that stand on the sheet of a mock exam, by number."""
    return {int(number): chosen for number, chosen in test.sheet.items()}


def client_id_in(token: str, number: int) -> str:
    """The client id of the answer to a self-test's question: one for ever, so a repeat is known as one."""
    return f"{token}.{number}"


def is_over(test: SelfTest, answers: Mapping[int, Given]) -> bool:
    """Whether nothing is left to do in a set: all answered, all turned over, or handed in."""
    if test.mode == "mock":
        return test.ended_at is not None
    done = test.place if test.mode == "recite" else len(answers)
    return done >= len(test.revisions)


@dataclass(frozen=True)
class UnderWay:
    """A set that was left. answered: of 背题, how many were turned over."""

    token: str
    scope: str
    mode: str
    answered: int
    total: int

    @property
    def words(self) -> str:
        """How far it has come: 已答3题，共10题."""
        return f"{'已看' if self.mode == 'recite' else '已答'}{self.answered}题，共{self.total}题"


def under_way(person_id: int, now: datetime) -> list[UnderWay]:
    """The sets of the last thirty days that are neither finished nor put away, the newest first. Two statements."""
    tests = db.session.scalars(
        select(SelfTest)
        .where(SelfTest.person_id == person_id, SelfTest.created_at > now - RESUMABLE)
        .where(SelfTest.dropped_at.is_(None), SelfTest.ended_at.is_(None))
        .order_by(SelfTest.id.desc())
    ).all()
    answered = _answered(person_id, tests[-1].created_at) if tests else Counter()
    found = []
    for test in tests:
        done = {"recite": test.place, "mock": len(test.sheet)}.get(test.mode, answered[test.token])
        if test.mode == "mock" or done < len(test.revisions):
            found.append(UnderWay(test.token, test.scope, test.mode, done, len(test.revisions)))
    return found[:OFFERED]


def _answered(person_id: int, since: datetime) -> Counter[str]:
    """How many answers each self-test has, by its token; since: the beginning of the oldest one."""
    ids = db.session.scalars(
        select(PracticeAnswer.client_id).where(
            PracticeAnswer.person_id == person_id,
            PracticeAnswer.source.in_(("self", "article")),
            PracticeAnswer.received_at >= since,
        )
    )
    return Counter(client_id.rpartition(".")[0] for client_id in ids)
