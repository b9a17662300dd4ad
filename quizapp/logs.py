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

from flask import Flask, Response, g, has_request_context, request

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
    return str(g.get("request_id", "")) if has_request_context() else ""


def seconds() -> float:
    """How long the running request has taken until now."""
    return time.perf_counter() - float(g.began)


def init_app(app: Flask) -> None:
    """Number the requests, write a line for those that failed or were slow, and send the log to standard error."""
    _to_standard_error()
    trusting, which = bool(app.config["TRUSTED_PROXY"]), app.config["ACCESS_LOG"]
    slow = app.config["SLOW_MILLISECONDS"] / 1000

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Request-Id", "") if trusting else ""
        g.request_id = given if GIVEN.fullmatch(given) else secrets.token_hex(6).upper()

    @app.after_request
    def end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers["X-Request-Id"] = g.request_id
        if which == "all" or (which == "slow" and (response.status_code >= 500 or seconds() >= slow)):
            access.info("request", extra={"fields": _told(response)})
        return response


def _told(response: Response) -> dict[str, object]:
    """Of a request, what the log may hold: the view's name, for an address may hold a token."""
    return {
        "method": request.method,
        "endpoint": request.endpoint or "",
        "status": response.status_code,
        "ms": round(seconds() * 1000, 1),
        "address": request.remote_addr or "",
    }


def _to_standard_error() -> None:
    """Once for the process."""
    logger = logging.getLogger("quizapp")
    if not any(isinstance(handler.formatter, JsonLine) for handler in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLine())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
