"""The minute's work of this area: medians, distributions and 人员类别 follow the results."""

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.reports import refreshing


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
