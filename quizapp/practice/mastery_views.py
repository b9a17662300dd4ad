"""掌握度 by article, what is foretold of a coming exam, and the minutes of one's day."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.practice import actions, contents, quizzes
from quizapp.practice.access import practising
from quizapp.practice.aims import CHOICES
from quizapp.practice.pages import bp
from quizapp.regulations import access as regulations


@bp.get("/practice/mastery/<slug>")
@practising
def mastery(slug: str) -> Any:
    """The regulation's own contents, each article with how well it is known."""
    opened = regulations.open_or_404(slug, None)
    day = clock.today()
    return render_template(
        "practice/mastery.html",
        found=contents.contents(current_user.id, slug, opened.law, day),
        today=quizzes.today(current_user.id, day),
    )


@bp.post("/practice/daily/minutes")
@practising
def daily_minutes() -> Any:
    """Choose how many minutes a day; a quiz that has been begun stays as it is."""
    minutes = request.form.get("minutes", 0, int)
    if minutes not in CHOICES:
        abort(400)
    actions.wish(current_user.id, minutes)
    db.session.commit()
    flash(f"已改为每天约{minutes}分钟。", "ok")
    return redirect(url_for(".daily"), 303)
