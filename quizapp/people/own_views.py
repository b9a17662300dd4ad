"""我的: one's own account, text size and sign-ins."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.people import queries, recovery_queries, sessions
from quizapp.people.access import signed_in
from quizapp.people.models import ROLES
from quizapp.people.pages import bp, go_on
from quizapp.people.roster import KIND_WORDS

SIZES = {"standard": "标准", "large": "大", "xlarge": "特大"}


@bp.get("/me")
@signed_in
def me() -> Any:
    now = clock.now()
    return render_template(
        "people/me.html",
        scope=queries.person_scope(current_user.id),
        memberships=queries.memberships(current_user.id),
        today=clock.today(now),
        grants=queries.own_grants(current_user.id),
        sessions=queries.open_sessions(current_user.id, now),
        here=session.get("sid"),
        codes_left=queries.unused_codes(current_user.id),
        roles=ROLES,
        kinds=KIND_WORDS,
        sizes=SIZES,
        password_notices=recovery_queries.notices(current_user.id, now),
    )


@bp.post("/me/end-others", endpoint="end_others")
@signed_in
def end_others() -> Any:
    """End one's sign-ins on all other devices."""
    sessions.end_all(current_user.id, clock.now(), but=session["sid"])
    db.session.commit()
    flash("其他设备上的登录已退出。", "ok")
    return redirect(url_for("people.me"), 303)


@bp.post("/text-size")
def text_size() -> Any:
    """标准, 大 or 特大: kept with the person, and in a cookie for pages before signing in."""
    size = request.form.get("size", "")
    if size not in SIZES:
        abort(400)
    if current_user.is_authenticated:
        current_user.text_size = size
        db.session.commit()
    reply = go_on()
    reply.set_cookie(
        "size",
        size,
        max_age=400 * 24 * 3600,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return reply
