"""What a change of a unit would do: reads all that it touches, asks the rules, and changes nothing."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import exists, select

from quizapp.dates import day as told
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import unit_changes as rules
from quizapp.people import unit_queries, unit_transfers, unit_wording
from quizapp.people.models import Unit
from quizapp.people.unit_changes import Standing
from quizapp.people.unit_transfers import Transfer
from quizapp.people.unit_wording import Effect

Found = dict[int, Standing]  # the unit and the other one, by id
_NOBODY = Transfer((), (), (), frozenset())


@dataclass(frozen=True)
class Asked:
    """What somebody wants to do to a unit. What a kind does not need stays as it is here.

    kind: of `unit_event`. other_id: the new parent of a move, the unit that takes over. sort: 单位排序号 after a move,
    of a unit that is split off. people: ids of those who go to a unit that is split off.
    """

    kind: str
    day: date
    reason: str
    name: str = ""
    short_name: str = ""
    correction: bool = False
    other_id: int = 0
    sort: int = 0
    code: str = ""
    unit_kind: str = ""
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class Foreseen:
    """What a change would do.

    words: for people. before, after: for the 沿革. other: the unit of `UnitEvent.other_id`. ending: roles that end.
    """

    unit: Standing
    effect: Effect
    words: Sequence[str]
    before: dict[str, Any]
    after: dict[str, Any]
    other: Standing | None = None
    transfer: Transfer = _NOBODY
    ending: Sequence[unit_queries.Held] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Equal for changes that do the same to the same people."""
        grants = [held.grant_id for held in self.ending]
        does = repr((self.words, self.before, self.after, self.transfer, grants))
        return hashlib.sha256(does.encode()).hexdigest()[:32]


def foresee(unit_id: int, asked: Asked, today: date) -> Foreseen:
    """What this change would do today. Raises Refused where it may not be. A constant number of statements."""
    found = unit_queries.standings({unit_id, asked.other_id})
    unit = found[unit_id]
    rules.check_state(asked.kind, unit)
    partners = [found[asked.other_id]] if asked.kind == "merged" else []
    rules.check_day(asked.day, today, unit, *partners)
    return _FORESEE[asked.kind](unit, asked, today, found)


def _effect(unit: Standing, today: date, **more: Any) -> Effect:
    return Effect(
        people=unit_queries.people_within(unit.lft, unit.rgt, today),
        units=unit_queries.units_within(unit.lft, unit.rgt),
        grants=unit_queries.grants_within(unit.lft, unit.rgt),
        **more,
    )


def _siblings(unit: Standing) -> set[str]:
    return {name for unit_id, name in unit_queries.names_below(unit.parent_id).items() if unit_id != unit.id}


def _parent(unit: Standing) -> Standing:
    parent_id = unit.parent_id or 0
    return unit_queries.standings([parent_id])[parent_id]


def _rename(unit: Standing, asked: Asked, today: date, _found: Found) -> Foreseen:
    rules.check_rename(unit, asked.name, asked.short_name, _siblings(unit))
    effect = _effect(unit, today)
    return Foreseen(
        unit,
        effect,
        unit_wording.renamed(effect, correction=asked.correction),
        {"name": unit.name, "short_name": unit.short_name},
        {"name": asked.name, "short_name": asked.short_name},
    )


def _move(unit: Standing, asked: Asked, today: date, found: Found) -> Foreseen:
    parent = found[asked.other_id]
    rules.check_move(unit, parent, unit_queries.names_below(parent.id).values())
    old = {held.grant_id: held.told for held in unit_queries.grants_above(unit, itself=False)}
    new = {held.grant_id: held.told for held in unit_queries.grants_above(parent, itself=True)}
    effect = _effect(
        unit,
        today,
        lose=tuple(words for i, words in old.items() if i not in new),
        gain=tuple(words for i, words in new.items() if i not in old),
    )
    before = _parent(unit)
    return Foreseen(
        unit,
        effect,
        unit_wording.moved(effect),
        {"name": unit.name, "parent": before.name, "parent_id": before.id},
        {"name": unit.name, "parent": parent.name, "parent_id": parent.id},
    )


def _merge(unit: Standing, asked: Asked, today: date, found: Found) -> Foreseen:
    into = found[asked.other_id]
    rules.check_merge(unit, into)
    leaving = unit_queries.stays(unit.id, asked.day)
    there = unit_queries.stays_of_the_same_people(unit.id, into.id, asked.day)
    transfer = unit_transfers.transfer(leaving, there, asked.day)
    ending = unit_queries.grants_on(unit.id)
    here, below = unit_queries.names_below(unit.id), unit_queries.names_below(into.id)
    remaining = {name for unit_id, name in below.items() if unit_id != unit.id}
    effect = _effect(
        unit,
        today,
        moving=len({stay.person_id for stay in leaving}),
        begun=len(transfer.begun),
        joined=len(transfer.joined),
        ended=tuple(held.told for held in ending),
        alike=tuple(sorted(set(here.values()) & remaining)),
    )
    return Foreseen(
        unit,
        effect,
        unit_wording.merged(effect, asked.day, unit.name, into.name),
        {"name": unit.name, "parent_id": unit.parent_id, "units": sorted(here)},
        {"name": into.name},
        into,
        transfer,
        ending,
    )


def _split(unit: Standing, asked: Asked, today: date, _found: Found) -> Foreseen:
    if db.session.scalar(select(exists().where(Unit.code == asked.code))):
        raise Refused(
            "code_taken",
            f"单位编码“{asked.code}”已有单位使用。",
            f"{rules.NOTHING}请换一个编码。",
            status=422,
        )
    rules.check_name(asked.name, unit_queries.names_below(unit.parent_id).values())
    everybody = unit_queries.stays(unit.id, asked.day)
    chosen = set(asked.people)
    if not chosen <= {stay.person_id for stay in everybody}:
        raise Refused(
            "people_changed",
            f"选中的人员中有人在{told(asked.day)}已不在“{unit.name}”。",
            f"{rules.NOTHING}请核对生效日期，重新选择人员。",
        )
    leaving = [stay for stay in everybody if stay.person_id in chosen]
    transfer = unit_transfers.transfer(leaving, [], asked.day)
    effect = _effect(
        unit,
        today,
        moving=len(chosen),
        begun=len(transfer.begun),
        staying=len({stay.person_id for stay in unit_transfers.reaching(everybody, today)} - chosen),
    )
    words = unit_wording.split(effect, asked.day, unit.name, asked.name, _parent(unit).name)
    before = {"name": unit.name, "people": sorted(chosen)}
    return Foreseen(
        unit, effect, words, before, {"name": asked.name, "code": asked.code}, unit, transfer=transfer
    )


def _close(unit: Standing, asked: Asked, today: date, _found: Found) -> Foreseen:
    left = unit_queries.stays(unit.id, asked.day)
    ends = [stay.until for stay in left]
    last = None if None in ends else max((end for end in ends if end), default=None)
    effect = _effect(unit, today)
    rules.check_close(unit, asked.day, len({stay.person_id for stay in left}), last, effect.units)
    ending = unit_queries.grants_on(unit.id)
    effect = Effect(ended=tuple(held.told for held in ending))
    words = unit_wording.closed(effect, asked.day, unit.name)
    return Foreseen(unit, effect, words, {"name": unit.name}, {"name": unit.name}, ending=ending)


def _reopen(unit: Standing, _asked: Asked, _today: date, _found: Found) -> Foreseen:
    parent = _parent(unit)
    rules.check_reopen(unit, parent, _siblings(unit))
    words = unit_wording.reopened(unit.name, parent.name)
    return Foreseen(unit, Effect(), words, {"name": unit.name}, {"name": unit.name})


_FORESEE: dict[str, Callable[[Standing, Asked, date, Found], Foreseen]] = {
    "renamed": _rename,
    "moved": _move,
    "merged": _merge,
    "split": _split,
    "closed": _close,
    "reopened": _reopen,
}
