"""Today's roster against a frozen list: who would be added, who has left, moved or been renamed since.

The list itself changes only by what an administrator ticks. A digest over both sides tells whether the list or the
roster has changed between showing a difference and applying it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Frozen:
    """A candidate as frozen on the list."""

    candidate_id: int
    person_id: int
    name: str
    unit_id: int
    unit: str  # its name on that day


@dataclass(frozen=True)
class Today:
    """A person of the roster today. unit_id: none where no unit counts the person any more, or the account is off.

    belongs: the exam's rules would invite this person today. elsewhere: the unit is not one of the holding unit's.
    """

    person_id: int
    name: str
    account: str
    unit_id: int | None
    unit: str
    belongs: bool
    elsewhere: bool = False


@dataclass(frozen=True)
class Change:
    """One line of the difference. then and now: the unit on the list and today; "" for none."""

    person_id: int
    name: str
    account: str
    then: str
    now: str
    name_then: str = ""  # where it reads differently on the list
    candidate_id: int | None = None  # of who is on the list


@dataclass(frozen=True)
class Difference:
    """added: would be invited today, and is not on the list. gone: on the list, and in no unit of the exam any more.

    moved: in another unit of the exam today. renamed: the name reads differently today. The last three stay as frozen.
    """

    added: Sequence[Change]
    gone: Sequence[Change]
    moved: Sequence[Change]
    renamed: Sequence[Change]
    digest: str

    @property
    def empty(self) -> bool:
        return not (self.added or self.gone or self.moved or self.renamed)


def difference(frozen: Iterable[Frozen], today: Mapping[int, Today]) -> Difference:
    """The difference, each part in the order of its side. today: by person, of the roster and of all on the list."""
    listed = {one.person_id: one for one in frozen}
    added, gone, moved, renamed = [], [], [], []
    for here in today.values():
        if here.belongs and here.person_id not in listed:
            added.append(Change(here.person_id, here.name, here.account, "", here.unit))
    for one in listed.values():
        here = today[one.person_id]
        name_then = one.name if one.name != here.name else ""
        change = Change(
            one.person_id, here.name, here.account, one.unit, here.unit, name_then, one.candidate_id
        )
        if here.unit_id is None or here.elsewhere:
            gone.append(change)
        elif here.unit_id != one.unit_id:
            moved.append(change)
        if name_then:
            renamed.append(change)
    return Difference(added, gone, moved, renamed, _digest(listed.values(), today))


def _digest(listed: Iterable[Frozen], today: Mapping[int, Today]) -> str:
    """SHA-256 over who is on the list and who would be added where, in hex, cut to what a form carries."""
    ids = sorted(one.person_id for one in listed)
    known = set(ids)
    new = sorted((p, one.unit_id) for p, one in today.items() if one.belongs and p not in known)
    return sha256(f"{ids}/{new}".encode()).hexdigest()[:32]
