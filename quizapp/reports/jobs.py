"""The minute's work of this area: figures of exams follow the results, those of learning the answers."""

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.reports import refreshing
from quizapp.reports.study import refreshing as study


@jobs.every_minute
def refresh_spreads() -> None:
    """An exam to a transaction; exams whose counters did not move are only marked as looked at."""
    now = clock.now()
    counted = refreshing.due(now)
    right = refreshing.still_right(counted, now)
    db.session.commit()
    for exam_id in sorted(counted.keys() - right):
        refreshing.refresh(exam_id, counted[exam_id], now)
        db.session.commit()


@jobs.every_minute
def refresh_study() -> None:
    """Daily quizzes and mastery of units: some hundred units to a transaction, at last the sums of all."""
    now = clock.now()
    what = study.due(now)
    if what is None:
        return
    for part in study.parts(what.changed):
        study.count(part, what, now)
        db.session.commit()
    if len(what.changed) <= study.A_MINUTE:
        study.sum_up(what, now)
        db.session.commit()
