"""The pages of self-tests, also of one article and before an exam. A GET draws and writes nothing."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.bank import report_views
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import gate
from quizapp.exams.models import Exam
from quizapp.practice import access, actions, before_exam, queries, question_views, self_tests
from quizapp.practice.access import practising
from quizapp.practice.drawing import Entry
from quizapp.practice.models import SelfTest
from quizapp.practice.pages import bp
from quizapp.regulations import access as regulations


@bp.post("/practice/self-test")
@practising
def self_test() -> ResponseReturnValue:
    """Begin a self-test: scope is all, wrong, or a chapter as slug:number; count is a number or all."""
    scope, now = request.form.get("scope", "all"), clock.now()
    wanted = _wanted(request.form.get("other") or request.form.get("count", "10"))
    words, pool = _scope(scope, now)
    test = actions.begin_test(current_user.id, words, pool, wanted, now=now)
    db.session.commit()
    return redirect(url_for("practice.test", token=test.token), 303)


def _wanted(text: str) -> int | None:
    if text == "all":
        return None
    if not text.strip().isascii() or not text.strip().isdecimal() or not 1 <= int(text.strip()[:6]) <= 999:
        raise Refused("count", "题数应当是1至999之间的整数。", "请返回上一页修改题数。", status=422)
    return int(text)


def _scope(scope: str, now: datetime) -> tuple[str, list[Entry]]:
    """The words and the pool of a scope."""
    if scope == "wrong":
        return "错题", queries.wrong_entries(current_user.id)
    pool = queries.practice_pool(current_user.id)
    if scope == "all":
        return "全部章节", pool
    states = queries.states(current_user.id, now)
    chapters = {chapter.key: (state, chapter) for state in states for chapter in state.chapters}
    if scope not in chapters:
        raise Refused("scope", "没有这个自测范围。", "请返回练习页面重新选择。", status=422)
    state, chapter = chapters[scope]
    words = chapter.title if len(states) == 1 else f"《{state.title}》{chapter.title}"
    return words, [entry for entry in pool if entry.revision_id in set(chapter.questions)]


@bp.get("/practice/self-test/<token>")
@practising
def test(token: str) -> ResponseReturnValue:
    """The first open question, or what came out."""
    found = access.own_test_or_404(token)
    answers = self_tests.answers_in(found)
    open_numbers = [n for n in range(1, len(found.revisions) + 1) if n not in answers]
    if open_numbers:
        return redirect(url_for("practice.test_question", token=token, number=open_numbers[0]), 303)
    given = [answers[n] for n in range(1, len(found.revisions) + 1)]
    urls = [url_for("practice.test_question", token=token, number=n + 1) for n in range(len(given))]
    return render_template(
        "practice/test_result.html",
        test=found,
        urls=urls,
        **_before_exam(found),
        **question_views.result(found.revisions, given),
    )


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
    return question_views.question_page(
        found.revisions,
        number,
        answers.get(number),
        set(answers),
        title=found.scope,
        back=url_for("practice.index"),
        next_url=url_for("practice.test", token=token),
        last=len(answers) == len(found.revisions),
        client_id=self_tests.client_id_in(token, number),
    )


@bp.post("/practice/self-test/<token>/<int:number>")
@practising
def answer_test(token: str, number: int) -> ResponseReturnValue:
    found = access.own_test_or_404(token, number)
    here = redirect(url_for("practice.test_question", token=token, number=number), 303)
    client_id = self_tests.client_id_in(token, number)
    return question_views.keep(found.revisions[number - 1], client_id, found.source, clock.today()) or here


@bp.route("/practice/self-test/<token>/<int:number>/report", methods=["GET", "POST"])
@practising
def report_test(token: str, number: int) -> ResponseReturnValue:
    """纠错, once the question has been answered."""
    found = access.own_test_or_404(token, number)
    if number not in self_tests.answers_in(found):
        not_found()
    return report_views.form_page(
        found.revisions[number - 1], back=url_for("practice.test_question", token=token, number=number)
    )


@bp.post("/practice/exams/<int:exam_id>")
@practising
def begin_before_exam(exam_id: int) -> ResponseReturnValue:
    """考前自测: go on with the one that was left, or begin one over what the exam is about."""
    exam = access.gated_exam_or_404(exam_id)
    running = before_exam.standing(exam, current_user.id).running
    if running is not None:
        return redirect(url_for("practice.test", token=running.token), 303)
    test = actions.begin_test(
        current_user.id,
        f"考前自测：{exam.title}",
        before_exam.exam_pool(exam, current_user.id),
        gate.QUESTIONS,
        now=clock.now(),
        exam_id=exam.id,
    )
    db.session.commit()
    return redirect(url_for("practice.test", token=test.token), 303)


@bp.get("/practice/article/<slug>/<article>")
@practising
def article(slug: str, article: str) -> ResponseReturnValue:
    """The questions on one article: how many, and a button."""
    opened = regulations.open_or_404(slug, None)
    found = regulations.article_or_404(opened.law, article)
    return render_template(
        "practice/article.html", opened=opened, article=found, count=len(_on_article(slug, article))
    )


@bp.post("/practice/article/<slug>/<article>")
@practising
def begin_article(slug: str, article: str) -> ResponseReturnValue:
    opened = regulations.open_or_404(slug, None)
    found = regulations.article_or_404(opened.law, article)
    test = actions.begin_test(
        current_user.id,
        found.in_words,
        _on_article(slug, article),
        None,
        now=clock.now(),
        source="article",
    )
    db.session.commit()
    return redirect(url_for("practice.test", token=test.token), 303)


def _on_article(slug: str, article: str) -> list[Entry]:
    return [entry for entry in queries.practice_pool(current_user.id) if (slug, article) in entry.places]
