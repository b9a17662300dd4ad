"""What the program writes to its log: one JSON object a line, so that no text from outside can forge a line.

No passwords, tokens, answers or ID numbers: messages name endpoints and references, SQL errors come without parameters.
What is written during a request carries its number, which error pages show (编号) and every reply has in X-Request-Id.
"""

import json
import logging
import re
import secrets
import time
from datetime import UTC, datetime

from flask import Flask, Response, current_app, g, has_app_context, request

access = logging.getLogger("quizapp.access")
GIVEN = re.compile(r"[\w.-]{8,64}", re.ASCII)  # what a proxy may call a request
BREAKS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}  # line breaks that JSON leaves alone


class JsonLine(logging.Formatter):
    """A record as one line of JSON; line breaks inside are escaped."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id():
            line["request"] = number
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False).translate(BREAKS)


def request_id() -> str:
    """The number of the running request; nothing outside of one."""
    return str(g.get("request_id", "")) if has_app_context() else ""


def seconds() -> float:
    """How long the running request has taken until now."""
    return time.perf_counter() - float(g.began)


def begin(given: str) -> None:
    """A request begins. given: the number that a proxy gave it, believed from a trusted one alone."""
    resume(*numbered(given))


def numbered(given: str) -> tuple[float, str]:
    """When a request begins, which is now, and its number: for `resume`."""
    believed = current_app.config["TRUSTED_PROXY"] and GIVEN.fullmatch(given)
    return time.perf_counter(), given if believed else secrets.token_hex(6).upper()


def resume(began: float, number: str) -> None:
    """What follows belongs to this request."""
    g.began, g.request_id = began, number


def end(method: str, endpoint: str, status: int, address: str) -> None:
    """It is answered: a line where the settings want one.

    Of its address the log holds the view's name alone, for it may hold a token.
    """
    which, took = current_app.config["ACCESS_LOG"], seconds() * 1000
    slow = status >= 500 or took >= current_app.config["SLOW_MILLISECONDS"]
    if which == "all" or (which == "slow" and slow):
        told = {
            "method": method,
            "endpoint": endpoint,
            "status": status,
            "ms": round(took, 1),
            "address": address,
        }
        access.info("request", extra={"fields": told})


def init_app(app: Flask) -> None:
    """Number the requests, write a line for those that failed or were slow, and send the log to standard error."""
    _to_standard_error()

    @app.before_request
    def first() -> None:
        begin(request.headers.get("X-Request-Id", ""))

    @app.after_request
    def last(response: Response) -> Response:
        if "request_id" in g:
            response.headers["X-Request-Id"] = g.request_id
            end(request.method, request.endpoint or "", response.status_code, request.remote_addr or "")
        return response


def _to_standard_error() -> None:
    """Once for the process."""
    logger = logging.getLogger("quizapp")
    if not any(isinstance(handler.formatter, JsonLine) for handler in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLine())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
