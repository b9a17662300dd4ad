"""Taking an import back: what was kept of it, and which people can be brought back to what they were. Pure.

Somebody who changed since, in whatever way, stays as he or she is: the later change was somebody's decision too.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

KEPT_FOR = timedelta(days=40)  # a month, and time to look; then what was kept of people is forgotten
PERSON = ("name", "name_key", "initials", "staff_number", "phone", "disabled_at")
MEMBERSHIP = ("id", "unit_id", "since", "until", "kind", "main", "category", "post", "sort")
LEAVE = ("id", "kind", "since", "until")
_DAYS = {"since", "until"}
Snapshot = dict[
    str, Any
]  # {"person": […], "memberships": [[…], …], "leaves": [[…], …]}, in the order of the columns

GONE = "系统中已没有此人"
CHANGED = "导入之后又有变化"
USED = "导入之后已使用系统，或已列入考试、获得授权"
CLOSED = "原单位已撤销"
FOREIGN = "不在您的管理范围内"
TAKEN = "原工号或手机号现由他人使用"


def digest(kept: Snapshot) -> str:
    """Equal while nothing of a person has changed."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Kept:
    """What an import keeps: the people that it changed as they were, digests of all as it left them, whom it added."""

    before: Mapping[int, Snapshot]
    after: Mapping[int, str]
    new: tuple[int, ...]

    @classmethod
    def of(cls, before: Mapping[int, Snapshot], after: Mapping[int, Snapshot], new: Iterable[int]) -> "Kept":
        """before, after: the same people just before and just after, and those added."""
        return cls(before, {person_id: digest(kept) for person_id, kept in after.items()}, tuple(new))

    @classmethod
    def thawed(cls, value: Mapping[str, Any]) -> "Kept":
        """From what `frozen` gave, as it comes out of the table."""
        before = {int(person_id): kept for person_id, kept in value["before"].items()}
        return cls(before, {int(key): said for key, said in value["after"].items()}, tuple(value["new"]))

    def frozen(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"before": dict(self.before), "after": dict(self.after), "new": list(self.new)}

    @property
    def people(self) -> set[int]:
        """Everybody whom the import touched."""
        return {*self.before, *self.new}


@dataclass(frozen=True)
class Circumstances:
    """What stands in the way of taking back.

    now: the people as they are. owners: who is called by the numbers that would come back. used: of those added, who
    left a trace of their own. closed: units that are. may: units in which the asking person may act.
    """

    now: Mapping[int, Snapshot]
    owners: Mapping[str, int]
    used: Collection[int]
    closed: Collection[int]
    may: Collection[int]


@dataclass(frozen=True)
class Undo:
    """Who becomes as before, who goes again, and who stays, with the reason."""

    restored: tuple[int, ...]
    removed: tuple[int, ...]
    blocked: Mapping[int, str]

    @property
    def digest(self) -> str:
        """Equal for plans that do the same."""
        return hashlib.sha256(repr((self.restored, self.removed, self.blocked)).encode()).hexdigest()[:32]

    @property
    def does_nothing(self) -> bool:
        return not self.restored and not self.removed


def plan(kept: Kept, seen: Circumstances) -> Undo:
    """What taking back would do now: everything, but for people in whose way something stands."""
    blocked = {i: why for i in sorted(kept.people) if (why := _obstacle(i, kept, seen))}
    while taken := _without_number(kept, seen.owners, blocked):
        blocked.update(dict.fromkeys(taken, TAKEN))
    return Undo(
        tuple(i for i in sorted(kept.before) if i not in blocked),
        tuple(i for i in sorted(kept.new) if i not in blocked),
        dict(sorted(blocked.items())),
    )


def _obstacle(person_id: int, kept: Kept, seen: Circumstances) -> str:
    now = seen.now.get(person_id)
    if now is None:
        return GONE
    if digest(now) != kept.after.get(person_id):
        return CHANGED
    if person_id in seen.used:
        return USED
    before = kept.before.get(person_id)
    if not _touched(now, before) <= set(seen.may) | set(seen.closed):
        return FOREIGN
    return CLOSED if before and _open_units(before) & set(seen.closed) else ""


def _touched(now: Snapshot, before: Snapshot | None) -> set[int]:
    """The units that taking back concerns: of memberships that change, and the main one."""
    rows = {tuple(row) for row in now["memberships"]}
    changing = rows ^ {tuple(row) for row in before["memberships"]} if before else rows
    told = [row_values(MEMBERSHIP, row) for row in rows | changing]
    standing = {row["unit_id"] for row in told if row["main"] and row["until"] is None}
    return standing | {row[MEMBERSHIP.index("unit_id")] for row in changing}


def _open_units(kept: Snapshot) -> set[int]:
    told = [row_values(MEMBERSHIP, row) for row in kept["memberships"]]
    return {row["unit_id"] for row in told if row["until"] is None}


def numbers(kept: Snapshot) -> set[str]:
    """The 工号 and the phone of a person."""
    values = dict(zip(PERSON, kept["person"], strict=True))
    return {values["staff_number"], values["phone"]} - {None}


def _without_number(kept: Kept, owners: Mapping[str, int], blocked: Mapping[int, str]) -> list[int]:
    """Whose number would come back while somebody who stays has it. Blocking one may leave another in the way."""
    free = kept.people - set(blocked)
    return [
        person_id
        for person_id, before in kept.before.items()
        if person_id in free
        and any(
            owner != person_id and owner not in free
            for number in numbers(before)
            if (owner := owners.get(number)) is not None
        )
    ]


def person_values(kept: Snapshot) -> dict[str, Any]:
    """The columns of the person's row, as the table takes them."""
    values = dict(zip(PERSON, kept["person"], strict=True))
    at = values["disabled_at"]
    return values | {"disabled_at": datetime.fromisoformat(at) if at else None}


def row_values(names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    """The columns of a membership or a leave, as the table takes them. names: MEMBERSHIP or LEAVE."""
    values = dict(zip(names, row, strict=True))
    return {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in values.items()
    }
