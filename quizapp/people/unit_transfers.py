"""What becomes of memberships when people go from one unit to another on a day. Pure.

Until the day before they belong where they were; from the day on to the other unit, with the same 人员关系, 人员类别,
职务 and 职务排序号. What was before that day stays as it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True)
class Stay:
    """A membership; both days are included, without `until` it goes on."""

    id: int
    person_id: int
    since: date
    until: date | None
    main: bool
    kind: str = "staff"
    category: str = ""
    post: str = ""
    sort: int = 0

    def covers(self, other: "Stay", day: date) -> bool:
        """Whether it stands on all days of the other from this day on."""
        longer = self.until is None or (other.until is not None and other.until <= self.until)
        return longer and max(self.since, day) <= max(other.since, day)


@dataclass(frozen=True)
class Transfer:
    """cut: end the day before. dropped: began that day or later, so no day is left. begun: what begins in the other
    unit, each with the id of the membership that it continues. joined: people who belonged to both units and keep one
    membership."""

    cut: tuple[Stay, ...]
    dropped: tuple[Stay, ...]
    begun: tuple[Stay, ...]
    joined: frozenset[int]

    @property
    def people(self) -> frozenset[int]:
        return frozenset(stay.person_id for stay in (*self.cut, *self.dropped))


def reaching(stays: Iterable[Stay], day: date) -> list[Stay]:
    """Those that stand on the day or later."""
    return [stay for stay in stays if stay.until is None or stay.until >= day]


def transfer(leaving: Sequence[Stay], there: Sequence[Stay], day: date) -> Transfer:
    """Bring these memberships over on the day.

    there: memberships of the same people in the other unit. What says nothing new goes: the membership there that is
    no main one where a main one comes for all of its days, and a coming one for whose days there is one already.
    """
    already: dict[int, list[Stay]] = {}
    for stay in reaching(there, day):
        already.setdefault(stay.person_id, []).append(stay)
    ended: dict[int, Stay] = {}
    begun: list[Stay] = []
    joined: set[int] = set()
    for stay in reaching(leaving, day):
        ended[stay.id] = stay
        coming = replace(stay, since=max(stay.since, day))
        here = already.get(stay.person_id, [])
        replaced = [one for one in here if stay.main and not one.main and coming.covers(one, day)]
        needless = not stay.main and any(one.covers(coming, day) for one in here)
        ended |= {one.id: one for one in replaced}
        if replaced or needless:
            joined.add(stay.person_id)
        if not needless:
            begun.append(coming)
    return Transfer(
        cut=tuple(replace(s, until=day - timedelta(days=1)) for s in ended.values() if s.since < day),
        dropped=tuple(s for s in ended.values() if s.since >= day),
        begun=tuple(begun),
        joined=frozenset(joined),
    )
