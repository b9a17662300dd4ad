"""What a correction does to the results of an exam, counted. Pure: no Flask, no SQL. Points: tenths of a 分."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Protocol

from quizapp.exams import bands

MEASURES = (
    "sat",
    "passed",
    "passed_after",
    "excellent",
    "excellent_after",
    "points",
    "points_after",
    "changed",
)


class Rules(Protocol):
    """What points mean in an exam."""

    @property
    def pass_mark(self) -> int: ...

    @property
    def excellent_mark(self) -> int: ...

    @property
    def bands(self) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Effect:
    """sat: 实考; up, down: whose points rise or fall; gained, lost: who crosses the pass line either way.

    moves: (band before, band after) → people, where they differ. deltas: change → people. units: lft → MEASURES.
    """

    sat: int = 0
    up: int = 0
    down: int = 0
    gained: int = 0
    lost: int = 0
    moves: Mapping[tuple[str, str], int] = field(default_factory=dict)
    deltas: Mapping[int, int] = field(default_factory=dict)
    units: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @property
    def changed(self) -> int:
        return self.up + self.down

    def to_json(self) -> dict[str, Any]:
        plain = {name: getattr(self, name) for name in ("sat", "up", "down", "gained", "lost")}
        return plain | {
            "moves": [[*pair, people] for pair, people in self.moves.items()],
            "deltas": [[delta, people] for delta, people in self.deltas.items()],
            "units": [[lft, *values] for lft, values in self.units.items()],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Effect":
        plain = {name: stored[name] for name in ("sat", "up", "down", "gained", "lost")}
        return cls(
            **plain,
            moves={(before, after): people for before, after, people in stored["moves"]},
            deltas=dict(stored["deltas"]),
            units={lft: values for lft, *values in stored["units"]},
        )


@dataclass(frozen=True)
class Sums:
    """Running sums over lft, so that every unit's sum is two look-ups."""

    lfts: Sequence[int]
    running: Sequence[Sequence[int]]  # per measure, one longer than lfts

    @classmethod
    def of_units(cls, units: Mapping[int, Sequence[int]]) -> "Sums":
        lfts = sorted(units)
        columns = ([units[lft][at] for lft in lfts] for at in range(len(MEASURES)))
        return cls(lfts, [list(accumulate(column, initial=0)) for column in columns])

    def of(self, lft: int, rgt: int) -> dict[str, int]:
        """MEASURES of everything from lft to rgt."""
        first, last = bisect_left(self.lfts, lft), bisect_right(self.lfts, rgt)
        sums = (running[last] - running[first] for running in self.running)
        return dict(zip(MEASURES, sums, strict=True))


def effect(rows: Iterable[tuple[int, int, int, int]], rules: Rules) -> Effect:
    """rows: (lft, points before, points after, how many candidates)."""
    counts: Counter[str] = Counter()
    moves: Counter[tuple[str, str]] = Counter()
    deltas: Counter[int] = Counter()
    units: dict[int, list[int]] = {}
    for lft, before, after, people in rows:
        counts["sat"] += people
        one = _measured(before, after, rules)
        sums = units.setdefault(lft, [0] * len(MEASURES))
        for at, value in enumerate(one):
            sums[at] += value * people
        if before == after:
            continue
        deltas[after - before] += people
        counts["up" if after > before else "down"] += people
        passed = bands.passed(before, rules.pass_mark), bands.passed(after, rules.pass_mark)
        if passed[0] != passed[1]:
            counts["gained" if passed[1] else "lost"] += people
        names = bands.band(before, rules.bands), bands.band(after, rules.bands)
        if names[0] != names[1]:
            moves[names] += people
    return Effect(**counts, moves=dict(moves), deltas=dict(sorted(deltas.items())), units=units)


def _measured(before: int, after: int, rules: Rules) -> list[int]:
    """One candidate's part of MEASURES."""
    return [
        1,
        int(bands.passed(before, rules.pass_mark)),
        int(bands.passed(after, rules.pass_mark)),
        int(bands.excellent(before, rules.excellent_mark)),
        int(bands.excellent(after, rules.excellent_mark)),
        before,
        after,
        int(before != after),
    ]
