"""Two rows in every table of the app, made from the models: one with a value in every column, one as empty as allowed;
one row where a table has no more.

Nothing here knows what the tables are for; a table with a rule of its own is named in RULED.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from quizapp.db import UtcDateTime, db

MOMENT = datetime(2026, 11, 2, 2, 15, 9, 120_000, tzinfo=UTC)
TEXT = (
    '阿布都热西提·买买提\n“𠮷”，"quoted"\t\\n 的第{}行\''  # beyond the BMP, quotes, breaks, what COPY escapes
)
JSONS: tuple[Any, ...] = (
    {"乙": [1, 2.5, None], "甲": "…"},
    5.0,
)  # a bare number is what SQLite stores as one

SINGLE = {"study_state"}  # of one row

RULED: dict[str, dict[str, Any]] = {
    "unit": {"lft": lambda n: 10 * n, "rgt": lambda n: 10 * n + 5},
    "membership": {"until": lambda n: date(2026, 11, 3) if n == 1 else None},
    "unit_event": {
        "kind": lambda n: "merged" if n == 1 else "closed",
        "other_id": lambda n: 7001 if n == 1 else None,
    },
    "reminder_delivery": {"robot_id": lambda n: None, "person_id": lambda n: 7000 + n},
    "exam": {
        "daily_from": lambda n: 540 if n == 1 else None,
        "daily_until": lambda n: 1080 if n == 1 else None,
        "minutes": lambda n: 60,
    },
    "appeal": {
        "state": lambda n: "kept" if n == 1 else "open",
        "decided_at": lambda n: MOMENT if n == 1 else None,
    },
    "intervention": {
        "kind": lambda n: "reopen" if n == 1 else "void",
        "state": lambda n: "rejected" if n == 1 else "asked",
        "decided_by_id": lambda n: 7002 if n == 1 else None,
    },
    "held_verdict": {"state": lambda n: "accepted", "second_id": lambda n: 7003 - n},
    "clue": {
        "kind": lambda n: "similarity" if n == 1 else "pace",
        "other_id": lambda n: 7001 if n == 1 else None,
    },
    "self_test": {"mode": lambda n: "mock"},
    "daily_wish": {"minutes": lambda n: 5 * n},
    "study_plan": {"share": lambda n: 40 * n},
    "study_state": {"id": lambda n: n},
    "attempt": {"state": lambda n: "voided", "trial": lambda n: n == 1, "rehearsal": lambda n: False},
}


def fill_every_table() -> dict[str, int]:
    """Insert and commit; gives the number of rows of each table."""
    made: dict[str, list[dict[str, Any]]] = {}
    for table in db.metadata.sorted_tables:
        made[table.name] = [_row(table, n, made) for n in ((1,) if table.name in SINGLE else (1, 2))]
        for row in made[table.name]:  # the second may point at the first
            db.session.execute(sa.insert(table).values(row))
    _index_words()
    db.session.commit()
    return {name: len(rows) for name, rows in made.items()}


def _index_words() -> None:
    from quizapp.regulations import finding
    from quizapp.regulations.models import Provision

    finding.add([(found.id, found.text) for found in db.session.scalars(sa.select(Provision))])


def _row(table: sa.Table, n: int, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {column.name: _value(column, n, made) for column in table.columns}


def _value(column: sa.Column[Any], n: int, made: dict[str, list[dict[str, Any]]]) -> Any:
    ruled = RULED.get(column.table.name, {}).get(column.name)
    if ruled:
        return ruled(n)
    for key in column.foreign_keys:
        there = key.column.table.name
        if there == column.table.name:
            return None if n == 1 else 7001
        return made[there][n - 1][key.column.name]
    if column.nullable and n == 2:
        return sa.null()
    if allowed := _allowed(column):
        return allowed[0]
    return _plain(column, n)


def _allowed(column: sa.Column[Any]) -> list[str]:
    """The words that a check constraint lists for this column."""
    for rule in column.table.constraints:
        words = isinstance(rule, sa.CheckConstraint) and re.search(
            rf'\b{column.name}"? IN \(([^)]*)\)', str(rule.sqltext)
        )
        if words:
            return re.findall(r"'(\w+)'", words[1])
    return []


def _plain(column: sa.Column[Any], n: int) -> Any:
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return MOMENT.replace(day=n) + timedelta(hours=list(column.table.columns).index(column))
    if isinstance(kind, sa.Date):
        return date(2026, 11, n)
    if isinstance(kind, sa.JSON):
        return JSONS[n - 1]
    if isinstance(kind, sa.Boolean):
        return n == 1
    if isinstance(kind, sa.Float):
        return 0.1 + n
    if isinstance(kind, sa.Integer):
        return 7000 + n if column.primary_key else n
    length = getattr(kind, "length", None)
    return TEXT.format(n) if length is None else f"{n}甲"[:length]
