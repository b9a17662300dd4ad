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
        marking.best_earned(
            keys[place.revision_id].accepted,
            layouts.own_letters(place, letters),
            place.points,
            rule=rule if keys[place.revision_id].kind == "multiple" else "all",
            treatment=keys[place.revision_id].treatment,
        )
        for place, letters in zip(layout, sheets.parse(sheet), strict=True)
    )
    return Marks(sum(earned), earned)


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
