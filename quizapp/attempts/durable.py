"""Whether a commit counts. PostgreSQL can report success for a commit that no standby has: it then warns
"canceling wait for synchronous replication" while it commits. Such a sheet is stored here, but not yet safely: the
page is told to send again (503 not_durable).
"""

import threading
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from quizapp.db import db

WARNING = "01000"  # the class of that notice; its words depend on the server's language

_seen = threading.local()  # a commit and its notices happen in one thread


def listen(engine: Engine) -> None:
    """Hear the warnings of this engine's connections."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.add_notice_handler(hear)


def hear(notice: Any) -> None:
    if notice.severity_nonlocalized == "WARNING" and notice.sqlstate == WARNING:
        _seen.warned = True


def before_commit() -> None:
    """Forget warnings of earlier statements."""
    _seen.warned = False


def is_durable() -> bool:
    """Whether the commit that just returned did so without a warning."""
    return not getattr(_seen, "warned", False)


def init_app(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "postgresql":
                listen(engine)
