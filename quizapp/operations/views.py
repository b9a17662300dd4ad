"""Whether the app and its database answer."""

from flask import jsonify
from sqlalchemy import text

from quizapp import clock
from quizapp.db import db
from quizapp.operations import cli  # noqa: F401 - hangs its commands into bp
from quizapp.operations.pages import bp


@bp.get("/healthz")
def healthz():
    """200 when the database answers and this node's clock can be trusted; 503 otherwise (hazard H7)."""
    db.session.execute(text("SELECT 1"))
    if not clock.is_trusted():
        return jsonify(status="clock", sentence="本机时间与数据库服务器相差超过1秒。"), 503
    return jsonify(status="ok")
