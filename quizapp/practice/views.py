"""The first page of practice and the wrong-question book; daily_views and test_views hold the other pages."""

from flask import render_template
from flask_login import current_user

from quizapp import clock
from quizapp.bank import queries as bank
from quizapp.practice import (  # noqa: F401 - some hang their pages in
    cli,
    daily_views,
    jobs,
    mastery_views,
    outlook,
    plan_views,
    queries,
    quizzes,
    self_tests,
    test_views,
)
from quizapp.practice.access import practising
from quizapp.practice.pages import bp

NUMBERS = (5, 10, 20)  # offered; any other number may be typed


@bp.get("/practice/")
@practising
def index():
    now = clock.now()
    return render_template(
        "practice/index.html",
        today=quizzes.today(current_user.id, clock.today(now)),
        states=queries.states(current_user.id, now),
        unfinished=self_tests.unfinished(current_user.id, now),
        numbers=NUMBERS,
        foretold=outlook.foretold(current_user.id, now),
    )


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
