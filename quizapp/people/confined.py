"""A sign-in of kind `hall`: made on a shared computer without a password, it may do nothing but one exam.

The areas to the right open their endpoints to it; what an address names (an exam, a sheet) must be among what the
sign-in was given. All of this stands in the signed cookie, so that no statement is spent on it. Everything else is
refused.
"""

from typing import Any

from flask import Flask, flash, g, jsonify, redirect, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from quizapp.errors import Refused, wants_json

KIND = "hall"
SENTENCE = "考场登录只能参加本场考试，不能打开其他页面，没有改动任何内容。"
_opened = {"static", "people.text_size"}
_home: list[str] = []  # the endpoint to which a wandering reader is brought back


def open_to_hall(*endpoints: str, home: str = "") -> None:
    """Let sign-ins of kind `hall` use these endpoints. home: the one page from which everything goes on."""
    _opened.update(endpoints)
    if home:
        _home[:] = [home]


def is_confined() -> bool:
    """Whether this browser's cookie is that of a hall, standing or ended."""
    return bool(session.get("kind") == KIND)


def allow(**values: Any) -> None:
    """Let this sign-in use addresses with these values: allow(exam_id=5, token="…"). Nothing for another kind."""
    if is_confined():
        given = session.get("only", {})
        session["only"] = given | {name: sorted({*given.get(name, []), str(v)}) for name, v in values.items()}


def _is_allowed() -> bool:
    if request.endpoint not in _opened:
        return False
    given = session.get("only", {})
    named = {} if request.endpoint == "static" else request.view_args or {}
    return all(str(value) in given.get(name, []) for name, value in named.items())


def _refuse() -> Any:
    """Back to the exam for a reader; a refusal for scripts and for forms."""
    if request.endpoint is None or not is_confined() or _is_allowed():
        return None
    if not current_user.is_authenticated and wants_json():
        return jsonify(code="signed_out", csrf_token=generate_csrf()), 401
    if request.method != "GET" or wants_json() or not _home:
        raise Refused(KIND, SENTENCE, "请返回考试页面；考试结束后请退出。", status=403)
    if current_user.is_authenticated:
        flash("考场登录只能参加本场考试，不能打开其他页面。", "info")
    return redirect(url_for(_home[0]), 303)


def init_app(app: Flask) -> None:
    app.before_request(_refuse)

    @app.context_processor
    def in_hall() -> dict[str, bool]:
        return {"in_hall": is_confined() and g.get("login_kind", KIND) == KIND}
