"""What a roster would change: newcomers, edits, who is asked about, and what stands in the way. Pure data.

Every line has a key that stays the same while the sheet and the person do: "n12" the newcomer of row 12, "e7" the
edit of person 7, "d12" the doubt of row 12, "m7" the question what became of person 7, "b9" that of membership 9.
"""

from dataclasses import dataclass, field
from datetime import date

from quizapp.people.roster import Belonging, Entry, Known
from quizapp.people.unit_sheet import Problem

OTHER = "other"  # the answer to a doubt: none of those known


@dataclass(frozen=True)
class Newcomer:
    """A person to add, with one entry per unit, the main one first."""

    entries: tuple[Entry, ...]

    @property
    def main(self) -> Entry:
        return self.entries[0]

    @property
    def key(self) -> str:
        return f"n{self.main.row}"


@dataclass(frozen=True)
class LeaveChange:
    """A leave that begins (id None), or one whose days change; one that ends before it begins goes."""

    id: int | None
    kind: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Edit:
    """What becomes of a known person. kinds: as the check page groups them, the weightiest first. words: one each."""

    row: int
    person: Known
    name: str | None = None
    staff_number: str | None = None
    phone: str | None = None
    closed: tuple[Belonging, ...] = ()  # they end yesterday
    opened: tuple[tuple[Entry, bool], ...] = ()  # (entry, main): they begin today
    adjusted: tuple[tuple[Belonging, dict[str, str | int]], ...] = ()
    leaves: tuple[LeaveChange, ...] = ()
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"e{self.person.id}"


@dataclass(frozen=True)
class Doubt:
    """A row that may be about somebody known: a person says whether it is. Left out of everything until then."""

    entry: Entry
    candidates: tuple[Known, ...]
    reason: str

    @property
    def key(self) -> str:
        return f"d{self.entry.row}"


@dataclass(frozen=True)
class Missing:
    """Somebody of the sheet's units whom it does not list, or lists as gone: asked about, otherwise left alone.

    belongings: what would end. part: it is only a 借调, 挂职 … that the sheet lists no more. said: retired, left.
    """

    person: Known
    belongings: tuple[Belonging, ...]
    part: bool = False
    said: str = ""
    said_day: date | None = None
    row: int = 0

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def key(self) -> str:
        return f"b{self.belongings[0].id}" if self.part else f"m{self.person.id}"


@dataclass(frozen=True)
class Ending:
    """What a person decided on somebody missing. how: left, retired. last_day: of the memberships."""

    missing: Missing
    how: str
    last_day: date


@dataclass
class Plan:
    new: list[Newcomer] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    unchanged: int = 0
    missing: list[Missing] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)  # only of what was accepted
    needs: dict[str, str] = field(default_factory=dict)  # key: the edit that has to give up a number before
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignores_identity_numbers: bool = False

    @property
    def changed(self) -> int:
        return len(self.edits)

    @property
    def changes_nothing(self) -> bool:
        return not self.new and not self.edits and not self.endings
