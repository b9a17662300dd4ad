"""The first page of practice; daily_views, test_views, set_views, mock_views and book_views hold the others."""

from flask import render_template, request
from flask_login import current_user

from quizapp import clock
from quizapp.practice import (  # noqa: F401 - some hang their pages in
    access,
    book_views,
    cli,
    daily_views,
    jobs,
    mastery_views,
    mock_views,
    outlook,
    plan_views,
    putting_by,
    queries,
    quizzes,
    self_tests,
    set_views,
    test_views,
)
from quizapp.practice.access import practising
from quizapp.practice.pages import bp

NUMBERS = (5, 10, 20)  # offered; any other number may be typed


@bp.get("/practice/")
@practising
def index():
    now = clock.now()
    dropped = request.args.get("dropped")
    return render_template(
        "practice/index.html",
        today=quizzes.today(current_user.id, clock.today(now)),
        states=queries.states(current_user.id, now),
        under_way=self_tests.under_way(current_user.id, now),
        dropped=access.own_test_or_404(dropped) if dropped else None,
        favourites=putting_by.favourites_count(current_user.id),
        numbers=NUMBERS,
        foretold=outlook.foretold(current_user.id, now),
    )
