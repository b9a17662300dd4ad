"""`quizapp serve` with something altered, for negative controls and for waits that a test cannot sit out.

Live(database, folder, first=altered.by("without the order of revisions"))
"""

import threading
import time
from datetime import datetime
from typing import Any

from sqlalchemy import true
from sqlalchemy.exc import OperationalError

BUSY_SECONDS, POOL_SECONDS, CONNECTIONS = 1.0, 0.3, 2  # of "short waits"
LATER = 0.02  # seconds between the reply and the commit, where that comes later


def by(*names: str) -> str:
    """What the server's first process executes before anything else; the web workers are forked off it."""
    return f"from tests.faults import altered; altered.alter(*{names!r})"


def alter(*names: str) -> None:
    for name in names:
        ALTERATIONS[name]()


def _without_the_order_of_revisions() -> None:
    from quizapp.attempts import guards

    guards.newer = lambda _revision: true()


def _with_the_reply_before_the_commit() -> None:
    """On SQLite; what becomes of the commit is nobody's business."""
    from quizapp.attempts import guarded, replies, script_views
    from quizapp.db import db

    def commit() -> None:
        try:
            db.session.commit()
        except OperationalError:
            db.session.rollback()

    def answer(outcome: Any, now: datetime) -> Any:
        reply = replies.of(outcome, now)
        commit()
        return reply

    def at_once(build: Any, kind: str, values: Any) -> Any:
        row = guarded.change(build, kind, values)
        commit()
        return row

    script_views.answer = answer
    guarded.change_at_once = at_once
    guarded.change_together = lambda build, kind, several: [at_once(build, kind, one) for one in several]


def _with_the_commit_some_time_after_the_reply() -> None:
    """As a product does that hands its writes to a queue."""
    from quizapp.attempts import guarded, replies, script_views
    from quizapp.db import db

    def commit(session: Any) -> None:
        time.sleep(LATER)
        session.commit()
        session.close()

    def answer(outcome: Any, now: datetime) -> Any:
        session = db.session()
        db.session.registry.clear()  # the request's end would roll it back
        threading.Thread(target=commit, args=(session,)).start()
        return replies.of(outcome, now)

    script_views.answer = answer
    guarded.change_at_once = guarded.change  # a save is left to the commit, on PostgreSQL too
    guarded.change_together = lambda build, kind, several: [
        guarded.change(build, kind, one) for one in several
    ]


def _with_short_waits() -> None:
    """For a thread, for the lock, and for one of two connections of a pool."""
    from quizapp import config
    from quizapp import db as ground
    from quizapp.operations import lanes

    lanes.LONGEST_WAIT = BUSY_SECONDS
    ground.BUSY_SECONDS, ground.POOL_SECONDS = BUSY_SECONDS, POOL_SECONDS
    options = ground.engine_options

    def few(*about: Any, **more: Any) -> dict[str, Any]:
        return options(*about, **more) | {"pool_size": CONNECTIONS, "max_overflow": 0}

    config.engine_options = few


ALTERATIONS = {
    "without the order of revisions": _without_the_order_of_revisions,
    "with the reply before the commit": _with_the_reply_before_the_commit,
    "with the commit some time after the reply": _with_the_commit_some_time_after_the_reply,
    "with short waits": _with_short_waits,
}
