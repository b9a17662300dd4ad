"""Who belongs to an exam: by name, by unit and by 人员类别. The first of these rules that says something decides.

1. Invited by name. 2. Left out by name. 3. In a unit that is left out (a left-out unit beats an invited one, wherever
the two stand in the tree). 4. In an invited unit and, where the exam names 人员类别, of one of them. Otherwise not.
Nobody from outside the holding unit and the units below it belongs to it, whatever the rules say.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

WHY = {"named": "点名加入", "unit": "所在单位"}
WHY_NOT = {
    "foreign": "不在主办单位及其下级单位",
    "left_out": "点名排除",
    "unit_left_out": "所在单位已排除",
    "category": "不在所选人员类别",
    "unit": "所在单位不在考生范围",
}


class Member(Protocol):
    """A person as counted in a unit today."""

    @property
    def person_id(self) -> int: ...
    @property
    def lft(self) -> int: ...
    @property
    def category(self) -> str: ...


@dataclass(frozen=True)
class Area:
    """A unit of the audience, alone or with all below it, as the values of lft that it covers."""

    unit_id: int
    name: str
    lft: int
    last: int  # the lft itself where the unit stands alone, else its rgt
    excluded: bool = False

    @property
    def with_below(self) -> bool:
        return self.last != self.lft

    @property
    def words(self) -> str:
        """青石县及全部下级, or 青石县 alone."""
        return f"{self.name}及全部下级" if self.with_below else self.name

    def covers(self, lft: int) -> bool:
        return self.lft <= lft <= self.last


@dataclass(frozen=True)
class Rules:
    """The audience of one exam. holder: the (lft, rgt) of the holding unit. named: person → left out by name."""

    holder: tuple[int, int]
    areas: Sequence[Area]
    categories: Sequence[str]
    named: Mapping[int, bool]

    def verdict(self, member: Member) -> tuple[bool, str]:
        """Whether this person belongs to the exam, and a key of WHY or of WHY_NOT."""
        if not self.holder[0] <= member.lft <= self.holder[1]:
            return False, "foreign"
        if member.person_id in self.named:
            left_out = self.named[member.person_id]
            return not left_out, "left_out" if left_out else "named"
        met = [area for area in self.areas if area.covers(member.lft)]
        if any(area.excluded for area in met):
            return False, "unit_left_out"
        if not met:
            return False, "unit"
        fits = not self.categories or member.category in self.categories
        return fits, "unit" if fits else "category"

    def why(self, member: Member) -> str:
        """In words, why this person does or does not belong to the exam: 青石县及全部下级, 点名加入, …"""
        belongs, code = self.verdict(member)
        if not belongs:
            return WHY_NOT[code]
        return WHY["named"] if code == "named" else self.nearest(member.lft).words

    def nearest(self, lft: int) -> Area:
        """The invited area that is nearest above an lft. Raises ValueError where none covers it."""
        return max(
            (area for area in self.areas if not area.excluded and area.covers(lft)),
            key=lambda area: area.lft,
        )

    def listed(self, members: Iterable[Member]) -> list[Member]:
        """Those who belong to the exam, in the order given."""
        return [member for member in members if self.verdict(member)[0]]

    def intervals(self, *, excluded: bool) -> list[tuple[int, int]]:
        """The lft values that the invited, or the left-out, units cover."""
        return [(area.lft, area.last) for area in self.areas if area.excluded == excluded]
