"""A server that is wrong on purpose, for negative controls: it answers first and commits a moment later, as a product
does that hands its writes to a queue. Everything else is the real product.

    Live(database, folder, first="from tests.faults import early_reply; early_reply.install()", PYTHONPATH=str(ROOT))
"""

import threading
import time
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from quizapp.attempts import guarded, outcomes, replies, script_views
from quizapp.db import db

LATER = 0.02  # seconds between the reply and the commit


def install() -> None:
    """In the server's first process: its web workers are forked from it. Takes away "commit, then answer"."""
    script_views.answer = answer
    guarded.change_at_once = guarded.change  # a save is left to the commit, on PostgreSQL too


def answer(outcome: outcomes.Outcome, now: datetime) -> Any:
    """Answer; the commit comes when it comes."""
    session = db.session()
    db.session.registry.clear()  # the request's end would roll it back
    threading.Thread(target=_commit, args=(session,)).start()
    return replies.of(outcome, now)


def _commit(session: Session) -> None:
    time.sleep(LATER)
    session.commit()
    session.close()
