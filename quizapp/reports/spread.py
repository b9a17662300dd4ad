"""What counters cannot give: medians, distributions and 人员类别, for every unit of an exam's frozen tree. Pure.

Points are tenths of a 分. A median stands as `middle`, the sum of the two results in the middle (of an odd number the
one in the middle twice), so that it stays whole: `figures.mean_points(middle, 2)` prints it.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from quizapp.exams.steps import STEP, step_count

Ints = npt.NDArray[np.int64]
Row = tuple[int, int | None, str, bool]
"""Of who counts as 应考: lft of the unit, points (none: not 实考), 人员类别, whether of the 领导班子."""


@dataclass(frozen=True)
class Marks:
    """What points mean in an exam. full: of the whole paper; levels: the marks of the 成绩等级, ascending."""

    full: int
    passing: int
    excellent: int
    levels: Sequence[int] = ()


@dataclass(frozen=True)
class Category:
    """The figures of a 人员类别 in a unit and all below it; the names mean what they mean of `Counts`."""

    name: str
    expected: int
    submitted: int
    passed: int
    excellent: int
    points: int
    middle: int | None


@dataclass(frozen=True)
class Spread:
    """Of a unit and all below it. own_middle: of its own people alone.

    steps: how many scored 0–9.9, 10–19.9 … 分; full marks belong to the last. levels: how many stay below every
    成绩等级, then how many reached each, from the lowest.
    """

    middle: int | None
    own_middle: int | None
    steps: list[int]
    levels: list[int]
    categories: list[Category]

    def to_json(self) -> list[Any]:
        """As it is stored, whole: numbers and lists."""
        return [*self.to_columns()]

    def to_columns(self) -> tuple[Any, ...]:
        """The same, a value for each field."""
        lists = self.steps, self.levels, [list(astuple(one)) for one in self.categories]
        return self.middle, self.own_middle, *lists

    @classmethod
    def of_json(cls, stored: Sequence[Any]) -> "Spread":
        middle, own_middle, steps, levels, rows = stored
        return cls(middle, own_middle, steps, levels, [Category(*row) for row in rows])


@dataclass(frozen=True)
class Both:
    """A unit's figures, and the same without its own 领导班子: none where it has no such people."""

    everybody: Spread
    apart: Spread | None


def of_tree(units: Iterable[tuple[int, int]], rows: Iterable[Row], marks: Marks) -> dict[int, Both]:
    """The figures of each unit (lft, rgt), by lft, from the rows of all candidates who count, in any order."""
    people = _Sorted(rows, marks)
    return {
        lft: Both(people.within(lft, rgt), people.within(lft, rgt, apart=True) if people.leads(lft) else None)
        for lft, rgt in units
    }


class _Sorted:
    """The rows as columns in tree order, so that a unit with all below it is a slice."""

    def __init__(self, rows: Iterable[Row], marks: Marks) -> None:
        lfts, points, codes, names = array("q"), array("q"), array("q"), dict[str, int]()
        leading = array("q")
        for lft, earned, category, leads in rows:
            leading.append(leads)
            lfts.append(lft)
            points.append(-1 if earned is None else earned)
            codes.append(names.setdefault(category, len(names)))
        columns = [np.array(one, dtype=np.int64) for one in (lfts, points, codes, leading)]
        order = np.lexsort((columns[3], columns[0]))  # in a unit, its 领导班子 last
        self.lfts, self.points, self.codes, self.leading = (one[order] for one in columns)
        self.names, self.marks = list(names), marks
        self.levels = np.array(sorted(marks.levels), dtype=np.int64)

    def leads(self, lft: int) -> bool:
        """Whether somebody of the unit's own people belongs to the 领导班子."""
        after = int(np.searchsorted(self.lfts, lft + 1))
        return after > 0 and bool(self.lfts[after - 1] == lft and self.leading[after - 1])

    def within(self, lft: int, rgt: int, *, apart: bool = False) -> Spread:
        """A unit with all below it. apart: without its own 领导班子."""
        first, own, last = np.searchsorted(self.lfts, [lft, lft + 1, rgt + 1])
        points, codes = self.points[first:last], self.codes[first:last]
        own_points = self.points[first:own]
        if apart:
            board = int(np.count_nonzero(self.leading[first:own]))
            kept = np.r_[0 : own - first - board, own - first : last - first]
            points, codes, own_points = points[kept], codes[kept], own_points[: own - first - board]
        taken = _taken(points)
        last_step = step_count(self.marks.full) - 1
        steps = np.bincount(np.minimum(taken // STEP, last_step), minlength=last_step + 1)
        levels = np.bincount(
            np.searchsorted(self.levels, taken, side="right"), minlength=self.levels.size + 1
        )
        return Spread(
            _middle(taken),
            _middle(_taken(own_points)),
            steps.tolist(),
            levels.tolist(),
            [self._category(int(code), points[codes == code]) for code in self._present(codes)],
        )

    def _present(self, codes: Ints) -> list[int]:
        return sorted(np.unique(codes).tolist(), key=lambda code: self.names[code])

    def _category(self, code: int, points: Ints) -> Category:
        taken = _taken(points)
        return Category(
            self.names[code],
            int(points.size),
            int(taken.size),
            int(np.count_nonzero(taken >= self.marks.passing)),
            int(np.count_nonzero(taken >= self.marks.excellent)),
            int(taken.sum()),
            _middle(taken),
        )


def _taken(points: Ints) -> Ints:
    """The results of those who sat it, ascending."""
    return np.sort(points[points >= 0])


def _middle(taken: Ints) -> int | None:
    """The sum of the two in the middle of ascending results; none of nothing."""
    return int(taken[(taken.size - 1) // 2] + taken[taken.size // 2]) if taken.size else None
