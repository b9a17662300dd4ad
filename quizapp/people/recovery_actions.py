"""Asking for a new password, confirming or refusing it, using it once. Nothing here commits; all of it is audited."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, select, update

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, recovery, recovery_queries
from quizapp.people.models import LoginFailure, PasswordRecovery, Person


def hash_of(token: str) -> str:
    """What is stored of a browser's token, which is random: a plain digest cannot be turned round."""
    return hashlib.sha256(token.encode()).hexdigest()


def ask(login: str, phone: str, *, before: str | None, now: datetime) -> str:
    """Keep a request and give the token for the browser's cookie; the same steps whoever is meant, or nobody.

    login: as typed. phone: its digits. before: the token of this browser's request so far, which ends.
    """
    person = recovery_queries.meant(login, phone)
    person_id = person.id if person else None
    matches = None if person is None or not person.phone else person.phone == phone
    token = secrets.token_urlsafe(32)
    db.session.execute(
        update(PasswordRecovery)
        .where(PasswordRecovery.token_hash == hash_of(before or ""))
        .where(PasswordRecovery.state.in_(("asked", "confirmed")))
        .values(state="replaced")
    )
    db.session.execute(delete(PasswordRecovery).where(PasswordRecovery.expires_at < now - recovery.KEPT))
    db.session.add(
        PasswordRecovery(
            person_id=person_id,
            token_hash=hash_of(token),
            code=f"{secrets.randbelow(10**recovery.CODE_DIGITS):0{recovery.CODE_DIGITS}}",
            phone_matches=matches,
            asked_at=now,
            expires_at=now + recovery.LASTS,
        )
    )
    audit.record("people.recovery_asked", ("person", person_id or ""), actor_id=None, phone_matches=matches)
    return token


def _open(person: Person, *states: str) -> list[PasswordRecovery]:
    """The person's requests in these states, locked, the oldest first."""
    wanted = select(PasswordRecovery).where(
        PasswordRecovery.person_id == person.id, PasswordRecovery.state.in_(states)
    )
    found = wanted.order_by(PasswordRecovery.id).with_for_update()
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def _waiting(person: Person, now: datetime, *states: str) -> list[PasswordRecovery]:
    """Those of them that have neither run out nor been overtaken. Raises Refused when there are none."""
    found = [
        one
        for one in _open(person, *states)
        if recovery.standing(
            one.state,
            asked_at=one.asked_at,
            expires_at=one.expires_at,
            password_set_at=person.password_set_at,
            now=now,
        )
        in ("waiting", "confirmed")
    ]
    if not found:
        sentence = f"{person.name}的申请已经处理、撤回或超过24小时，没有改动。"
        raise Refused("recovery_over", sentence, "请本人重新申请，或打印新的口令条。")
    return found


def confirm(person: Person, code: str, how: str, *, now: datetime, actor_id: int) -> None:
    """The request with this 核对码 is the person's own: its browser may set a new password. The others end.

    Raises Refused when it has run out, for a code that no request or more than one has, and for a way of checking
    that proves nothing.
    """
    waiting = _waiting(person, now, "asked")
    fitting = [one for one in waiting if one.code == code]
    if len(fitting) != 1:
        sentence = f"核对码与{person.name}的申请不符，没有确认。"
        raise Refused("recovery_code", sentence, "请再次与本人核对；仍不相符的，不要确认。", status=422)
    [chosen] = fitting
    barred = recovery.bars_confirming(person.name, matches=chosen.phone_matches, how=how)
    if barred:
        raise Refused("recovery_how", f"{barred}，没有确认。", "请返回名单重新办理。", status=422)
    for one in waiting:
        one.state = "confirmed" if one is chosen else "refused"
        one.decided_by_id, one.decided_at = actor_id, now
    db.session.flush()
    audit.record("people.recovery_confirmed", person, actor_id=actor_id, how=how, others=len(waiting) - 1)


def refuse(person: Person, *, now: datetime, actor_id: int) -> int:
    """None of the person's requests is the own one, or a confirmed one is taken back. Gives how many ended."""
    ended = _waiting(person, now, "asked", "confirmed")
    for one in ended:
        one.state, one.decided_by_id, one.decided_at = "refused", actor_id, now
    db.session.flush()
    audit.record("people.recovery_refused", person, actor_id=actor_id, requests=len(ended))
    return len(ended)


def use(asked: recovery_queries.Asked, hashed: str, *, now: datetime) -> Person:
    """Set the new password, hashed before this transaction, once; all sign-ins end and a lock is lifted.

    Raises Refused when the request was used, taken back or overtaken meanwhile.
    """
    person = db.session.scalars(
        select(Person)
        .join(PasswordRecovery, PasswordRecovery.person_id == Person.id)
        .where(PasswordRecovery.id == asked.id, recovery_queries.usable(now))
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    ).one_or_none()
    used = (
        update(PasswordRecovery)
        .where(PasswordRecovery.id == asked.id, PasswordRecovery.state == "confirmed")
        .values(state="used", used_at=now)
        .returning(PasswordRecovery.id)
    )
    if person is None or db.session.scalar(used) is None:
        sentence = "这份申请已经使用、撤回或超过24小时，口令没有改动。"
        raise Refused("recovery_over", sentence, "请重新申请，或请本单位管理员打印口令条。")
    actions.set_password(person, hashed, now=now)
    db.session.execute(delete(LoginFailure).where(LoginFailure.login == person.account))
    audit.record("people.recovery_used", person, actor_id=person.id)
    return person
