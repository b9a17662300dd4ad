"""After 交卷 on a shared computer: the receipt stays a minute, then the sign-in is over whatever the browser does."""

from datetime import datetime

from flask import session

from quizapp.attempts import outcomes as o
from quizapp.exams.halls.rules import STAY
from quizapp.people import confined, sessions


def after(outcome: o.Outcome, now: datetime) -> None:
    """Call before the commit of an outcome: a closed sheet ends a hall's sign-in within STAY. Else nothing."""
    if confined.is_confined() and isinstance(outcome, o.HandedIn | o.Closed):
        sessions.end_soon(now + STAY)


def seconds_left(now: datetime) -> int:
    """For how long the receipt may still be shown in a hall, counted from when it was shown first; 0 elsewhere."""
    if not confined.is_confined():
        return 0
    first = session.setdefault("receipt_shown", int(now.timestamp()))
    return max(0, int(STAY.total_seconds()) - (int(now.timestamp()) - first))
