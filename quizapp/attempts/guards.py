"""The conditions under which a sheet may be written. They stand inside the writing statement, so that nothing slips
between looking and writing; each is a function of its own, so that a test can take it away and see the loss."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from quizapp.attempts.models import Attempt


def in_progress() -> ColumnElement[bool]:
    """Opened, and not handed in, expired or voided."""
    return Attempt.state == "in_progress"


def in_time(now: datetime) -> ColumnElement[bool]:
    """closes_at and the grace for the network have not passed."""
    return Attempt.refused_after >= now


def is_open(state: str, refused_after: datetime | None, now: datetime) -> bool:
    """The same for a row that was read: what time has closed is closed, written down or not."""
    return state == "in_progress" and refused_after is not None and refused_after >= now


def overdue(now: datetime) -> ColumnElement[bool]:
    """Closed by time, whether or not anybody has written it down yet."""
    return Attempt.refused_after < now


def newest_page(epoch: int) -> ColumnElement[bool]:
    """Only the page that was opened last may write."""
    return Attempt.epoch == epoch


def holds_key(key: str) -> ColumnElement[bool]:
    """Only the page that was opened last may open again unasked."""
    return Attempt.page_key == key


def newer(revision: int) -> ColumnElement[bool]:
    """An old request that comes late changes nothing."""
    return Attempt.revision < revision


def newer_or_same(revision: int, sheet: str) -> ColumnElement[bool]:
    """For a hand-in: its sheet may be the very one that is already stored."""
    return or_(Attempt.revision < revision, and_(Attempt.revision == revision, Attempt.sheet == sheet))
