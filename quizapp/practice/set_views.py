"""The pages of a set of questions under way: self-tests and 背题, marks, putting it away, the result.

A GET draws and writes nothing. mock_views holds what only a mock exam has.
"""

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.bank import queries as bank
from quizapp.bank import report_views
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams.models import Exam
from quizapp.practice import access, before_exam, mock_views, question_views, self_tests, sets
from quizapp.practice.access import practising
from quizapp.practice.choosing import next_open
from quizapp.practice.models import SelfTest
from quizapp.practice.pages import bp
from quizapp.practice.quizzes import Given


@bp.get("/practice/self-test/<token>")
@practising
def test(token: str) -> ResponseReturnValue:
    """The question to go on with, or what came out."""
    found = access.own_test_or_404(token)
    answers = self_tests.answers_in(found)
    if not self_tests.is_over(found, answers):
        return redirect(_question(found, _first(found, answers)), 303)
    if found.mode == "mock":
        return mock_views.result_page(found, answers)
    numbers = range(1, len(found.revisions) + 1)
    given = [answers.get(n) for n in numbers]
    return render_template(
        "practice/test_result.html",
        test=found,
        urls=[_question(found, n) for n in numbers],
        **_before_exam(found),
        **question_views.result(found.revisions, given),
    )


def _first(test: SelfTest, answers: Mapping[int, Given]) -> int:
    if test.mode == "recite":
        return test.place + 1
    done = self_tests.sheet_of(test) if test.mode == "mock" else answers
    return next_open(0, len(test.revisions), done) or len(test.revisions)


def _question(test: SelfTest, number: int) -> str:
    return url_for("practice.test_question", token=test.token, number=number)


def _before_exam(test: SelfTest) -> dict[str, Any]:
    """For the self-test of an exam: where its person stands now, and the way back to the exam."""
    exam = db.session.get(Exam, test.exam_id) if test.exam_id is not None else None
    if exam is None:
        return {}
    back = url_for("attempts.rules", exam_id=exam.id)
    return {"standing": before_exam.standing(exam, current_user.id), "exam_url": back}


@bp.get("/practice/self-test/<token>/<int:number>")
@practising
def test_question(token: str, number: int) -> ResponseReturnValue:
    found = access.own_test_or_404(token, number)
    answers = self_tests.answers_in(found)
    if found.mode == "recite":
        return _turned_page(found, number)
    if found.mode == "mock":
        if found.ended_at is None:
            return mock_views.question_page(found, number)
        answers = {n: answers.get(n, Given(one, "", False)) for n, one in enumerate(found.revisions, 1)}
    onwards = next_open(number, len(found.revisions), answers)
    if found.mode == "mock":
        onwards = number + 1 if number < len(found.revisions) else None
    return question_views.question_page(
        found.revisions,
        number,
        answers.get(number),
        set(answers),
        title=found.scope,
        back=url_for("practice.index"),
        next_url=_question(found, onwards) if onwards else url_for("practice.test", token=token),
        last=onwards is None,
        client_id=self_tests.client_id_in(token, number),
        around=around(found, number, answers),
    )


def _turned_page(test: SelfTest, number: int) -> str:
    """背题: the question with its answer. Nothing is answered and nothing enters the log."""
    full = bank.full([test.revisions[number - 1]])[test.revisions[number - 1]]
    return render_template(
        "practice/turned.html",
        title=test.scope,
        back=url_for("practice.index"),
        number=number,
        total=len(test.revisions),
        done=set(range(1, test.place + 1)),
        **around(test, number, {}, turned=test.place),
        **question_views.explained(full, full.key),
    )


def around(test: SelfTest, number: int, answers: Mapping[int, Given], *, turned: int = 0) -> dict[str, Any]:
    """What a set adds to the page of one of its questions: the answer card, the mark, the way to its neighbours.

    answers: those that are marked. turned: of 背题, how many questions were turned over.
    """
    numbers = range(1, len(test.revisions) + 1)
    skip = next_open(number, len(test.revisions), {*answers, number})
    return {
        "set": test,
        "cells": [
            {
                "number": n,
                "url": _question(test, n),
                "answered": n <= turned,
                "flagged": n in test.flagged,
                "now": n == number,
                "state": ("right" if answers[n].correct else "wrong") if n in answers else "",
            }
            for n in numbers
        ],
        "flagged": number in test.flagged,
        "prev_url": _question(test, number - 1) if number > 1 else None,
        "skip_url": _question(test, skip) if skip else None,
    }


@bp.post("/practice/self-test/<token>/<int:number>")
@practising
def answer_test(token: str, number: int) -> ResponseReturnValue:
    """The answer to a question, or that it was turned over, or the letters on the sheet of a mock exam."""
    found = access.own_test_or_404(token, number)
    if found.mode == "mock":
        return mock_views.fill(found, number)
    if found.mode == "recite":
        sets.turn(found, number)
        db.session.commit()
        onwards = number < len(found.revisions)
        return redirect(
            _question(found, number + 1) if onwards else url_for("practice.test", token=token), 303
        )
    here = redirect(_question(found, number), 303)
    sets.flag(found, number, "answer-doubt" in request.form)
    client_id = self_tests.client_id_in(token, number)
    refused = question_views.keep(found.revisions[number - 1], client_id, found.source, clock.today())
    if refused is not None:
        db.session.commit()
    return refused or here


@bp.post("/practice/self-test/<token>/<int:number>/flag")
@practising
def flag_test(token: str, number: int) -> ResponseReturnValue:
    """待检查, or no longer: on=1 marks the question."""
    found = access.own_test_or_404(token, number)
    sets.flag(found, number, request.form.get("on") == "1")
    db.session.commit()
    return redirect(_question(found, number), 303)


@bp.post("/practice/self-test/<token>/drop")
@practising
def drop_test(token: str) -> ResponseReturnValue:
    """放弃, or with back=1 the undoing of it."""
    found = access.own_test_or_404(token)
    if request.form.get("back") == "1":
        sets.take_up(found)
        dropped = None
    else:
        sets.drop(found, clock.now())
        dropped = found.token
    db.session.commit()
    return redirect(url_for("practice.index", dropped=dropped), 303)


@bp.route("/practice/self-test/<token>/<int:number>/report", methods=["GET", "POST"])
@practising
def report_test(token: str, number: int) -> ResponseReturnValue:
    """纠错, once the question's answer has been shown."""
    found = access.own_test_or_404(token, number)
    shown = found.mode == "recite" or found.ended_at is not None
    if not shown and number not in self_tests.answers_in(found):
        not_found()
    return report_views.form_page(found.revisions[number - 1], back=_question(found, number))
