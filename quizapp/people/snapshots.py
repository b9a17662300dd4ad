"""What people are like at a moment: their row, memberships and leaves, as plain values to keep and compare."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import select

from quizapp import jsonsql
from quizapp.db import db
from quizapp.people.models import Leave, Membership, Person
from quizapp.people.undo_rules import LEAVE, MEMBERSHIP, PERSON, Snapshot


def snapshots(person_ids: Collection[int]) -> dict[int, Snapshot]:
    """These people as they are now; who does not exist is left out. Three statements, however many people."""
    wanted = jsonsql.numbers(person_ids)
    found: dict[int, Snapshot] = {}
    columns = [getattr(Person, name) for name in PERSON]
    for person_id, *values in db.session.execute(select(Person.id, *columns).where(Person.id.in_(wanted))):
        found[person_id] = {"person": [_plain(value) for value in values], "memberships": [], "leaves": []}
    for part, table, names in (("memberships", Membership, MEMBERSHIP), ("leaves", Leave, LEAVE)):
        columns = [getattr(table, column) for column in names]
        rows = db.session.execute(
            select(table.person_id, *columns).where(table.person_id.in_(wanted)).order_by(table.id)
        )
        for person_id, *values in rows:
            found[person_id][part].append([_plain(value) for value in values])
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
