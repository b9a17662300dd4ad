"""The tree of units as intervals: a unit's (lft, rgt) contains those of all units below it, so that "this unit and all
below" is one comparison. Numbers have gaps; a new unit usually takes free ones, otherwise all are numbered anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = 100  # free numbers left inside every unit without units below, and after each


@dataclass(frozen=True)
class Place:
    """Where a unit stands. sort: 单位排序号 among its siblings; equal ones are ordered by code."""

    id: int
    parent_id: int | None
    sort: int
    code: str


Interval = tuple[int, int]


def numbering(places: Iterable[Place]) -> dict[int, Interval]:
    """The interval of every unit. Raises ValueError when some units hang on no root: their parents form a ring."""
    everyone = list(places)
    below: dict[int | None, list[Place]] = {}
    for place in sorted(everyone, key=lambda place: (place.sort, place.code), reverse=True):
        below.setdefault(place.parent_id, []).append(place)
    opened: dict[int, int] = {}
    intervals: dict[int, Interval] = {}
    number = 0
    stack = list(below.get(None, []))
    while stack:
        place = stack[-1]
        if place.id not in opened:
            number += 1
            opened[place.id] = number
            stack.extend(below.get(place.id, []))
        else:
            stack.pop()
            number += GAP
            intervals[place.id] = (opened[place.id], number)
    if len(intervals) != len(everyone):
        raise ValueError("some units hang on no root")
    return intervals


def room(parent: Interval, siblings: Sequence[Interval], position: int) -> Interval | None:
    """Free numbers for a new unit before siblings[position] (at the end: len(siblings)), or None where none are left.

    siblings: the intervals of the parent's units in their order.
    """
    low = siblings[position - 1][1] if position > 0 else parent[0]
    high = siblings[position][0] if position < len(siblings) else parent[1]
    step = (high - low) // 3
    return (low + step, low + 2 * step) if step > 0 else None


def outermost(intervals: Iterable[Interval]) -> list[Interval]:
    """The intervals that lie in no other of them: each unit is then met once."""
    kept: list[Interval] = []
    for lft, rgt in sorted(set(intervals), key=lambda interval: (interval[0], -interval[1])):
        if not kept or lft > kept[-1][1]:
            kept.append((lft, rgt))
    return kept


def ring(parents: dict[str, str | None]) -> list[str]:
    """The codes that lie on a ring, or hang below one. parents: code of each unit: code of the unit above it."""
    safe: set[str] = set()
    for start in parents:
        path: list[str] = []
        seen: set[str] = set()
        code: str | None = start
        while code is not None and code in parents and code not in safe and code not in seen:
            path.append(code)
            seen.add(code)
            code = parents[code]
        if code is None or code not in seen:
            safe.update(path)
    return [code for code in parents if code not in safe]
