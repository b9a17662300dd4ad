"""Applying a checked sheet of units, with a row in the 沿革 of every unit that it renames or moves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from quizapp import audit
from quizapp.people import actions, queries, unit_actions, unit_sheet
from quizapp.people.models import Unit
from quizapp.people.unit_sheet import KnownUnit, UnitPlan
from quizapp.spreadsheets import Row


def plan_units(rows: Sequence[Row], reachable: Iterable[int]) -> UnitPlan:
    """What this sheet of units would change now. reachable: ids of units that the importer may change."""
    entries, problems = unit_sheet.read(rows)
    planned = unit_sheet.plan(entries, queries.known_units(), reachable)
    planned.problems = sorted(planned.problems + problems, key=lambda problem: problem.row)
    return planned


def apply_units(planned: UnitPlan, now: datetime, *, actor_id: int | None) -> None:
    """Change and add units as planned, and number the tree."""
    for_update = [{"id": change.unit_id, **change.values} for change in planned.changes if change.values]
    columns = sorted({column for row in for_update for column in row})
    before = {unit.id: unit for unit in queries.known_units()}
    whole = [
        {
            column: row[column] if column in row else getattr(before[int(row["id"])], column)
            for column in columns
        }
        for row in for_update
    ]
    actions.update_each(Unit, whole)
    new = [
        actions.NewUnit(e.code, e.name, e.parent or None, e.short_name, e.kind, unit_sheet.sort_of(e))
        for e in planned.new
    ]
    ids = actions.add_units(new, now, actor_id=actor_id)
    moved = [
        {"id": change.unit_id, "parent_id": ids[change.parent]} for change in planned.changes if change.parent
    ]
    actions.update_each(Unit, moved)
    actions.renumber()
    unit_actions.note_import(_history(planned, before, ids), now, actor_id=actor_id)
    changed = [(change.unit_id, {"changes": list(change.words)}) for change in planned.changes]
    audit.record_many("people.unit_changed", "unit", changed, actor_id=actor_id)


Told = tuple[
    int, dict[str, Any], dict[str, Any]
]  # (unit id, before, after), as `unit_actions.note_import` takes it


def _history(planned: UnitPlan, before: Mapping[int, KnownUnit], ids: Mapping[str, int]) -> list[Told]:
    """What of a sheet belongs into the 沿革: other names, and other places. A first 简称, and the real name of the
    root that the first administrator found, replace nothing."""
    called = {unit.id: unit.name for unit in before.values()}
    called.update({ids[entry.code]: entry.name for entry in planned.new})
    told: list[Told] = []
    for change in planned.changes:
        old = before[change.unit_id]
        renames = "name" in change.values or ("short_name" in change.values and old.short_name)
        if renames and "code" not in change.values:
            told.append((old.id, _names(old, {}), _names(old, change.values)))
        if change.parent is not None:
            told.append((old.id, _place(old.parent_id, called), _place(ids[change.parent], called)))
    return told


def _names(old: KnownUnit, new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: new.get(name, getattr(old, name)) for name in ("name", "short_name")}


def _place(parent_id: int | None, called: Mapping[int, str]) -> dict[str, Any]:
    return {"parent": called.get(parent_id or 0, ""), "parent_id": parent_id}
