"""忘记口令: asking on the sign-in page, waiting, and setting a new password in the browser that asked."""

from datetime import datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from quizapp import clock
from quizapp.db import db, reading
from quizapp.errors import Refused
from quizapp.people import actions, passwords, recovery, recovery_actions, recovery_queries, sign_in
from quizapp.people.forms import NewPasswordForm, RecoverForm
from quizapp.people.models import Person
from quizapp.people.pages import bp
from quizapp.people.sign_in_views import policy

COUNTED = (
    "recover:"  # before what was typed, where asking is counted with the failed sign-ins: see `throttle`
)


def _cookie() -> str:
    """The name of the cookie that binds a request to its browser; guarded by its prefix as that of the sign-in is."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-recovery"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="people.recovery")


def _token() -> str | None:
    """What this browser was given when it asked, unless it is too old or not ours."""
    try:
        return str(
            _signer().loads(request.cookies.get(_cookie(), ""), max_age=int(recovery.LASTS.total_seconds()))
        )
    except BadData:
        return None


def _asked(now: datetime) -> recovery_queries.Asked | None:
    token = _token()
    return recovery_queries.asked(recovery_actions.hash_of(token), now) if token else None


@bp.route("/recover", methods=["GET", "POST"])
def recover() -> Any:
    """Ask for a new password, then wait: the same answer whether the account is there or not."""
    form, now = RecoverForm(), clock.now()
    if form.validate_on_submit():
        token = _ask(form.login.data, form.phone.data, now)
        reply = redirect(url_for("people.recover"), 303)
        reply.set_cookie(
            _cookie(),
            _signer().dumps(token),
            max_age=recovery.LASTS,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return reply
    asked = _asked(now)
    if (
        asked is not None
        and asked.standing != "over"
        and not form.is_submitted()
        and "again" not in request.args
    ):
        return _state(asked, NewPasswordForm(formdata=None))
    page = render_template(
        "people/recover.html", form=form, over=asked is not None and asked.standing == "over"
    )
    return page, 422 if form.is_submitted() else 200


def _ask(login: str, phone: str, now: datetime) -> str:
    """Keep the request and count it, under what was typed, so that the count tells nothing about who there is."""
    key = (COUNTED + sign_in.plain_login(login).lower())[: sign_in.LOGIN_LONGEST]
    address = request.remote_addr or ""
    with reading():
        too_often = any(sign_in.refused(key, address, now))
    if too_often:
        sentence = "申请次数过多，没有提交新的申请，以前的申请不受影响。"
        raise Refused("too_often", sentence, "请稍后再试，或请本单位管理员打印口令条。", status=429)
    token = recovery_actions.ask(login, recovery.plain_phone(phone), before=_token(), now=now)
    sign_in.fail(sign_in.Facts(key), address=address, now=now)
    db.session.commit()
    return token


def _state(asked: recovery_queries.Asked, form: NewPasswordForm) -> Any:
    page = render_template("people/recover_state.html", asked=asked, form=form, **policy())
    return page, 422 if form.is_submitted() and form.errors else 200


@bp.post("/recover/password")
def recover_password() -> Any:
    """The new password of a confirmed request, once; then to the sign-in page."""
    form, now = NewPasswordForm(), clock.now()
    asked = _asked(now)
    if asked is None or asked.standing != "confirmed":
        return redirect(url_for("people.recover"), 303)
    if not form.validate():
        return _state(asked, form)
    complaint = actions.password_complaint(db.session.get_one(Person, asked.person_id), form.password.data)
    db.session.rollback()
    if complaint is not None:
        form.password.errors = [complaint]
        return _state(asked, form)
    hashed = passwords.hash_password(form.password.data)
    account = recovery_actions.use(asked, hashed, now=now).account
    db.session.commit()
    flash(f"新口令已设置，以前的登录已全部退出。请用学法账号{account}和新口令登录。", "ok")
    reply = redirect(url_for("people.sign_in"), 303)
    reply.delete_cookie(_cookie(), secure=current_app.config["SESSION_COOKIE_SECURE"], httponly=True)
    return reply
