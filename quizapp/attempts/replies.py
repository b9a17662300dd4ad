"""Reading what the exam page sends and answering it: JSON only, small, and every outcome with its status."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Response, jsonify, request
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from quizapp.attempts import outcomes as o
from quizapp.attempts import protocol
from quizapp.errors import Refused

Body = TypeVar("Body")
WRONG_SHAPE = Refused(
    "shape", "页面送出的数据有误，没有保存。", "答案仍在本机，请刷新页面后继续。", status=422
)


def read(parse: Callable[[bytes], Body]) -> Body:
    """The body of this request, before the first statement. 415, 413 or 422 for what is none."""
    if not request.is_json:
        raise UnsupportedMediaType
    request.max_content_length = protocol.LARGEST_BODY
    if (request.content_length or 0) > protocol.LARGEST_BODY:
        raise RequestEntityTooLarge
    try:
        return parse(request.get_data(cache=False))
    except protocol.WrongShape as wrong:
        raise WRONG_SHAPE from wrong


def of(outcome: o.Outcome, now: datetime) -> Response:
    """The reply to an outcome that has been committed."""
    body, status = protocol.reply(outcome, now)
    if status == 401:
        body["csrf_token"] = generate_csrf()
    response = jsonify(body)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response
