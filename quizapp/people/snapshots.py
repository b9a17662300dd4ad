"""What people are like at a moment: their row, memberships and leaves, as plain values to keep and compare."""

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from quizapp.db import db
from quizapp.people import dialects
from quizapp.people.models import Leave, Membership, Person

PERSON = ("name", "name_key", "initials", "staff_number", "phone", "disabled_at")
MEMBERSHIP = ("id", "unit_id", "since", "until", "kind", "main", "category", "post", "sort")
LEAVE = ("id", "kind", "since", "until")
_DAYS = {"since", "until"}
Snapshot = dict[
    str, Any
]  # {"person": […], "memberships": [[…], …], "leaves": [[…], …]}, in the order of the columns


def snapshots(person_ids: Collection[int]) -> dict[int, Snapshot]:
    """These people as they are now; who does not exist is left out. Three statements, however many people."""
    wanted = dialects.numbers(person_ids)
    found: dict[int, Snapshot] = {}
    columns = [getattr(Person, name) for name in PERSON]
    for person_id, *values in db.session.execute(select(Person.id, *columns).where(Person.id.in_(wanted))):
        found[person_id] = {"person": [_plain(value) for value in values], "memberships": [], "leaves": []}
    for name, table, names in (("memberships", Membership, MEMBERSHIP), ("leaves", Leave, LEAVE)):
        columns = [getattr(table, column) for column in names]
        rows = db.session.execute(
            select(table.person_id, *columns).where(table.person_id.in_(wanted)).order_by(table.id)
        )
        for person_id, *values in rows:
            found[person_id][name].append([_plain(value) for value in values])
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def digests(kept: Snapshot) -> list[str]:
    """[of the person, of the memberships and leaves]: equal while nothing has changed."""
    parts = (kept["person"], [kept["memberships"], kept["leaves"]])
    return [hashlib.sha256(json.dumps(part).encode()).hexdigest()[:16] for part in parts]


def person_values(kept: Snapshot) -> dict[str, Any]:
    """The columns of the person's row, as the table takes them."""
    values = dict(zip(PERSON, kept["person"], strict=True))
    at = values["disabled_at"]
    return values | {"disabled_at": datetime.fromisoformat(at) if at else None}


def row_values(names: tuple[str, ...], row: list[Any]) -> dict[str, Any]:
    """The columns of a membership or a leave, as the table takes them. names: MEMBERSHIP or LEAVE."""
    values = dict(zip(names, row, strict=True))
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in values.items()
    }
