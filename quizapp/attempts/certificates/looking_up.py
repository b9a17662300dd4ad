"""How often somebody may ask for numbers that no certificate has: counted by address, as failed sign-ins are.

A number is 44 bits by chance with a check letter, so trying them out finds nothing in years; that it is counted keeps
programs from trying. Numbers whose check letter does not fit are refused before any table is read, and a certificate
that is found counts as nothing: a whole office may check a hundred.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, insert, select

from quizapp import config
from quizapp.db import db
from quizapp.people.models import LoginFailure

COUNTED = "certificate:"  # under this name misses stand among the failed sign-ins, which are kept for a day
ALLOWED = 20  # misses of an address within LOCK_MINUTES


def is_refused(address: str, now: datetime) -> bool:
    """Whether an address has asked too often for what is not there."""
    since = now - timedelta(minutes=config.value("LOCK_MINUTES"))
    misses = select(func.count()).where(
        LoginFailure.login == COUNTED, LoginFailure.address == address, LoginFailure.at > since
    )
    return (db.session.scalar(misses) or 0) >= ALLOWED


def missed(address: str, now: datetime) -> None:
    """Count a number that is not there."""
    db.session.execute(insert(LoginFailure).values(login=COUNTED, address=address[:64], at=now))
