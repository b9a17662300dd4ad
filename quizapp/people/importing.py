"""Applying a checked sheet of units or people: all of it in the running transaction, or nothing (hazard H28).

A sheet is checked twice with the same plan: when it is uploaded, and in the transaction that applies it. `fingerprint`
tells whether what the administrator saw is what would happen now.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, insert

from quizapp import audit, clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import (
    acceptance,
    actions,
    dialects,
    differences,
    matching,
    names,
    queries,
    roster,
    snapshots,
    unit_sheet,
)
from quizapp.people.models import Leave, Membership, Person, RosterImport, Unit
from quizapp.people.plans import Edit, Ending, LeaveChange, Newcomer, Plan
from quizapp.people.roster import UNSORTED, Entry
from quizapp.people.standing import LEAVE_WORDS
from quizapp.people.unit_sheet import UnitPlan
from quizapp.spreadsheets import Row

AT_ONCE = 1000  # people of one insert, and one step of the progress
Report = Callable[[int, int], None]  # done, of how many


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def plan_units(rows: Sequence[Row], reachable: Iterable[int]) -> UnitPlan:
    """What this sheet of units would change now. reachable: ids of units that the importer may change."""
    entries, problems = unit_sheet.read(rows)
    planned = unit_sheet.plan(entries, queries.known_units(), reachable)
    planned.problems = sorted(planned.problems + problems, key=lambda problem: problem.row)
    return planned


def plan_people(
    rows: Sequence[Row],
    reachable: Iterable[int],
    now: datetime,
    chosen: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """What this roster would change now. reachable: ids of units that the importer may act in.

    chosen: what a person said so far, see `acceptance`; here only the answers to doubts count.
    """
    units, today = queries.known_units(), clock.today(now)
    entries, problems, has_identity = roster.read(rows, units)
    planned = matching.plan(
        entries,
        queries.known_people(today, entries),
        units,
        reachable,
        today,
        answers=acceptance.answers(chosen),
        troubled={getattr(problem, "name", "") for problem in problems},
    )
    planned.problems = sorted(planned.problems + problems, key=lambda problem: problem.row)
    planned.ignores_identity_numbers = has_identity
    return planned


def plan(kind: str, rows: Sequence[Row], reachable: Iterable[int], now: datetime) -> Plan | UnitPlan:
    """What a sheet of this kind, units or people, would change now; of people only what is taken by default."""
    if kind == "units":
        return plan_units(rows, reachable)
    return acceptance.narrowed(plan_people(rows, reachable, now), {})


def fingerprint(planned: Plan | UnitPlan) -> str:
    """Equal for plans that do the same; of a narrowed plan it covers what was accepted."""
    return hashlib.sha256(repr(planned).encode()).hexdigest()[:32]


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
    changed = [(change.unit_id, {"changes": list(change.words)}) for change in planned.changes]
    audit.record_many("people.unit_changed", "unit", changed, actor_id=actor_id)


def apply_people(
    planned: Plan, now: datetime, *, actor_id: int | None, report: Report = _silent
) -> list[int]:
    """Change and add people as planned; the ids of those added, in order. Only known kinds of change, set by set."""
    today = clock.today(now)
    _change_people(planned.edits)
    _move_people(planned.edits, today)
    _keep_leaves([(edit.person.id, change) for edit in planned.edits for change in edit.leaves])
    _end(planned.endings, now, actor_id)
    ids: list[int] = []
    for start in range(0, len(planned.new), AT_ONCE):
        report(start, len(planned.new))
        ids += _add_people(planned.new[start : start + AT_ONCE], now, actor_id)
    changed = [(edit.person.id, {"changes": list(edit.words)}) for edit in planned.edits]
    audit.record_many("people.person_changed", "person", changed, actor_id=actor_id)
    return ids


def _end(endings: Sequence[Ending], now: datetime, actor_id: int | None) -> None:
    """Memberships end on the day that was given; who retires cannot sign in any more."""
    today = clock.today(now)
    over = [(belonging, one.last_day) for one in endings for belonging in one.missing.belongings]
    actions.update_each(
        Membership, [{"id": b.id, "until": max(day, b.since)} for b, day in over if b.since < today]
    )
    _forget([belonging.id for belonging, _ in over if belonging.since >= today])
    actions.disable_all([one.missing.person.id for one in endings if one.how == "retired"], now)
    for how in ("left", "retired"):
        told = [(e.missing.person.id, {"last_day": str(e.last_day)}) for e in endings if e.how == how]
        audit.record_many(f"people.person_{how}", "person", told, actor_id=actor_id)


def _forget(membership_ids: list[int]) -> None:
    """Memberships that would be left without a day."""
    if membership_ids:
        db.session.execute(delete(Membership).where(Membership.id.in_(dialects.numbers(membership_ids))))


def _keep_leaves(changes: Sequence[tuple[int, LeaveChange]]) -> None:
    """Leaves begin, change their days, or go when they would end before they begin. changes: (person, change)."""
    begun = [
        {"person_id": person_id, "kind": change.kind, "since": change.since, "until": change.until}
        for person_id, change in changes
        if change.id is None
    ]
    if begun:
        db.session.execute(insert(Leave), begun)
    kept = [change for _, change in changes if change.id is not None]
    dayless = [c.id for c in kept if c.until is not None and c.until < c.since]
    lasting = [c for c in kept if c.until is None or c.until >= c.since]
    actions.update_each(Leave, [{"id": c.id, "since": c.since, "until": c.until} for c in lasting])
    if dayless:
        db.session.execute(delete(Leave).where(Leave.id.in_(dialects.numbers(i for i in dayless if i))))


def _change_people(edits: Sequence[Edit]) -> None:
    """Numbers first go from their old owners: two people may exchange theirs."""
    touched = [edit for edit in edits if edit.name or edit.staff_number or edit.phone]
    released = [
        {
            "id": edit.person.id,
            "staff_number": None if edit.staff_number else edit.person.staff_number,
            "phone": None if edit.phone else edit.person.phone,
        }
        for edit in touched
        if edit.staff_number or edit.phone
    ]
    actions.update_each(Person, released)
    values = []
    for edit in touched:
        name = edit.name or edit.person.name
        values.append(
            {
                "id": edit.person.id,
                "name": name,
                "name_key": names.sort_key(name),
                "initials": names.initials(name),
                "staff_number": edit.staff_number or edit.person.staff_number,
                "phone": edit.phone or edit.person.phone,
            }
        )
    actions.update_each(Person, values)


def _move_people(edits: Sequence[Edit], today: date) -> None:
    """Old memberships end the day before; one that began today would then have no day, and goes."""
    closed = [belonging for edit in edits for belonging in edit.closed]
    yesterday = today - timedelta(days=1)
    actions.update_each(Membership, [{"id": b.id, "until": yesterday} for b in closed if b.since < today])
    _forget([b.id for b in closed if b.since >= today])
    opened = [_belonging(edit.person.id, e, main, today) for edit in edits for e, main in edit.opened]
    if opened:
        db.session.execute(insert(Membership), opened)
    columns = ("category", "post", "sort", "kind")
    adjusted = [
        {"id": old.id} | {column: values.get(column, getattr(old, column)) for column in columns}
        for edit in edits
        for old, values in edit.adjusted
    ]
    actions.update_each(Membership, adjusted)


def _belonging(person_id: int, entry: Entry, main: bool, today: date) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "unit_id": entry.unit_id,
        "since": today,
        "kind": entry.kind or "staff",
        "main": main,
        "category": entry.category,
        "post": entry.post,
        "sort": UNSORTED if entry.sort is None else entry.sort,
    }


def _add_people(newcomers: Sequence[Newcomer], now: datetime, actor_id: int | None) -> list[int]:
    new = [
        actions.NewPerson(
            name=person.main.name,
            unit_id=person.main.unit_id,
            staff_number=_first(person, "staff_number"),
            phone=_first(person, "phone"),
            category=person.main.category,
            post=person.main.post,
            sort=UNSORTED if person.main.sort is None else person.main.sort,
            kind=person.main.kind or "staff",
        )
        for person in newcomers
    ]
    ids = actions.add_people(new, now, actor_id=actor_id)
    further = [
        _belonging(person_id, entry, False, clock.today(now))
        for person_id, person in zip(ids, newcomers, strict=True)
        for entry in person.entries[1:]
    ]
    if further:
        db.session.execute(insert(Membership), further)
    leaves = [
        (person_id, differences.begun(said, clock.today(now)))
        for person_id, person in zip(ids, newcomers, strict=True)
        if (said := person.main.standing) is not None and said.kind in LEAVE_WORDS
    ]
    _keep_leaves(leaves)
    return ids


def _first(person: Newcomer, column: str) -> str | None:
    return next((getattr(entry, column) for entry in person.entries if getattr(entry, column)), None)


def note(
    kind: str,
    file_name: str,
    file_hash: str,
    summary: dict[str, Any],
    now: datetime,
    *,
    actor_id: int | None,
    undo: dict[str, Any] | None = None,
) -> None:
    """Remember that this file was applied, and leave the audit row of the import as a whole. undo: see `undoing`."""
    row = RosterImport(
        kind=kind,
        file_name=file_name[:200],
        file_hash=file_hash,
        by_id=actor_id,
        at=now,
        summary=summary,
        undo=undo,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(f"people.{kind}_imported", row, actor_id=actor_id, file_name=file_name[:200], **summary)


def apply(
    kind: str,
    planned: Plan | UnitPlan,
    file_name: str,
    file_hash: str,
    now: datetime,
    *,
    actor_id: int | None,
    report: Report = _silent,
) -> list[int]:
    """Apply a plan without problems and note it; ids of people added. A plan that changes nothing leaves nothing."""
    if planned.problems:
        raise ValueError("a plan with problems cannot be applied")
    if planned.changes_nothing:
        return []
    summary = {"added": len(planned.new), "changed": planned.changed, "unchanged": planned.unchanged}
    if isinstance(planned, UnitPlan):
        apply_units(planned, now, actor_id=actor_id)
        note(kind, file_name, file_hash, summary, now, actor_id=actor_id)
        return []
    touched = {edit.person.id for edit in planned.edits} | {e.missing.person.id for e in planned.endings}
    before = snapshots.snapshots(touched)
    ids = apply_people(planned, now, actor_id=actor_id, report=report)
    after = snapshots.snapshots(touched | set(ids))
    undo = {
        "before": {str(i): kept for i, kept in before.items()},
        "after": {str(i): snapshots.digests(kept) for i, kept in after.items()},
        "new": ids,
    }
    summary |= {"ended": len(planned.endings)}
    note(kind, file_name, file_hash, summary, now, actor_id=actor_id, undo=undo)
    return ids


def accepted(order: Mapping[str, Any], rows: Sequence[Row], now: datetime) -> Plan | UnitPlan:
    """The plan as it was shown, narrowed to what was chosen. Raises Refused with the code `changed` when it is not
    what was shown, `conflict` when the choices contradict one another or rows with problems were not left out.

    order: kind, reachable, fingerprint; of people also chosen (see `acceptance`) and skip.
    """
    changed = Refused("changed", "检查之后名册有了变化，没有改动任何内容，请重新上传并核对。")
    if order["kind"] == "units":
        units = plan_units(rows, order["reachable"])
        if units.problems or fingerprint(units) != order["fingerprint"]:
            raise changed
        return units
    planned = plan_people(rows, order["reachable"], now)
    if fingerprint(planned) != order["fingerprint"]:
        raise changed
    chosen = order["chosen"]
    if bad := acceptance.bad_day(planned, chosen, clock.today(now)):
        raise Refused("conflict", f"{bad}没有改动任何内容。")
    if acceptance.answers(chosen):
        settled = plan_people(rows, order["reachable"], now, chosen)
        told = {(problem.row, problem.message) for problem in planned.problems}
        if new := [p for p in settled.problems if (p.row, p.message) not in told]:
            raise Refused("conflict", f"第{new[0].row}行：{new[0].message}。没有改动任何内容。")
        planned = settled
    narrow = acceptance.narrowed(planned, chosen, skip=order["skip"])
    if narrow.problems:
        first = narrow.problems[0]
        raise Refused("conflict", f"第{first.row}行：{first.message}。没有改动任何内容。")
    return narrow


def sentence(kind: str, planned: Plan | UnitPlan) -> str:
    """What an import did, for people."""
    if kind == "units":
        return f"导入完成：新增{len(planned.new)}个单位，更新{planned.changed}个单位。"
    ended = f"，调离或退休{len(planned.endings)}人" if isinstance(planned, Plan) and planned.endings else ""
    told = f"导入完成：新增{len(planned.new)}人，更新{planned.changed}人{ended}。"
    return told + ("新增人员须打印口令条后才能登录。" if planned.new else "")
