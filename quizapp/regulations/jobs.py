"""What the minute's tick does for regulations."""

from quizapp import audit, clock, jobs
from quizapp.db import db
from quizapp.regulations import actions


@jobs.every_minute
def follow_the_calendar() -> None:
    """An edition imported before its day comes into force when the day has come."""
    coming = actions.put_in_force(clock.now())
    for edition_id in coming:
        audit.record("regulation.in_force", ("edition", edition_id), actor_id=None)
    db.session.commit()
