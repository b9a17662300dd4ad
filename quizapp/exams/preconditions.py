"""What every recorded exception asks first: a published exam, a reason, and answers that nobody can have seen yet."""

from datetime import datetime

from quizapp.errors import Refused
from quizapp.exams import queries, windows
from quizapp.exams.models import Exam


def published(exam: Exam) -> None:
    """Raises Refused for a draft, and for an exam that was called off."""
    if exam.state != "published":
        raise Refused("not_published", "考试没有发布，或已取消、作废，没有改动。")


def reason_given(reason: str) -> None:
    """Raises Refused where nothing says why."""
    if not reason.strip():
        raise Refused("reason", "请填写原因，没有改动。")


def answers_hidden(exam: Exam, now: datetime) -> None:
    """Raises Refused once candidates may see answers: whoever began after that would know them."""
    if answers_out(exam, now):
        raise Refused("answers_out", "考生已经可以看到答案，不能再给考试时间或考试次数，没有改动。")


def answers_out(exam: Exam, now: datetime) -> bool:
    """Whether candidates may see answers because the exam is over or they were released."""
    told = {exam.show_right, exam.show_key, exam.show_explanation}
    out = exam.released_at is not None and exam.released_at <= now
    return out or ("closed" in told and _over(exam, now))


def _over(exam: Exam, now: datetime) -> bool:
    latest = queries.latest_personal(exam.id)
    return exam.closes_at is not None and windows.is_over(
        now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s
    )
