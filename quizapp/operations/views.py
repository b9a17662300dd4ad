"""Whether the app and its database answer."""

from flask import Blueprint, jsonify
from sqlalchemy import text

from quizapp import clock
from quizapp.db import db

bp = Blueprint("operations", __name__, cli_group=None)


@bp.get("/healthz")
def healthz():
    """200 when the database answers and this node's clock can be trusted; 503 otherwise (hazard H7)."""
    db.session.execute(text("SELECT 1"))
    if not clock.is_trusted():
        return jsonify(status="clock", sentence="本机时间与数据库服务器相差超过1秒。"), 503
    return jsonify(status="ok")


from quizapp.operations import cli  # noqa: E402, F401 - hangs the commands into `bp`
