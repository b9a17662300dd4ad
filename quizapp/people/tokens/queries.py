"""What is read of tokens. A function is one statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from quizapp import config
from quizapp.db import db
from quizapp.people.models import Person, Unit
from quizapp.people.queries import Interval, inside
from quizapp.people.tokens import rules
from quizapp.people.tokens.models import ApiToken


@dataclass(frozen=True)
class Bearer:
    """A token that came with a request, and the interval of the unit that it reaches."""

    id: int
    scopes: list[str]
    expires_at: datetime
    revoked_at: datetime | None
    minute: datetime | None
    calls: int
    unit_id: int
    lft: int
    rgt: int


def bearer(token: str) -> Bearer | None:
    """The token with this secret, standing or not; the settings travel along."""
    row = db.session.execute(
        select(
            *(ApiToken.id, ApiToken.scopes, ApiToken.expires_at, ApiToken.revoked_at),
            *(ApiToken.minute, ApiToken.calls),
            *(Unit.id, Unit.lft, Unit.rgt, config.stored()),
        )
        .join(Unit, Unit.id == ApiToken.unit_id)
        .where(ApiToken.digest == rules.digest(token))
    ).one_or_none()
    if row is None:
        return None
    *known, settings = row
    config.know(settings)
    return Bearer(*known)


@dataclass(frozen=True)
class Listed:
    """A token as the list shows it. state: what `rules.refusal` says."""

    token: ApiToken
    unit: str
    made_by: str
    state: str

    @property
    def scopes(self) -> str:
        return rules.in_words(self.token.scopes)


def listed(intervals: Iterable[Interval], now: datetime) -> list[Listed]:
    """The tokens of units in these intervals: those that stand first, then the newest first."""
    rows = db.session.execute(
        select(ApiToken, Unit.name, func.coalesce(Person.name, ""))
        .join(Unit, Unit.id == ApiToken.unit_id)
        .outerjoin(Person, Person.id == ApiToken.made_by_id)
        .where(inside(Unit.lft, intervals))
        .order_by(ApiToken.id.desc())
    )
    found = [Listed(token, unit, by, rules.refusal(token, now)) for token, unit, by in rows]
    return sorted(found, key=lambda one: bool(one.state))
