"""模拟考试: which practice questions stand on a mock exam, and what it earns, as the exam would mark it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from quizapp.bank.marking import earned, letters
from quizapp.exams.assembly import plans
from quizapp.exams.blueprint import KINDS, Item, Row, sections
from quizapp.exams.drawing import shuffled, some_of


@dataclass(frozen=True)
class Paper:
    """A mock exam's questions in their order. whole: the blueprint holds; else the pool has too few for it."""

    revisions: list[int]
    whole: bool


def paper(rows: Sequence[Row], items: Sequence[Item], rng: Random) -> Paper:
    """A paper by an exam's blueprint from what may be practised, by type and otherwise by chance.

    Where practice has too few questions for the blueprint, each type gives as many as its total asks for, or all.
    """
    frozen = plans.plan(rows, items)
    if frozen is not None:
        drawn = plans.draw(frozen, rng)
    else:
        drawn = [
            revision_id
            for kind, count in sections(rows).items()
            for revision_id in _of_kind(items, kind, count, rng)
        ]
    kind_of = {item.revision_id: item.kind for item in items}
    mixed = shuffled(drawn, rng)
    return Paper(sorted(mixed, key=lambda one: KINDS.index(kind_of[one])), frozen is not None)


def _of_kind(items: Sequence[Item], kind: str, count: int, rng: Random) -> list[int]:
    there = [item.revision_id for item in items if item.kind == kind]
    return some_of(there, min(count, len(there)), rng)


@dataclass(frozen=True)
class Marked:
    """What a mock exam earned: tenths of a 分, of so many; part: of each kind (questions, right, tenths, of tenths)."""

    tenths: int
    of: int
    parts: dict[str, tuple[int, int, int, int]]


def marked(
    asked: Sequence[tuple[str, str]], sheet: Mapping[int, str], points: Mapping[str, int], multiple_rule: str
) -> Marked:
    """asked: (kind, key) of each question; sheet: letters by number from 1. See bank.marking for the rule."""
    parts: dict[str, tuple[int, int, int, int]] = {}
    for number, (kind, key) in enumerate(asked, 1):
        worth, given = points.get(kind, 0), letters(sheet.get(number, ""))
        rule = multiple_rule if kind == "multiple" else "all"
        got, right = earned(letters(key), given, worth, rule=rule), given == letters(key)
        questions, rights, tenths, of = parts.get(kind, (0, 0, 0, 0))
        parts[kind] = (questions + 1, rights + right, tenths + got, of + worth)
    ordered = {kind: parts[kind] for kind in KINDS if kind in parts}
    return Marked(sum(p[2] for p in ordered.values()), sum(p[3] for p in ordered.values()), ordered)
