"""What applying a roster does to the tables, set by set. Nothing here commits; everything leaves its audit rows."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert

from quizapp import audit, clock, jsonsql
from quizapp.db import db
from quizapp.people import actions, differences, names
from quizapp.people.models import Leave, Membership, Person
from quizapp.people.plans import Edit, Ending, LeaveChange, Newcomer, Plan
from quizapp.people.roster import UNSORTED, Entry
from quizapp.people.standing import LEAVE_WORDS

AT_ONCE = 1000  # people of one insert, and one step of the progress
Report = Callable[[int, int], None]  # done, of how many


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def apply_people(planned: Plan, now: datetime, *, actor_id: int | None, report: Report = silent) -> list[int]:
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
        db.session.execute(delete(Membership).where(Membership.id.in_(jsonsql.numbers(membership_ids))))


def _keep_leaves(changes: Sequence[tuple[int, LeaveChange]]) -> None:
    """Leaves begin, change their days, or go when they would end before they begin. changes: (person, change)."""
    begun = [
        {"person_id": person_id, "kind": change.kind, "since": change.since, "until": change.until}
        for person_id, change in changes
        if change.id is None
    ]
    if begun:
        db.session.execute(actions.at_once(insert(Leave)), begun)
    kept = [change for _, change in changes if change.id is not None]
    dayless = [c.id for c in kept if c.until is not None and c.until < c.since]
    lasting = [c for c in kept if c.until is None or c.until >= c.since]
    actions.update_each(Leave, [{"id": c.id, "since": c.since, "until": c.until} for c in lasting])
    if dayless:
        db.session.execute(delete(Leave).where(Leave.id.in_(jsonsql.numbers(i for i in dayless if i))))


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
        name_key, initials = names.keys(name)
        values.append(
            {
                "id": edit.person.id,
                "name": name,
                "name_key": name_key,
                "initials": initials,
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
