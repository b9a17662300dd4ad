"""What machines ask: does the app live, shall this node get people, how is it doing."""

from flask import Response, jsonify, request
from sqlalchemy import text

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.operations import cli, metrics, readiness  # noqa: F401 - cli hangs its commands into bp
from quizapp.operations.pages import bp


@bp.get("/healthz")
def healthz():
    """200 when the database answers and this node's clock can be trusted; 503 otherwise (hazard H7)."""
    db.session.execute(text("SELECT 1"))
    if not clock.is_trusted():
        return jsonify(status="clock", sentence="本机时间与数据库服务器相差超过1秒。"), 503
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz():
    """200 when a proxy may send people here; 503 with the reason otherwise."""
    found = readiness.hindrance()
    if found is not None:
        return jsonify(status=found[0], sentence=found[1]), 503
    return jsonify(status="ready")


@bp.get("/metrics")
def figures():
    """Figures for Prometheus; for this machine alone, unless a token is set: to others the page is not there."""
    if not metrics.may_read(request):
        not_found()
    return Response(metrics.text_format(), content_type="text/plain; version=0.0.4; charset=utf-8")


@bp.after_app_request
def count_request(response: Response) -> Response:
    metrics.count(request.endpoint or "none", response.status_code)
    return response
