"""What is foretold of a person's coming exams. Nothing at all while the calibration is not good."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from quizapp.bank.models import Bank, Question, Revision
from quizapp.bank.queries import has_use
from quizapp.db import db
from quizapp.exams.models import Exam
from quizapp.exams.queries import about
from quizapp.practice import calibrating
from quizapp.practice.drawing import Entry
from quizapp.practice.forecast import Range, forecast
from quizapp.practice.queries import memories, practice_pool
from quizapp.practice.quizzes import coming_exams


@dataclass(frozen=True)
class Foretold:
    """A coming exam and the range for it."""

    title: str
    range: Range
    pass_mark: int  # tenths of a 分


def foretold(person_id: int, now: datetime) -> Foretold | None:
    """The range for the earliest exam that this person has still to sit, where one may be shown.

    Two statements where none may be: while the calibration is not good, nothing is counted at all.
    """
    judged, exams = calibrating.latest(), coming_exams(person_id, now)
    if judged is None or not judged.report.is_good or not exams:
        return None
    exam = db.session.get_one(Exam, exams[0].exam_id)
    known, pool = memories(person_id), _about(exam, practice_pool(person_id))
    found = forecast(
        exams[0].rows,
        exam.points,
        _practisable(exam),
        pool,
        known,
        judged.fitted,
        judged.report.spread,
        now,
    )
    return Foretold(exam.title, found, exam.pass_mark) if found else None


def _about(exam: Exam, pool: list[Entry]) -> list[Entry]:
    """What of the pool the exam is about."""
    wanted = set(
        db.session.scalars(
            select(Revision.id)
            .join(Question, Question.id == Revision.question_id)
            .where(Revision.status == "published", about(exam))
        )
    )
    return [entry for entry in pool if entry.revision_id in wanted]


def _practisable(exam: Exam) -> dict[str, float]:
    """Kind → what share of the questions that the exam's papers may hold is open to practice too."""
    open_too = case((has_use("daily") & Bank.sealed.is_(False), 1), else_=0)
    rows = db.session.execute(
        select(Revision.kind, func.count(), func.sum(open_too))
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.id.in_(exam.bank_ids), Revision.status == "published", has_use("exam"))
        .group_by(Revision.kind)
    )
    return {kind: int(daily) / count for kind, count, daily in rows}
