"""What changes a unit as a whole: does exactly what `unit_foresight` told.

Nothing here commits. A change leaves its row in `unit_event`, which is the 沿革, and its audit rows. The candidates,
results and frozen trees of exams are none of its business and stay as they are.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from quizapp import audit, clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, unit_queries
from quizapp.people.models import Grant, Membership, Unit, UnitContact, UnitEvent
from quizapp.people.unit_changes import NOTHING
from quizapp.people.unit_foresight import Asked, Foreseen, foresee
from quizapp.people.unit_transfers import Stay, Transfer


def carry_out(unit: Unit, asked: Asked, *, seen: str, now: datetime, actor_id: int | None) -> UnitEvent:
    """Do it, if it still does what somebody saw (`Foreseen.digest`). Raises Refused, `changed_meanwhile` where not."""
    ids = sorted({unit.id, asked.other_id} - {0})
    db.session.execute(select(Unit.id).where(Unit.id.in_(ids)).order_by(Unit.id).with_for_update())
    foreseen = foresee(unit.id, asked, clock.today(now))
    if foreseen.digest != seen:
        raise Refused("changed_meanwhile", "核对之后情况有变化。", f"{NOTHING}请按最新情况再次核对。")
    subject = _DO[asked.kind](unit, asked, foreseen, actor_id)
    _end_grants(foreseen.ending, unit.code, actor_id)
    event = _note(subject, asked, foreseen, now, actor_id)
    db.session.expire_all()
    return event


def _do_rename(unit: Unit, asked: Asked, _foreseen: Foreseen, _actor_id: int | None) -> Unit:
    unit.name, unit.short_name = asked.name, asked.short_name
    db.session.flush()
    return unit


def _do_move(unit: Unit, asked: Asked, _foreseen: Foreseen, _actor_id: int | None) -> Unit:
    unit.parent_id, unit.sort = asked.other_id, asked.sort
    db.session.flush()
    actions.renumber()
    return unit


def _do_merge(unit: Unit, asked: Asked, foreseen: Foreseen, actor_id: int | None) -> Unit:
    """The closed unit ends up below the one that took over, so that whoever manages that reaches its past."""
    into = asked.other_id
    _transfer(foreseen.transfer, into, foreseen.after["name"], foreseen.unit.name, actor_id)
    db.session.execute(update(Unit).where(Unit.parent_id == unit.id).values(parent_id=into))
    unit.parent_id, unit.closed_on = into, asked.day
    db.session.flush()
    actions.renumber()
    return unit


def _do_split(unit: Unit, asked: Asked, foreseen: Foreseen, actor_id: int | None) -> Unit:
    parent = db.session.get_one(Unit, unit.parent_id)
    new = actions.NewUnit(asked.code, asked.name, parent.code, asked.short_name, asked.unit_kind, asked.sort)
    made = actions.add_unit(parent, new, actor_id=actor_id)
    _transfer(foreseen.transfer, made.id, made.name, unit.name, actor_id)
    return made


def _do_close(unit: Unit, asked: Asked, _foreseen: Foreseen, _actor_id: int | None) -> Unit:
    unit.closed_on = asked.day
    db.session.flush()
    return unit


def _do_reopen(unit: Unit, _asked: Asked, _foreseen: Foreseen, _actor_id: int | None) -> Unit:
    unit.closed_on = None
    db.session.flush()
    return unit


_DO: dict[str, Callable[[Unit, Asked, Foreseen, int | None], Unit]] = {
    "renamed": _do_rename,
    "moved": _do_move,
    "merged": _do_merge,
    "split": _do_split,
    "closed": _do_close,
    "reopened": _do_reopen,
}


def _transfer(transfer: Transfer, unit_id: int, to: str, away: str, actor_id: int | None) -> None:
    """End and begin memberships; what ends goes first, since nobody has two main ones."""
    dropped = [stay.id for stay in transfer.dropped]
    db.session.execute(delete(Membership).where(Membership.id.in_(dropped)))
    actions.update_each(Membership, [{"id": stay.id, "until": stay.until} for stay in transfer.cut])
    if transfer.begun:
        db.session.execute(insert(Membership), [_begun(stay, unit_id) for stay in transfer.begun])
    told = {"changes": [f"单位由“{away}”改为“{to}”"]}
    moved = [(person_id, told) for person_id in sorted(transfer.people)]
    audit.record_many("people.person_changed", "person", moved, actor_id=actor_id)


def _begun(stay: Stay, unit_id: int) -> dict[str, Any]:
    columns = ("person_id", "since", "until", "main", "kind", "category", "post", "sort")
    return {"unit_id": unit_id} | {column: getattr(stay, column) for column in columns}


def _end_grants(ending: Sequence[unit_queries.Held], code: str, actor_id: int | None) -> None:
    ids = [held.grant_id for held in ending]
    db.session.execute(delete(Grant).where(Grant.id.in_(ids)))
    withdrawn = [(held.person_id, {"role": held.role, "unit": code}) for held in ending]
    audit.record_many("people.withdrawn", "person", withdrawn, actor_id=actor_id)


def _note(subject: Unit, asked: Asked, foreseen: Foreseen, now: datetime, actor_id: int | None) -> UnitEvent:
    details: dict[str, Any] = {"before": foreseen.before, "after": foreseen.after}
    details |= {"counts": foreseen.effect.counts, "correction": asked.correction}
    event = UnitEvent(
        unit_id=subject.id,
        other_id=foreseen.other.id if foreseen.other else None,
        kind=asked.kind,
        day=asked.day,
        reason=asked.reason,
        by_id=actor_id,
        at=now,
        details=details,
    )
    db.session.add(event)
    db.session.flush()
    told = {"day": asked.day.isoformat(), "reason": asked.reason, **details}
    audit.record(f"people.unit_{asked.kind}", subject, actor_id=actor_id, **told)
    return event


def note_import(
    changes: Sequence[tuple[int, dict[str, Any], dict[str, Any]]], now: datetime, *, actor_id: int | None
) -> None:
    """The 沿革 of units that a sheet renames or moves. One statement.

    changes: (unit id, before, after); with `parent` for a unit that moves, else name and short_name.
    """
    rows = [
        {
            "unit_id": unit_id,
            "kind": "moved" if "parent" in before else "renamed",
            "day": clock.today(now),
            "reason": "导入单位",
            "by_id": actor_id,
            "at": now,
            "details": {"before": before, "after": after, "counts": {}, "correction": False},
        }
        for unit_id, before, after in changes
    ]
    if rows:
        db.session.execute(insert(UnitEvent), rows)


# Whom to ask ------------------------------------------------------------------------------------------------


def set_contact(unit: Unit, *, head: str, name: str, phone: str) -> None:
    """Whom to ask in a unit; all blank: nobody is named."""
    known = db.session.get(UnitContact, unit.id)
    if known is None and (head or name or phone):
        db.session.add(UnitContact(unit_id=unit.id, head=head, name=name, phone=phone))
    elif known is not None:
        known.head, known.name, known.phone = head, name, phone
    db.session.flush()
