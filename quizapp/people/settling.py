"""What a proved sign-in writes: its session, if the person is still as it was read, and what is used up with it.

Nearly always that is the session alone: one statement, which looks at the person itself and is its own transaction.
"""

from datetime import datetime
from functools import cache
from typing import Any

from flask import session
from sqlalchemy import Connection, Insert, Select, Update, bindparam, delete, exists, insert, select, update

from quizapp.db import at_once, db
from quizapp.people import sessions
from quizapp.people.models import BackupCode, LoginFailure, LoginSession, Person
from quizapp.people.sign_in import Facts, Proof


def settle(facts: Facts, proof: Proof, *, kind: str, now: datetime) -> bool:
    """Start the sign-in on this browser, where any earlier one ends, use up what was used, forget the failures.

    All of it is committed; False, and nothing to be committed, when the person changed in the meantime.
    """
    row = sessions.new_row(proof.person_id, kind=kind, now=now)
    if facts.failed or proof.code_id is not None or proof.new_hash is not None:
        started = _start(db.session.connection(), row, facts) and _use_up(facts, proof, now)
        (db.session.commit if started else db.session.rollback)()
    else:
        with at_once() as connection:
            started = _start(connection, row, facts)
    if started:
        sessions.hold(row)
        session["by"] = proof.by
    return started


def _start(connection: Connection, row: dict[str, Any], facts: Facts) -> bool:
    """Whether the sign-in has begun; any earlier one of this browser has then ended."""
    new = {f"new_{name}": value for name, value in row.items()} | {"stored": facts.stored}
    before = {"ended_id": session.get("sid"), "ended_now": row["started_at"]}
    if connection.dialect.name == "postgresql":
        return connection.execute(_both(), new | before).one_or_none() is not None
    started = connection.execute(_alone()[0], new).one_or_none() is not None
    if started and before["ended_id"]:
        connection.execute(_alone()[1], before)
    return started


def _started() -> Insert:
    """The new row, for a person who may sign in and whose password is still the one that was read."""
    values, stored = sessions.row_given(), bindparam("stored", type_=Person.password_hash.type)
    unchanged = Person.disabled_at.is_(None), Person.password_hash.is_not_distinct_from(stored)
    person = select(*values.values()).where(Person.id == values["person_id"], *unchanged)
    table = LoginSession.__table__
    return insert(table).from_select(list(values), person).returning(table.c.id)


@cache
def _alone() -> tuple[Insert, Update]:
    return _started(), sessions.ended()


@cache
def _both() -> Select[Any]:
    """PostgreSQL: both as one statement; the earlier one ends only where the new one begins."""
    started = _started().cte("started")
    ended = sessions.ended().where(exists(select(started.c.id))).cte("ended")
    return select(started.c.id).add_cte(ended)


def _use_up(facts: Facts, proof: Proof, now: datetime) -> bool:
    """In the running transaction; False when the 备用码 has been used meanwhile."""
    if proof.code_id is not None:
        unused = BackupCode.id == proof.code_id, BackupCode.used_at.is_(None)
        used = update(BackupCode).where(*unused).values(used_at=now).returning(BackupCode.id)
        if db.session.scalar(used) is None:
            return False
    if proof.new_hash is not None:
        same = Person.id == proof.person_id, Person.password_hash == facts.stored
        db.session.execute(update(Person).where(*same).values(password_hash=proof.new_hash))
    if facts.failed:
        db.session.execute(delete(LoginFailure).where(LoginFailure.login == facts.key))
    return True
