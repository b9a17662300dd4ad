"""Who may make an archive, and when: 考务管理员 of the whole exam who see its scores, once nobody can answer."""

from datetime import datetime

from flask_login import current_user
from sqlalchemy import not_, select

from quizapp.attempts import queries as attempts
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import access as exams
from quizapp.exams import queries as exam_queries
from quizapp.exams import windows
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people import access
from quizapp.people.models import Unit
from quizapp.reports.archive import queries


def exam_or_404(exam_id: int) -> Exam:
    """A published exam that the person administers."""
    return exams.published_or_404(exam_id)


def waiting(exam: Exam, now: datetime) -> str:
    """Why it cannot be archived yet, as a sentence; "" once it can."""
    if exam.state != "published":
        return f"考试{windows.STATES[exam.state]}，不能归档。"
    if exam.closes_at is None:
        raise ValueError("a published exam has a window")
    latest = exam_queries.latest_personal(exam.id)
    over = windows.is_over(now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s)
    if not over or attempts.ends_of_sittings(exam.id, now):
        return "考试还没有结束，或还有考生正在作答；全部结束后才能归档。"
    left = queries.under_way(exam.id)
    return f"还有{left}份答卷正在办理自动交卷，请1分钟后再试。" if left else ""


def may_make(exam: Exam, now: datetime) -> None:
    """Raises Refused while it cannot be archived."""
    if why := waiting(exam, now):
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
