"""The pages of the daily quiz. A GET draws and writes nothing."""

import secrets
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.bank import report_views
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.practice import access, actions, question_views, quizzes
from quizapp.practice.access import practising
from quizapp.practice.aims import CHOICES
from quizapp.practice.pages import bp


@bp.get("/practice/daily")
@practising
def daily() -> ResponseReturnValue:
    """Before the first question a button; then the first open question; at the end what came out."""
    day = clock.today()
    quiz = quizzes.daily_quiz(current_user.id, day)
    if quiz is None:
        return render_template(
            "practice/daily_start.html", today=quizzes.today(current_user.id, day), **_choice()
        )
    answers = quizzes.daily_answers(current_user.id, day)
    open_numbers = [n for n, revision in enumerate(quiz.revisions, 1) if revision not in answers]
    if open_numbers:
        return redirect(url_for("practice.daily_question", day=day, number=open_numbers[0]), 303)
    given = [answers[revision] for revision in quiz.revisions]
    urls = [url_for("practice.daily_question", day=day, number=n + 1) for n in range(len(given))]
    return render_template(
        "practice/daily_done.html", urls=urls, **_choice(), **question_views.result(quiz.revisions, given)
    )


def _choice() -> dict[str, Any]:
    """For the form that chooses the minutes a day."""
    return {"minutes": quizzes.minutes_a_day(current_user.id), "choices": CHOICES}


@bp.post("/practice/daily")
@practising
def begin_daily() -> ResponseReturnValue:
    actions.begin_daily(current_user.id, clock.today())
    db.session.commit()
    return redirect(url_for("practice.daily"), 303)


@bp.get("/practice/daily/<day>/<int:number>")
@practising
def daily_question(day: str, number: int) -> ResponseReturnValue:
    quiz = access.own_quiz_or_404(day, number)
    answers = quizzes.daily_answers(current_user.id, quiz.day)
    given = answers.get(quiz.revisions[number - 1])
    done = {n for n, revision in enumerate(quiz.revisions, 1) if revision in answers}
    return question_views.question_page(
        quiz.revisions,
        number,
        given,
        done,
        title="日常测验",
        back=url_for("practice.index"),
        next_url=url_for("practice.daily"),
        last=len(done) == len(quiz.revisions),
        client_id=secrets.token_urlsafe(16),
    )


@bp.post("/practice/daily/<day>/<int:number>")
@practising
def answer_daily(day: str, number: int) -> ResponseReturnValue:
    quiz = access.own_quiz_or_404(day, number)
    here = redirect(url_for("practice.daily_question", day=day, number=number), 303)
    revision = quiz.revisions[number - 1]
    if revision in quizzes.daily_answers(current_user.id, quiz.day):
        return here
    return question_views.keep(revision, request.form.get("client_id", ""), "daily", quiz.day) or here


@bp.route("/practice/daily/<day>/<int:number>/report", methods=["GET", "POST"])
@practising
def report_daily(day: str, number: int) -> ResponseReturnValue:
    """纠错, once the question has been answered."""
    quiz = access.own_quiz_or_404(day, number)
    revision = quiz.revisions[number - 1]
    if revision not in quizzes.daily_answers(current_user.id, quiz.day):
        not_found()
    return report_views.form_page(revision, back=url_for("practice.daily_question", day=day, number=number))
