"""Which units an exam keeps of the tree, and where a unit that comes later fits. Intervals are (lft, rgt)."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar


class Node(Protocol):
    """A unit of the tree as it stands."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def lft(self) -> int: ...
    @property
    def rgt(self) -> int: ...


N = TypeVar("N", bound=Node)
Interval = tuple[int, int]


def on_the_way(units: Iterable[N], wanted: Iterable[int]) -> list[N]:
    """The wanted units and all above them, as far as `units` reaches, by lft. KeyError for an unknown one."""
    by_id = {unit.id: unit for unit in units}
    kept: dict[int, N] = {}
    for unit_id in wanted:
        unit: N | None = by_id[unit_id]
        while unit is not None and unit.id not in kept:
            kept[unit.id] = unit
            unit = by_id.get(unit.parent_id) if unit.parent_id is not None else None
    return sorted(kept.values(), key=lambda unit: unit.lft)


def fits(new: Interval, frozen: Iterable[Interval]) -> bool:
    """Whether an interval can stand in a frozen tree: it lies within or beside each interval there."""
    lft, rgt = new
    return all(rgt < left or right < lft or (left < lft and rgt < right) for left, right in frozen)


def path_to(unit: N, units: Mapping[int, N], frozen: Mapping[int, Interval]) -> list[N] | None:
    """The units to add to a frozen tree (unit id → interval) so that it holds `unit`, from above to below.

    [] when it is there already; none when the tree has been rearranged since, so that it cannot be placed.
    units: the tree as it stands, unit id → unit.
    """
    missing: list[N] = []
    here: N | None = unit
    while here is not None and here.id not in frozen:
        missing.append(here)
        here = units.get(here.parent_id) if here.parent_id is not None else None
    if here is None:
        return None
    left, right = frozen[here.id]
    inside = all(left < one.lft and one.rgt < right for one in missing)
    if not inside or not all(fits((one.lft, one.rgt), frozen.values()) for one in missing):
        return None
    return missing[::-1]


def nearest(unit: N, units: Mapping[int, N], frozen: Mapping[int, Interval], root: int) -> int:
    """The id of the nearest unit above (or the unit itself) that a frozen tree holds; root where none does."""
    above: N | None = unit
    while above is not None and above.id not in frozen:
        above = units.get(above.parent_id) if above.parent_id is not None else None
    return above.id if above is not None else root
