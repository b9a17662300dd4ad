"""Who may make an archive, and when: 考务管理员 of the whole exam who see its scores, once nobody can answer."""

from datetime import datetime

from flask_login import current_user
from sqlalchemy import not_, select

from quizapp.attempts import over
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import access as exams
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people import access
from quizapp.people.models import Unit


def exam_or_404(exam_id: int) -> Exam:
    """A published exam that the person administers."""
    return exams.published_or_404(exam_id)


def may_make(exam: Exam, now: datetime) -> None:
    """Raises Refused while it cannot be archived."""
    if why := over.waiting(exam, now):
        raise Refused("not_over", f"没有制作归档包。{why}", "如需提前查看，请使用“完成情况”。")


def hidden_people(exam_id: int) -> set[int]:
    """The people whose scores the signed-in person may not see. Three statements at most."""
    beyond = (
        select(Candidate.person_id)
        .join(ExamUnit, exams.stands_in())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(Candidate.exam_id == exam_id, not_(access.within(Unit.lft, *exams.SCORES)))
    )
    return exams.hidden_scores(exam_id) | set(db.session.scalars(beyond))


def may_see_keys(exam: Exam) -> bool:
    """Whether the signed-in person sees the keys of all banks it draws from."""
    return not exam_queries.hides_keys(exam, current_user.id)
