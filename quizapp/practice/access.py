"""Who may practise now: everybody who is signed in, unless a formal exam of theirs is running (hazard H37)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from flask import jsonify, render_template
from flask_login import current_user
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found, wants_json
from quizapp.exams.models import Candidate, Exam
from quizapp.people.access import View, signed_in
from quizapp.practice.models import DailyQuiz, SelfTest
from quizapp.practice.queries import practice_pool

practice_locks: list[Callable[[int, datetime], bool]] = []  # create_app adds (person_id, now) -> locked
LOCKED = "考试进行中，练习暂停，考试结束后可继续练习。"


def is_locked(person_id: int, now: datetime) -> bool:
    """Whether an area above has closed practice for this person."""
    return any(lock(person_id, now) for lock in practice_locks)


def practising(view: View) -> View:
    """The view shows or takes answers of practice: for whoever is signed in and sits no formal exam."""

    @signed_in
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if is_locked(current_user.id, clock.now()):
            if wants_json():
                return jsonify(code="locked", sentence=LOCKED), 403
            return render_template("practice/locked.html", sentence=LOCKED), 403
        return view(*args, **kwargs)

    return guarded


def own_quiz_or_404(day: str, number: int) -> DailyQuiz:
    """This person's daily quiz of today or yesterday (a page left open over midnight), and a question it has."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        not_found()
    today = clock.today()
    if wanted not in (today, today - timedelta(days=1)):
        not_found()
    quiz = db.session.scalars(
        select(DailyQuiz).where(DailyQuiz.person_id == current_user.id, DailyQuiz.day == wanted)
    ).one_or_none()
    if quiz is None or not 1 <= number <= len(quiz.revisions):
        not_found()
    return quiz


def gated_exam_or_404(exam_id: int) -> Exam:
    """A published exam that asks this person, who stands on its list, for a self-test first."""
    exam = db.session.scalar(
        select(Exam)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .where(Exam.id == exam_id, Exam.state == "published", Exam.gate)
        .where(Candidate.person_id == current_user.id)
    )
    if exam is None:
        not_found()
    return exam


def own_test_or_404(token: str, number: int | None = None) -> SelfTest:
    """This person's self-test, and a question that it has."""
    test = db.session.scalars(
        select(SelfTest).where(SelfTest.token == token, SelfTest.person_id == current_user.id)
    ).one_or_none()
    if test is None or (number is not None and not 1 <= number <= len(test.revisions)):
        not_found()
    return test


def mock_exam_or_404(exam_id: int) -> Exam:
    """A published exam on whose list this person stands: its blueprint may be tried beforehand."""
    exam = db.session.scalar(
        select(Exam)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .where(Exam.id == exam_id, Exam.state == "published", Candidate.person_id == current_user.id)
    )
    if exam is None:
        not_found()
    return exam


def question_or_404(question_id: int) -> int:
    """A question that this person may practise now; gives its id."""
    if all(entry.question_id != question_id for entry in practice_pool(current_user.id)):
        not_found()
    return question_id
