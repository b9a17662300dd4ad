"""Whether an exam is over for everybody, so that what came of it can be looked at as a whole."""

from datetime import datetime

from sqlalchemy import func, select

from quizapp.attempts.models import Attempt
from quizapp.attempts.queries import ends_of_sittings
from quizapp.db import db
from quizapp.exams import windows
from quizapp.exams.models import Exam
from quizapp.exams.queries import latest_personal


def waiting(exam: Exam, now: datetime) -> str:
    """Why it is not over yet, as a sentence; "" once nobody can answer any more and every sheet is closed."""
    if exam.state != "published":
        return f"考试{windows.STATES[exam.state]}。"
    if exam.closes_at is None:
        raise ValueError("a published exam has a window")
    latest = latest_personal(exam.id)
    over = windows.is_over(now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s)
    if not over or ends_of_sittings(exam.id, now):
        return "考试还没有结束，或还有考生正在作答。"
    left = _not_closed(exam.id)
    return f"还有{left}份答卷正在办理自动交卷，请1分钟后再试。" if left else ""


def _not_closed(exam_id: int) -> int:
    """How many sheets nobody has written down as closed yet."""
    open_ones = select(func.count(Attempt.id)).where(
        Attempt.exam_id == exam_id, Attempt.trial.is_(False), Attempt.state == "in_progress"
    )
    return db.session.scalar(open_ones) or 0
