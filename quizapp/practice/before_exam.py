"""The self-test that an exam asks for beforehand: where a person stands before its gate."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Row, and_, func, select

from quizapp.bank.models import Question, Revision
from quizapp.db import db
from quizapp.exams import blueprint, gate
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Exam
from quizapp.practice.drawing import Entry
from quizapp.practice.models import PracticeAnswer, SelfTest
from quizapp.practice.queries import practice_pool
from quizapp.practice.self_tests import client_id_in


def exam_pool(exam: Exam, person_id: int) -> list[Entry]:
    """What this person may practise of what an exam is about: see exams.queries.about."""
    wanted = set(
        db.session.scalars(
            select(Revision.id)
            .join(Question, Question.id == Revision.question_id)
            .where(Revision.status == "published", exam_queries.about(exam))
        )
    )
    return [entry for entry in practice_pool(person_id) if entry.revision_id in wanted]


def standing(exam: Exam, person_id: int) -> gate.Standing:
    """Where this person stands before the gate of an exam, however often it was tried: five statements."""
    return _standing(exam, _taken(exam, person_id), len(exam_pool(exam, person_id)))


def may_pass(exam: Exam, person_id: int) -> bool:
    """Whether the exam's gate lets this person start: there is none, it was passed, or there is nothing to practise.

    Who has passed costs one statement: everybody presses 开始答题 in the same minute.
    """
    if not exam.gate:
        return True
    taken = _taken(exam, person_id)
    if _standing(exam, taken, gate.QUESTIONS).passed:
        return True
    return _standing(exam, taken, len(exam_pool(exam, person_id))).open


def _standing(exam: Exam, taken: Sequence[gate.Taken], available: int) -> gate.Standing:
    full_marks = blueprint.total(blueprint.read(exam.blueprint), exam.points)
    return gate.standing(taken, available, exam.pass_mark, full_marks)


def _taken(exam: Exam, person_id: int) -> list[gate.Taken]:
    """The self-tests that this person began for an exam, the oldest first. One statement."""
    rows = db.session.execute(
        select(
            SelfTest.token,
            SelfTest.revisions,
            PracticeAnswer.client_id,
            PracticeAnswer.revision_id,
            PracticeAnswer.correct,
            PracticeAnswer.received_at,
        )
        .outerjoin(
            PracticeAnswer,
            and_(
                PracticeAnswer.person_id == SelfTest.person_id,
                func.substr(PracticeAnswer.client_id, 1, func.length(SelfTest.token)) == SelfTest.token,
            ),
        )
        .where(SelfTest.exam_id == exam.id, SelfTest.person_id == person_id)
        .order_by(SelfTest.id)
    ).all()
    asked = {row.token: row.revisions for row in rows}
    given: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        numbers = range(1, len(row.revisions) + 1)
        if row.client_id in {
            client_id_in(row.token, n) for n in numbers if row.revisions[n - 1] == row.revision_id
        }:
            given[row.token].append(row)
    return [
        gate.Taken(
            token,
            len(revisions),
            len(given[token]),
            sum(row.correct for row in given[token]),
            max((row.received_at for row in given[token]), default=None),
        )
        for token, revisions in asked.items()
    ]
