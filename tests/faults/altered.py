"""`quizapp serve` with something altered, for negative controls and for waits that a test cannot sit out.

monkeypatch.setattr("tests.live._quizapp", lambda: altered.program("without the order of revisions"))
"""

import sys
from datetime import datetime
from typing import Any

from sqlalchemy import true

from tests.databases import ROOT

BUSY_SECONDS, POOL_SECONDS, CONNECTIONS = 1.0, 0.3, 2  # of "short waits"


def program(*names: str) -> list[str]:
    """The command that takes the place of `quizapp`. The web workers are forked off it, altered like it."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.faults import altered; altered.main({names!r})"
    return [sys.executable, "-c", start]


def main(names: tuple[str, ...]) -> None:
    from quizapp.cli import main

    for name in names:
        ALTERATIONS[name]()
    main(prog_name="quizapp")


def _without_the_order_of_revisions() -> None:
    from quizapp.attempts import guards

    guards.newer = lambda _revision: true()


def _with_the_reply_before_the_commit() -> None:
    from quizapp.attempts import replies, script_views
    from quizapp.db import db

    def answer(outcome: Any, now: datetime) -> Any:
        reply = replies.of(outcome, now)
        try:
            db.session.commit()
        except Exception:  # noqa: BLE001 - the page was told already
            db.session.rollback()
        return reply

    script_views.answer = answer


def _with_short_waits() -> None:
    """For the lock, and for one of two connections of a pool."""
    from quizapp import config
    from quizapp import db as ground

    ground.BUSY_SECONDS, ground.POOL_SECONDS = BUSY_SECONDS, POOL_SECONDS
    options = ground.engine_options

    def few(*about: Any, **more: Any) -> dict[str, Any]:
        return options(*about, **more) | {"pool_size": CONNECTIONS, "max_overflow": 0}

    config.engine_options = few


ALTERATIONS = {
    "without the order of revisions": _without_the_order_of_revisions,
    "with the reply before the commit": _with_the_reply_before_the_commit,
    "with short waits": _with_short_waits,
}
