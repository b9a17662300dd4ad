"""The minute's work of this area: 免考 and 缓考 whose day has passed end while the exam still runs."""

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.exams import excusing


@jobs.every_minute
def bring_back() -> None:
    """A batch to a transaction, until none is left."""
    moment = clock.now()
    while excusing.expire(moment):
        db.session.commit()
    db.session.rollback()
