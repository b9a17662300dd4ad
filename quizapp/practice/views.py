"""The pages of practice: today's quiz, self-tests, wrong questions, mastery. A GET draws and writes nothing."""

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.bank import deciding, report_views
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import gate
from quizapp.exams.models import Exam
from quizapp.practice import access, actions, queries
from quizapp.practice.access import practising
from quizapp.regulations import access as regulations
from quizapp.regulations.queries import laws

bp = Blueprint("practice", __name__)
NUMBERS = (5, 10, 20)  # offered; any other number may be typed


@bp.get("/practice/")
@practising
def index():
    now = clock.now()
    return render_template(
        "practice/index.html",
        today=queries.today(current_user.id, clock.today(now)),
        states=queries.states(current_user.id, now),
        unfinished=queries.unfinished(current_user.id, now),
        numbers=NUMBERS,
    )


# The daily quiz ---------------------------------------------------------------------------------------------------


@bp.get("/practice/daily")
@practising
def daily():
    """Before the first question a button; then the first open question; at the end what came out."""
    day = clock.today()
    quiz = queries.daily_quiz(current_user.id, day)
    if quiz is None:
        return render_template("practice/daily_start.html", today=queries.today(current_user.id, day))
    answers = queries.daily_answers(current_user.id, day)
    open_numbers = [n for n, revision in enumerate(quiz.revisions, 1) if revision not in answers]
    if open_numbers:
        return redirect(url_for("practice.daily_question", day=day, number=open_numbers[0]), 303)
    given = [answers[revision] for revision in quiz.revisions]
    urls = [url_for("practice.daily_question", day=day, number=n + 1) for n in range(len(given))]
    return render_template("practice/daily_done.html", urls=urls, **_result(quiz.revisions, given))


@bp.post("/practice/daily")
@practising
def begin_daily():
    actions.begin_daily(current_user.id, clock.today())
    db.session.commit()
    return redirect(url_for("practice.daily"), 303)


@bp.get("/practice/daily/<day>/<int:number>")
@practising
def daily_question(day, number):
    quiz = access.own_quiz_or_404(day, number)
    answers = queries.daily_answers(current_user.id, quiz.day)
    given = answers.get(quiz.revisions[number - 1])
    done = {n for n, revision in enumerate(quiz.revisions, 1) if revision in answers}
    return _question_page(
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
def answer_daily(day, number):
    quiz = access.own_quiz_or_404(day, number)
    here = redirect(url_for("practice.daily_question", day=day, number=number), 303)
    revision = quiz.revisions[number - 1]
    if revision in queries.daily_answers(current_user.id, quiz.day):
        return here
    return _keep(revision, request.form.get("client_id", ""), "daily", quiz.day) or here


@bp.route("/practice/daily/<day>/<int:number>/report", methods=["GET", "POST"])
@practising
def report_daily(day, number):
    """纠错, once the question has been answered."""
    quiz = access.own_quiz_or_404(day, number)
    revision = quiz.revisions[number - 1]
    if revision not in queries.daily_answers(current_user.id, quiz.day):
        not_found()
    return report_views.form_page(revision, back=url_for("practice.daily_question", day=day, number=number))


# Self-tests -------------------------------------------------------------------------------------------------------


@bp.post("/practice/self-test")
@practising
def self_test():
    """Begin a self-test: scope is all, wrong, or a chapter as slug:number; count is a number or all."""
    scope, now = request.form.get("scope", "all"), clock.now()
    wanted = _wanted(request.form.get("other") or request.form.get("count", "10"))
    words, pool = _scope(scope, now)
    test = actions.begin_test(current_user.id, words, pool, wanted, now=now)
    db.session.commit()
    return redirect(url_for("practice.test", token=test.token), 303)


def _wanted(text):
    if text == "all":
        return None
    if not text.strip().isascii() or not text.strip().isdecimal() or not 1 <= int(text.strip()[:6]) <= 999:
        raise Refused("count", "题数应当是1至999之间的整数。", "请返回上一页修改题数。", status=422)
    return int(text)


def _scope(scope, now):
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
def test(token):
    """The first open question, or what came out."""
    found = access.own_test_or_404(token)
    answers = queries.answers_in(found)
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
        **_result(found.revisions, given),
    )


def _before_exam(test):
    """For the self-test of an exam: where its person stands now, and the way back to the exam."""
    exam = db.session.get(Exam, test.exam_id) if test.exam_id is not None else None
    if exam is None:
        return {}
    back = url_for("attempts.rules", exam_id=exam.id)
    return {"standing": queries.standing(exam, current_user.id), "exam_url": back}


@bp.get("/practice/self-test/<token>/<int:number>")
@practising
def test_question(token, number):
    found = access.own_test_or_404(token, number)
    answers = queries.answers_in(found)
    return _question_page(
        found.revisions,
        number,
        answers.get(number),
        set(answers),
        title=found.scope,
        back=url_for("practice.index"),
        next_url=url_for("practice.test", token=token),
        last=len(answers) == len(found.revisions),
        client_id=queries.client_id_in(token, number),
    )


@bp.post("/practice/self-test/<token>/<int:number>")
@practising
def answer_test(token, number):
    found = access.own_test_or_404(token, number)
    here = redirect(url_for("practice.test_question", token=token, number=number), 303)
    client_id = queries.client_id_in(token, number)
    return _keep(found.revisions[number - 1], client_id, found.source, clock.today()) or here


@bp.route("/practice/self-test/<token>/<int:number>/report", methods=["GET", "POST"])
@practising
def report_test(token, number):
    """纠错, once the question has been answered."""
    found = access.own_test_or_404(token, number)
    if number not in queries.answers_in(found):
        not_found()
    return report_views.form_page(
        found.revisions[number - 1], back=url_for("practice.test_question", token=token, number=number)
    )


@bp.post("/practice/exams/<int:exam_id>")
@practising
def before_exam(exam_id):
    """考前自测: go on with the one that was left, or begin one over what the exam is about."""
    exam = access.gated_exam_or_404(exam_id)
    running = queries.standing(exam, current_user.id).running
    if running is not None:
        return redirect(url_for("practice.test", token=running.token), 303)
    test = actions.begin_test(
        current_user.id,
        f"考前自测：{exam.title}",
        queries.exam_pool(exam, current_user.id),
        gate.QUESTIONS,
        now=clock.now(),
        exam_id=exam.id,
    )
    db.session.commit()
    return redirect(url_for("practice.test", token=test.token), 303)


@bp.get("/practice/article/<slug>/<article>")
@practising
def article(slug, article):
    """The questions on one article: how many, and a button."""
    opened = regulations.open_or_404(slug, None)
    found = regulations.article_or_404(opened.law, article)
    return render_template(
        "practice/article.html", opened=opened, article=found, count=len(_on_article(slug, article))
    )


@bp.post("/practice/article/<slug>/<article>")
@practising
def begin_article(slug, article):
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


def _on_article(slug, article):
    return [entry for entry in queries.practice_pool(current_user.id) if (slug, article) in entry.places]


@bp.get("/practice/wrong")
@practising
def wrong():
    """The wrong-question book, chapter by chapter."""
    entries = queries.wrong_entries(current_user.id)
    faces = bank.faces(entry.revision_id for entry in entries)
    states = queries.states(current_user.id, clock.now())
    groups = [
        (state, chapter, [faces[e.revision_id] for e in entries if e.revision_id in set(chapter.questions)])
        for state in states
        for chapter in state.chapters
        if chapter.wrong
    ]
    return render_template("practice/wrong.html", groups=groups, total=len(entries), several=len(states) > 1)


# What all question pages share ------------------------------------------------------------------------------------


def _question_page(revisions, number, given, done, *, title, back, next_url, last, client_id):
    """One question: to be answered without its key being read at all, or answered with what came of it."""
    revision = revisions[number - 1]
    common = {
        "number": number,
        "total": len(revisions),
        "done": done,
        "title": title,
        "back": back,
        "next_url": next_url,
        "last": last,
        "client_id": client_id,
    }
    if given is None:
        face = bank.faces([revision])[revision]
        return render_template("practice/question.html", face=face, options=face.lettered, **common)
    full = bank.full([revision])[revision]
    came = deciding.verdict(full, given.chosen, laws(deciding.edition_ids([full])))
    return render_template(
        "practice/question.html", face=full, options=full.lettered, given=given, verdict=came, **common
    )


def _keep(revision, client_id, source, day):
    """Store the answer of the form; a page to send back when there is none."""
    now = clock.now()
    chosen = "".join(sorted(set(request.form.getlist("answer"))))
    if not chosen:
        return redirect(f"{request.path}?empty=1", 303)
    actions.record(
        [actions.Answer(client_id, current_user.id, revision, chosen, source, day, now)],
        now,
    )
    db.session.commit()
    return None


def _result(revisions, given):
    """What a result page needs: the questions in order with right and wrong."""
    faces = bank.faces(revisions)
    rows = [(faces[revision], answer) for revision, answer in zip(revisions, given, strict=True)]
    return {"rows": rows, "right": sum(bool(answer and answer.correct) for answer in given)}
