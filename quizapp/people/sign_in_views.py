"""Signing in and out, the first sign-in, and confirming the password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from quizapp import clock, config
from quizapp.db import db, reading
from quizapp.people import actions, notices, passwords, queries, sessions, settling, sign_in, throttle
from quizapp.people.access import signed_in
from quizapp.people.forms import ChangePasswordForm, ConfirmForm, NewPasswordForm, SignInForm
from quizapp.people.on_call import on_call
from quizapp.people.pages import bp, from_here_only_reading, go_on, next_given

REFUSED = 401  # one status for every refused sign-in


def _address() -> str:
    return request.remote_addr or ""


@dataclass(frozen=True)
class SignedIn:
    """Who is, as told over an open page. unsettled: something must be settled before all else."""

    name: str
    unsettled: bool


def _try(login: str, password: str, *, keep: bool, now: datetime) -> SignedIn | None:
    """Sign in, or count the failure; commits either way. The hash is verified while no transaction is open."""
    with reading():
        facts = sign_in.look_up(login, address=_address(), now=now)
    proof, kind = sign_in.verify(facts, password), "study" if keep and not facts.holds_grants else "short"
    if proof is not None and settling.settle(facts, proof, kind=kind, now=now):
        return SignedIn(facts.name, facts.unsettled)
    sign_in.fail(facts, address=_address(), now=now)
    db.session.commit()
    return None


def refusal() -> str:
    return throttle.sentence(config.value("LOCK_MINUTES"))


@bp.route("/sign-in", methods=["GET", "POST"], endpoint="sign_in")
def sign_in_page() -> Any:
    """Sign in by 学法账号, 工号 or phone with a password, a one-time password or a 备用码."""
    if request.method == "GET" and current_user.is_authenticated:
        return go_on()
    form, status, sentence = SignInForm(login=request.args.get("login", "")[:64]), 200, ""
    if form.validate_on_submit():
        if _try(form.login.data, form.password.data, keep=form.keep.data, now=clock.now()) is not None:
            return _after_sign_in()
        status, sentence = REFUSED, refusal()
    elif form.is_submitted():
        status = 422
    from_here_only_reading()
    page = render_template(
        "people/sign_in.html", form=form, next=next_given(), refused=sentence, on_call=on_call(clock.now())
    )
    return page, status


def _after_sign_in() -> Any:
    """To the page that was wanted; by a 备用码 first to a new password, for the old one is not known."""
    if session.get("by") == "code":
        return redirect(url_for("people.password", next=next_given() or None), 303)
    return go_on()


@bp.post("/sign-in.json", endpoint="sign_in_json")
def sign_in_json() -> Any:
    """Sign in over an open page, which keeps what was typed. Body: login, password, keep. Gives a new CSRF token."""
    body = request.get_json()
    shape = {"login": str, "password": str, "keep": bool}
    fits = isinstance(body, dict) and {"login", "password"} <= set(body) <= set(shape)
    if not fits or not all(isinstance(value, shape[name]) for name, value in body.items()):
        return jsonify(code="shape", sentence="提交的内容不完整，请刷新页面后重试。"), 422
    found = _try(body["login"], body["password"], keep=body.get("keep", False), now=clock.now())
    if found is None:
        return jsonify(code="refused", sentence=refusal(), csrf_token=generate_csrf()), 422
    welcome = url_for("people.welcome") if found.unsettled else None
    return jsonify(code="signed_in", name=found.name, welcome=welcome, csrf_token=generate_csrf())


@bp.post("/sign-out")
def sign_out() -> Any:
    sessions.end_current(clock.now())
    db.session.commit()
    return redirect(url_for("people.sign_in"), 303)


# The first sign-in ------------------------------------------------------------------------------------------


@bp.route("/welcome", methods=["GET", "POST"])
def welcome() -> Any:
    """What must be settled before anything else, one page at a time: a password of one's own, the notice, 备用码."""
    if not current_user.is_authenticated:
        return redirect(url_for("people.sign_in", next=next_given() or None), 303)
    if current_user.must_change:
        return _first_password()
    text = config.value("PRIVACY_NOTICE")
    version = notices.version(text)
    accepted = current_user.notice_accepted_at is not None and current_user.notice_version in (None, version)
    if not accepted:
        if request.method == "POST" and request.form.get("accept") == version:
            actions.accept_notice(current_user, version, now=clock.now())
            db.session.commit()
            return redirect(url_for("people.welcome", next=next_given() or None), 303)
        again = current_user.notice_accepted_at is not None
        return render_template(
            "people/notice.html", text=text, version=version, again=again, next=next_given()
        )
    if queries.unused_codes(current_user.id):
        return go_on()
    return render_template("people/codes_offer.html", next=next_given())


def _first_password() -> Any:
    form = NewPasswordForm()
    if form.validate_on_submit():
        hashed = _hash_new(form)
        if hashed is not None:
            actions.set_password(current_user, hashed, now=clock.now(), keep_session=session["sid"])
            db.session.commit()
            return redirect(url_for("people.welcome", next=next_given() or None), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("people/first_password.html", form=form, next=next_given(), **policy()), status


def policy() -> dict[str, Any]:
    """What a page says about new passwords."""
    return {"policy": config.value("PASSWORD_POLICY"), "minimum": config.value("PASSWORD_MINIMUM")}


def _hash_new(form: NewPasswordForm) -> str | None:
    """The hash of an acceptable new password, made while no transaction is open; else None and the form says why."""
    complaint = actions.password_complaint(current_user, form.password.data)
    db.session.rollback()
    if complaint is not None:
        form.password.errors = [complaint]
        return None
    return passwords.hash_password(form.password.data)


@bp.post("/welcome/codes", endpoint="codes")
@signed_in
def codes() -> Any:
    """Five new 备用码, shown once. A recently typed password is asked for: they open the account."""
    now = clock.now()
    if not sessions.confirmed_recently(now):
        return redirect(url_for("people.confirm_password", next=url_for("people.me")), 303)
    issued = actions.issue_codes(current_user)
    name, account = current_user.name, current_user.account
    db.session.commit()
    from_here_only_reading()
    page = render_template(
        "people/codes.html", codes=issued, name=name, account=account, next=next_given(), now=now
    )
    return page


# The password again -----------------------------------------------------------------------------------------


@bp.route("/confirm", methods=["GET", "POST"], endpoint="confirm_password")
@signed_in
def confirm_password() -> Any:
    """Type the password again: a formal exam and 备用码 ask for it when it was typed long ago."""
    form, sentence, status = ConfirmForm(), "", 200
    if form.validate_on_submit():
        if prove(form.password.data) is not None:
            sessions.confirm(clock.now())
            db.session.commit()
            return go_on("people.me")
        sentence, status = refusal(), REFUSED
    return render_template("people/confirm.html", form=form, next=next_given(), refused=sentence), status


def prove(password: str) -> sign_in.Facts | None:
    """The facts of the signed-in person when this is the password; failures count as in signing in."""
    now, account = clock.now(), current_user.account
    with reading():
        facts = sign_in.look_up(account, address=_address(), now=now)
    proof = sign_in.verify(facts, password)
    if proof is None or proof.by != "password":
        sign_in.fail(facts, address=_address(), now=now)
        db.session.commit()
        return None
    return facts


@bp.route("/password", methods=["GET", "POST"])
@signed_in
def password() -> Any:
    """Change the password. The old one is asked for, unless the person has just signed in by a 备用码."""
    by_code = session.get("by") == "code" and sessions.confirmed_recently(clock.now())
    form: Any = NewPasswordForm() if by_code else ChangePasswordForm()
    sentence = ""
    if form.validate_on_submit():
        if not by_code and prove(form.old.data) is None:
            sentence = "现在的口令不正确，或近期失败次数过多。口令没有改动，请核对后重试。"
        elif (hashed := _hash_new(form)) is not None:
            actions.set_password(current_user, hashed, now=clock.now(), keep_session=session["sid"])
            sessions.confirm(clock.now())
            session["by"] = "password"
            db.session.commit()
            flash("口令已修改，其他设备上的登录已退出。", "ok")
            return go_on("home.index" if by_code else "people.me")
    page = render_template(
        "people/password.html", form=form, next=next_given(), refused=sentence, by_code=by_code, **policy()
    )
    return page, 422 if form.is_submitted() else 200
