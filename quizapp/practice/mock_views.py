"""The pages of a mock exam (模拟考试): choosing it, its questions without a word of right or wrong, handing in."""

from collections.abc import Mapping
from random import Random
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import blueprint, marking_rules
from quizapp.exams.models import Exam
from quizapp.practice import access, actions, mock_exams, mocking, question_views, self_tests, sets
from quizapp.practice.access import practising
from quizapp.practice.models import SelfTest
from quizapp.practice.pages import bp
from quizapp.practice.quizzes import Given


@bp.get("/practice/mock")
@practising
def mock() -> ResponseReturnValue:
    """The exams that can be tried beforehand."""
    exams = mock_exams.offered(current_user.id)
    rows = [
        (exam, blueprint.sections(blueprint.read(exam.blueprint)), mock_exams.full_marks(exam))
        for exam in exams
    ]
    return render_template("practice/mock.html", rows=rows, words=blueprint.WORDS)


@bp.post("/practice/mock/<int:exam_id>")
@practising
def begin_mock(exam_id: int) -> ResponseReturnValue:
    exam = access.mock_exam_or_404(exam_id)
    drawn = mock_exams.draw(exam, current_user.id, Random())
    if not drawn.revisions:
        raise Refused(
            "no_questions", "这场考试的范围内还没有可以练习的试题。", "请选择其他考试，或按章自测。"
        )
    test = actions.begin_set(
        current_user.id,
        f"模拟考试：{exam.title}",
        drawn.revisions,
        now=clock.now(),
        mode="mock",
        mock_of_id=exam.id,
    )
    db.session.commit()
    return redirect(url_for("practice.test", token=test.token), 303)


def question_page(test: SelfTest, number: int) -> str:
    """A question of a mock exam that is under way, with what stands on the sheet."""
    sheet, exam = self_tests.sheet_of(test), db.session.get_one(Exam, test.mock_of_id)
    face = bank.faces([test.revisions[number - 1]])[test.revisions[number - 1]]
    return render_template(
        "practice/mock_question.html",
        face=face,
        exam=exam,
        rule=marking_rules.in_words(exam.multiple_rule) if face.kind == "multiple" else "",
        chosen=sheet.get(number, ""),
        number=number,
        total=len(test.revisions),
        flagged=number in test.flagged,
        **_card(test, sheet, number),
    )


def _card(test: SelfTest, sheet: Mapping[int, str], number: int = 0) -> dict[str, Any]:
    """The answer card of a mock exam: its cells are buttons that keep the answer on the page first."""
    cells = [
        {"number": n, "answered": n in sheet, "flagged": n in test.flagged, "now": n == number}
        for n in range(1, len(test.revisions) + 1)
    ]
    return {"set": test, "cells": cells, "done": set(sheet)}


def fill(test: SelfTest, number: int) -> ResponseReturnValue:
    """Keep the letters and the mark of a question, and go where the button leads: a number, or the check."""
    sets.flag(test, number, "answer-doubt" in request.form)
    sets.fill(test, number, question_views.chosen_letters())
    db.session.commit()
    onwards = request.form.get("go", "")
    if onwards.isascii() and onwards.isdecimal() and 1 <= int(onwards[:4]) <= len(test.revisions):
        return redirect(url_for("practice.test_question", token=test.token, number=int(onwards[:4])), 303)
    return redirect(url_for("practice.check_mock", token=test.token), 303)


def _running_or_404(token: str) -> SelfTest:
    found = access.own_test_or_404(token)
    if found.mode != "mock":
        not_found()
    return found


@bp.get("/practice/self-test/<token>/check")
@practising
def check_mock(token: str) -> ResponseReturnValue:
    """检查并交卷: what is answered, open and marked."""
    found = _running_or_404(token)
    if found.ended_at is not None:
        return redirect(url_for("practice.test", token=token), 303)
    sheet = self_tests.sheet_of(found)
    card = _card(found, sheet)
    for cell in card["cells"]:
        cell["url"] = url_for("practice.test_question", token=token, number=cell["number"])
    return render_template("practice/mock_check.html", total=len(found.revisions), **card)


@bp.post("/practice/self-test/<token>/hand-in")
@practising
def hand_in_mock(token: str) -> ResponseReturnValue:
    found = _running_or_404(token)
    sets.hand_in(found, now=clock.now(), today=clock.today())
    db.session.commit()
    return redirect(url_for("practice.test", token=token), 303)


def result_page(test: SelfTest, answers: Mapping[int, Given]) -> str:
    """What a mock exam earned, as the exam would have marked it."""
    exam = db.session.get_one(Exam, test.mock_of_id)
    numbers = range(1, len(test.revisions) + 1)
    shown = question_views.result(test.revisions, [answers.get(n) for n in numbers])
    keys = bank.keys(test.revisions)
    asked = [(face.kind, keys[face.revision_id]) for face, _ in shown["rows"]]
    marked = mocking.marked(asked, self_tests.sheet_of(test), exam.points, exam.multiple_rule)
    return render_template(
        "practice/mock_result.html",
        test=test,
        exam=exam,
        marked=marked,
        whole=marked.of == mock_exams.full_marks(exam),
        words=blueprint.WORDS,
        urls=[url_for("practice.test_question", token=test.token, number=n) for n in numbers],
        **shown,
    )
