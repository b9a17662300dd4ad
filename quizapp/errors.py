"""Refusals that people can read, and the one page that shows any error."""

import logging
from typing import NoReturn

from flask import Flask, abort, jsonify, render_template, request
from sqlalchemy.exc import InternalError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException, NotFound

from quizapp.logs import request_id

log = logging.getLogger("quizapp")
OVERDUE = "quizapp.overdue"  # in the WSGI environment: the request waited too long for its turn


class Refused(Exception):
    """A rule says no. code: for tests and scripts; sentence: for people, in Chinese; advice: what to do now."""

    status = 409

    def __init__(self, code: str, sentence: str, advice: str = "", *, status: int | None = None) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code, self.sentence, self.advice = code, sentence, advice
        if status is not None:
            self.status = status


def not_found() -> NoReturn:
    """Nothing is here for this person: absent and forbidden look the same."""
    raise NotFound


# status: (title, what happened, what to do)
PAGES = {
    400: ("请求无法处理", "页面已过期或内容不完整，没有保存任何改动。", "请返回上一页，刷新后重试。"),
    401: ("请先登录", "您还没有登录，或登录已过期。", "请登录后继续。"),
    403: ("没有权限", "您的账号不能进行这项操作，没有改动任何内容。", "如工作需要，请联系本单位管理员。"),
    404: ("没有找到页面", "该页面不存在，或您的账号不能查看。", "请检查网址，或返回首页。"),
    405: ("请求无法处理", "该地址不支持这种操作。", "请返回首页重新进入。"),
    413: ("文件过大", "上传的文件超过了大小限制，没有保存任何内容。", "请拆分或精简文件后重试。"),
    415: ("文件格式不支持", "系统不能识别提交的内容，没有保存任何内容。", "请按页面说明选择文件。"),
    429: ("操作过于频繁", "短时间内操作次数过多。", "请稍候再试。"),
    500: (
        "系统出现问题",
        "本次操作没有完成，已保存的内容不受影响。",
        "请稍后重试；仍有问题时，请把编号告诉管理员。",
    ),
    503: ("系统繁忙", "系统暂时无法处理，已保存的内容不受影响。", "请稍候片刻再试。"),
}


def wants_json() -> bool:
    """Whether the caller is a script: it sent JSON, accepts JSON rather than a page, or asks the JSON API."""
    script = request.is_json or request.accept_mimetypes.best == "application/json"
    return script or request.path.startswith("/api/")


def answer(status: int, code: str, title: str, sentence: str, advice: str, reference: str = "") -> tuple:
    if wants_json():
        return jsonify(code=code, sentence=sentence, advice=advice, reference=reference), status
    page = render_template(
        "errors/error.html", title=title, sentence=sentence, advice=advice, reference=reference, code=status
    )
    return page, status


def _fail(status: int, *, code: str = "") -> tuple:
    """The page or the JSON of a status; what is our fault or the database's shows the request's number."""
    title, sentence, advice = PAGES.get(status, PAGES[500])
    reference = request_id() if status >= 500 else ""
    return answer(status, code or f"http_{status}", title, sentence, advice, reference)


def init_app(app: Flask) -> None:
    from quizapp.db import db

    @app.before_request
    def refuse_nul() -> None:
        """A NUL is no text: PostgreSQL refuses it, no person types it."""
        only_json = request.is_json and not request.query_string
        values = () if only_json else request.values.items(multi=True)
        if "\0" in request.path or any("\0" in value for _, value in values):
            abort(400)

    @app.before_request
    def overdue() -> tuple | None:
        """It waited so long for a thread that the page gives up: whoever still waits is told at once to come back."""
        return busy() if request.environ.get(OVERDUE) else None

    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple:
        db.session.rollback()
        return answer(error.status, error.code, "未能完成", error.sentence, error.advice)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> tuple:
        db.session.rollback()
        if error.code is None or error.code < 400:
            return error.get_response(), error.code or 302
        return _fail(error.code)

    @app.errorhandler(OperationalError)
    @app.errorhandler(TimeoutError)
    def database_away(error: Exception) -> tuple:
        """The database is busy, full or gone: nothing was stored, come again."""
        db.session.rollback()
        if "readonly" in str(error):  # a GET that writes is a mistake of ours, not of the database
            return unexpected(error)
        log.warning("database unavailable: %s", type(error).__name__)
        return busy()

    def busy() -> tuple:
        if wants_json():
            body, status = jsonify(code="busy", sentence=PAGES[503][1], advice=PAGES[503][2]), 503
            body.headers["Retry-After"] = "2"
            return body, status
        return _plain(503)

    @app.errorhandler(InternalError)
    def demoted(error: InternalError) -> tuple:
        """A server that became a standby refused to write: the next request finds the one that may."""
        return database_away(error) if error.connection_invalidated else unexpected(error)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple:
        db.session.rollback()
        log.exception("unexpected error %s at %s", request_id(), request.endpoint)
        if app.config["TESTING"]:
            raise error
        return _fail(500)

    def _plain(status: int) -> tuple:
        title, sentence, advice = PAGES[status]
        template = app.jinja_env.get_template(
            "errors/plain.html"
        )  # nothing around the page asks the database
        page = template.render(
            title=title, sentence=sentence, advice=advice, reference=request_id(), code=status
        )
        return page, status, {"Retry-After": "5"}
