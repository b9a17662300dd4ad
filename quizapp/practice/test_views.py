"""Beginning a set of questions: self-tests over a scope, of one article, before an exam, again what went wrong."""

from dataclasses import replace
from random import Random
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import gate
from quizapp.exams.blueprint import KINDS
from quizapp.practice import access, actions, before_exam, choosing, putting_by, queries, self_tests
from quizapp.practice.access import practising
from quizapp.practice.choosing import Choice
from quizapp.practice.drawing import Entry
from quizapp.practice.pages import bp
from quizapp.regulations import access as regulations

BOOKS = {"wrong": ("错题", queries.wrong_entries), "favourites": ("收藏", putting_by.favourite_entries)}


@bp.post("/practice/self-test")
@practising
def self_test() -> ResponseReturnValue:
    """Begin a set: scope is all, wrong, favourites, or a chapter as slug:number; count is a number or all.

    chapter narrows a book to a chapter; kind (several), order, unmet and mode (test, recite) are choices beside it.
    """
    now, choice = clock.now(), _choice()
    words, pool = _scope(request.form.get("scope", "all"))
    met = queries.memories(current_user.id) if choice.unmet else {}
    return _begin(words, choosing.chosen(pool, choice, met, Random()), _mode(), now=now)


def _choice() -> Choice:
    wanted = _wanted(request.form.get("other") or request.form.get("count", "10"))
    kinds = tuple(kind for kind in KINDS if kind in request.form.getlist("kind"))
    order = "in_order" if request.form.get("order") == "in_order" else "random"
    return Choice(wanted, kinds or KINDS, order, bool(request.form.get("unmet")))


def _mode() -> str:
    return "recite" if request.form.get("mode") == "recite" else "test"


def _wanted(text: str) -> int | None:
    if text == "all":
        return None
    if not text.strip().isascii() or not text.strip().isdecimal() or not 1 <= int(text.strip()[:6]) <= 999:
        raise Refused("count", "题数应当是1至999之间的整数。", "请返回上一页修改题数。", status=422)
    return int(text)


def _scope(scope: str) -> tuple[str, list[Entry]]:
    """The words and the pool of a scope."""
    if scope in BOOKS:
        name, entries_of = BOOKS[scope]
        entries, chapter = entries_of(current_user.id), request.form.get("chapter", "")
        if not chapter:
            return name, entries
        words, revisions = _chapter(chapter)
        return f"{name}（{words}）", [entry for entry in entries if entry.revision_id in revisions]
    pool = queries.practice_pool(current_user.id)
    if scope == "all":
        return "全部章节", pool
    words, revisions = _chapter(scope)
    return words, [entry for entry in pool if entry.revision_id in revisions]


def _chapter(key: str) -> tuple[str, set[int]]:
    """The words of a chapter, and what may be practised of it."""
    states = queries.states(current_user.id, clock.now())
    chapters = {chapter.key: (state, chapter) for state in states for chapter in state.chapters}
    if key not in chapters:
        raise Refused("scope", "没有这个自测范围。", "请返回练习页面重新选择。", status=422)
    state, chapter = chapters[key]
    words = chapter.title if len(states) == 1 else f"《{state.title}》{chapter.title}"
    return words, set(chapter.questions)


def _begin(words: str, revisions: list[int], mode: str, **kept: Any) -> ResponseReturnValue:
    test = actions.begin_set(current_user.id, words, revisions, mode=mode, **kept)
    db.session.commit()
    return redirect(url_for("practice.test", token=test.token), 303)


@bp.post("/practice/self-test/<token>/again")
@practising
def again(token: str) -> ResponseReturnValue:
    """只练错的: a new set of what went wrong or stayed open in a finished one. what=all: of all its questions."""
    found = access.own_test_or_404(token)
    answers = self_tests.answers_in(found)
    if not self_tests.is_over(found, answers):
        not_found()
    right = {n for n, given in answers.items() if given.correct and request.form.get("what") != "all"}
    left = {revision for n, revision in enumerate(found.revisions, 1) if n not in right}
    usable = {entry.revision_id for entry in queries.practice_pool(current_user.id)} & left
    words = found.scope.removeprefix("只练错的：")
    if request.form.get("what") != "all":
        words = f"只练错的：{words}"
    return _begin(words, [one for one in found.revisions if one in usable], "test", now=clock.now())


# Before an exam, and one article ------------------------------------------------------------------------------------


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


@bp.get("/practice/articles")
@practising
def articles() -> ResponseReturnValue:
    """按条: every article that has questions, and how many."""
    return render_template("practice/articles.html", regulations=queries.articles(current_user.id))


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
    choice = replace(_choice(), wanted=None)
    revisions = choosing.chosen(_on_article(slug, article), choice, {}, Random())
    return _begin(found.in_words, revisions, _mode(), now=clock.now(), source="article")


def _on_article(slug: str, article: str) -> list[Entry]:
    return [entry for entry in queries.practice_pool(current_user.id) if (slug, article) in entry.places]
