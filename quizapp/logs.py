"""What the program writes to its log: one JSON object a line, so that no text from outside can forge a line.

No passwords, tokens, answers or ID numbers: messages name endpoints and references, SQL errors come without parameters.
"""

import json
import logging
from datetime import UTC, datetime

from flask import Flask

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
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False).translate(BREAKS)


def init_app(_app: Flask) -> None:
    """Send the house's own log to standard error, once for the process."""
    logger = logging.getLogger("quizapp")
    if not any(isinstance(handler.formatter, JsonLine) for handler in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLine())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
