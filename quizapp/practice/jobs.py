"""The minute's work of this area: once a day, how well answers are foretold."""

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.practice import calibrating


@jobs.every_minute
def follow_calibration() -> None:
    now = clock.now()
    if calibrating.is_due(now):
        calibrating.refresh(now)
        db.session.commit()
