"""What a closed sheet earned: a pure function of the layout, the keys of a marking run, and the sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.bank import marking
from quizapp.exams.drawing import Place


@dataclass(frozen=True)
class Key:
    """What a revision accepts in one marking run."""

    kind: str  # single, multiple, judge
    accepted: tuple[frozenset[str], ...]  # any of these letter sets is right
    treatment: str = "normal"  # see bank.marking


@dataclass(frozen=True)
class Marks:
    """Tenths of a 分, in all and per slot."""

    total: int
    slots: tuple[int, ...]


def marks_of(layout: Sequence[Place], keys: Mapping[int, Key], sheet: str, rule: str) -> Marks:
    """What a sheet earns. rule: what some right letters of a multiple choice earn (少选), see bank.marking.

    Raises ValueError for a sheet of another length, KeyError for a revision without a key.
    """
    earned = tuple(
        _earned(keys[place.revision_id], layouts.own_letters(place, letters), place.points, rule)
        for place, letters in zip(layout, sheets.parse(sheet), strict=True)
    )
    return Marks(sum(earned), earned)


def _earned(key: Key, own: frozenset[str], points: int, rule: str) -> int:
    return marking.best_earned(
        key.accepted,
        own,
        points,
        rule=rule if key.kind == "multiple" else "all",
        treatment=key.treatment,
    )


class Marker:
    """`marks_of` for many sheets by the same keys and rule, which never change: what the same letters of the same
    question earn is worked out once. So a sweep marks a sheet in a tenth of the time."""

    def __init__(self, keys: Mapping[int, Key], rule: str) -> None:
        self.keys, self.rule = keys, rule
        self._known: dict[tuple[str, str, str], int] = {}  # revision, own letters in the order shown, points

    def marks(self, layout: str, sheet: str) -> Marks:
        """layout, sheet: as stored. Raises ValueError where they differ in length, KeyError for an unknown revision."""
        earned, known = [], self._known
        for text, letters in zip(layout.split(" "), sheet.split("."), strict=True):
            revision, order, points = text.split(":")
            own = "".join([order[ord(one) - 65 : ord(one) - 64] or one.lower() for one in letters])
            asked = (revision, own, points)
            if asked not in known:
                known[asked] = _earned(self.keys[int(revision)], frozenset(own), int(points), self.rule)
            earned.append(known[asked])
        return Marks(sum(earned), tuple(earned))


def slots_text(marks: Marks) -> str:
    """As stored: "20.0.15"."""
    return ".".join(str(tenths) for tenths in marks.slots)


def slots_of(text: str) -> tuple[int, ...]:
    return tuple(int(tenths) for tenths in text.split("."))


def keys_to_json(keys: Mapping[int, Key]) -> dict[str, Any]:
    """As a marking run stores its keys: {"12": ["multiple", ["AC"], "normal"]}."""
    return {
        str(revision_id): [key.kind, ["".join(sorted(letters)) for letters in key.accepted], key.treatment]
        for revision_id, key in sorted(keys.items())
    }


def keys_from_json(stored: Mapping[str, Any]) -> dict[int, Key]:
    return {
        int(revision_id): Key(kind, tuple(frozenset(letters) for letters in accepted), treatment)
        for revision_id, (kind, accepted, treatment) in stored.items()
    }
