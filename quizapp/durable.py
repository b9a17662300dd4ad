"""Whether a commit counts. PostgreSQL can report success for a commit that no standby has: it then warns
"canceling wait for synchronous replication" while it commits. What was asked is stored here, but a failover would not
find it: whatever the view wanted to say, the answer is 503, and a repeat decides. No view has to think of it.
"""

import threading
from typing import Any

from flask import Flask, Response, current_app, g, has_app_context, jsonify, make_response, request, session
from sqlalchemy import Engine, event

from quizapp.db import db
from quizapp.errors import wants_json

WARNING = "01000"  # the class of that notice; its words depend on the server's language
TITLE = "还没有保存妥当"
SENTENCE = "数据已写入，但备用数据库还没有确认，此时还不能算保存成功。已保存的内容不受影响。"
ADVICE = "正在考试的，请过几秒再提交一次，重复提交没有影响；其他操作请先查看是否已经生效，再决定是否重做。"
WAIT = "2"  # seconds after which to come again

DOUBTFUL = "quizapp.doubtful"  # in the WSGI environment: a short way has stored something that may not last

_this = threading.local()  # a commit and its notices happen in one thread


def listen(engine: Engine) -> None:
    """Hear what the server says during this engine's commits."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.add_notice_handler(lambda notice: hear(notice, at_once=connection.autocommit))

    @event.listens_for(engine, "begin")
    def begin(_connection: Any) -> None:
        _this.commits = False

    @event.listens_for(engine, "commit")
    def commit(_connection: Any) -> None:
        _this.commits = True


def hear(notice: Any, *, at_once: bool) -> None:
    """Note a warning of a commit with the request that it belongs to; warnings of other statements are none.

    at_once: the statement that runs is its own transaction.
    """
    warns = notice.severity_nonlocalized == "WARNING" and notice.sqlstate == WARNING
    if warns and (at_once or getattr(_this, "commits", False)) and has_app_context():
        g.not_durable = True


def is_durable() -> bool:
    """Whether every commit of this request so far did without a warning."""
    return not g.get("not_durable", False)


def init_app(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "postgresql":
                listen(engine)

    @app.after_request
    def only_what_is_durable(response: Response) -> Response:
        if is_durable() and not request.environ.get(DOUBTFUL):
            return response
        session.pop("_flashes", None)  # 已保存。 would be shown on the next page
        return _not_durable()


def _not_durable() -> Response:
    if wants_json():
        response = jsonify(code="not_durable", sentence=SENTENCE, advice=ADVICE)
    else:
        page = current_app.jinja_env.get_template("errors/plain.html")  # as when the database is away
        words = {"title": TITLE, "sentence": SENTENCE, "advice": ADVICE, "reference": ""}
        response = make_response(page.render(code=503, **words))
    response.status_code = 503
    response.headers["Retry-After"] = WAIT
    return response
