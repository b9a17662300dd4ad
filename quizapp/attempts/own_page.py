"""Which browser holds the exam page where no script tells: its cookie knows the key that the opening gave out, until
a script or another page opens anew."""

from flask import session

from quizapp.attempts import opening
from quizapp.attempts import outcomes as o
from quizapp.attempts.models import Attempt

Page = tuple[str, str, int]
NONE: Page = ("", "", 0)


def remember(token: str, outcome: o.Outcome) -> None:
    """Note in the cookie that this browser was given the page."""
    if isinstance(outcome, o.Opened):
        session["page"] = [token, outcome.page_key, outcome.epoch]


def remembered() -> Page:
    """What the cookie of this request notes: token, key and epoch of a page."""
    token, key, epoch = session.get("page") or NONE
    return token, key, epoch


def holds(page: Page, attempt: Attempt) -> bool:
    """Whether who was given that page still has the attempt: nobody has opened it since."""
    token, key, epoch = page
    return token == attempt.token and epoch == attempt.epoch and opening.holds_key(attempt.page_key, key)


def is_held(attempt: Attempt) -> bool:
    """Whether this browser was given the page, and nobody has opened it since."""
    return holds(remembered(), attempt)
