"""Making and revoking tokens, and counting their requests. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, update

from quizapp import audit, clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import throttle
from quizapp.people.models import Unit
from quizapp.people.tokens import rules
from quizapp.people.tokens.models import ApiToken


def make(
    unit: Unit, label: str, scopes: Sequence[str], days: int, *, now: datetime, actor_id: int | None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is told this once. days: how long it lasts, today included.

    Raises Refused for scopes that open nothing, ValueError for more than a year.
    """
    if not scopes or not set(scopes) <= set(rules.SCOPES):
        raise Refused("scopes", "没有选择可读取的内容，没有制作令牌。", "请至少选择一项。", status=422)
    if lacking := rules.lacking(scopes):
        sentence = f"只选手机号读不到任何内容，须同时选择“{rules.SCOPES[lacking]}”。没有制作令牌。"
        raise Refused("scopes", sentence, status=422)
    secret = rules.new_token()
    token = ApiToken(
        label=label,
        digest=rules.digest(secret),
        scopes=[code for code in rules.SCOPES if code in scopes],
        unit_id=unit.id,
        made_by_id=actor_id,
        made_at=now,
        expires_at=rules.expiry(clock.today(now), days),
    )
    db.session.add(token)
    db.session.flush()
    told = {"label": label, "unit": unit.code, "scopes": token.scopes, "days": days}
    audit.record("token.made", token, actor_id=actor_id, **told)
    return token, secret


def revoke(token: ApiToken, *, now: datetime, actor_id: int | None) -> None:
    """From now on the token opens nothing. One that was revoked before stays as it is."""
    if token.revoked_at is None:
        token.revoked_at = now
        audit.record("token.revoked", token, actor_id=actor_id, label=token.label)


def count_call(token_id: int, now: datetime, address: str) -> int:
    """Count a request and keep the minute and the address of the last use; of several in a minute the first address.

    How many there were in this minute, this one included: true over all processes. One statement.
    """
    minute = throttle.minute_of(now)
    same = ApiToken.minute == minute
    calls = db.session.scalar(
        update(ApiToken)
        .where(ApiToken.id == token_id)
        .values(
            calls=case((same, ApiToken.calls + 1), else_=1),
            last_address=case((same, ApiToken.last_address), else_=address[:64]),
            minute=minute,
            last_used_at=minute,
        )
        .returning(ApiToken.calls)
        .execution_options(synchronize_session=False)
    )
    return calls or 1
