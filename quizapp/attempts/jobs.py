"""The minute's work: writing down what time has closed, and forgetting trials after a day.

Two workers may do it at once, and nothing is lost when nobody does: see `closing.expire`.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from quizapp import clock, jobs
from quizapp.attempts import closing
from quizapp.attempts.models import Attempt, Closing, HeldSheet, SheetEvent
from quizapp.db import db

TRIALS_KEPT = timedelta(days=1)


def sweep(now: datetime) -> int:
    """Close every overdue attempt, a batch to a transaction. Gives how many."""
    done = 0
    while batch := closing.expire(now):
        db.session.commit()
        done += batch
    db.session.rollback()
    return done


def forget_trials(now: datetime) -> int:
    """Delete trials older than a day with all that hangs on them. Gives how many."""
    old = list(
        db.session.scalars(
            select(Attempt.id)
            .where(Attempt.trial, Attempt.created_at < now - TRIALS_KEPT)
            .limit(closing.BATCH)
        )
    )
    if old:
        for model in (SheetEvent, HeldSheet, Closing):
            db.session.execute(delete(model).where(model.attempt_id.in_(old)))
        db.session.execute(delete(Attempt).where(Attempt.id.in_(old), Attempt.trial))
    db.session.commit()
    return len(old)


@jobs.every_minute
def every_minute() -> None:
    moment = clock.now()
    sweep(moment)
    forget_trials(moment)
