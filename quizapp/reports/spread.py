"""What counters cannot give: medians, distributions and 人员类别, for every unit of an exam's frozen tree. Pure.

Points are tenths of a 分. A median stands as `middle`, the sum of the two results in the middle (of an odd number the
one in the middle twice), so that it stays whole: `figures.mean_points(middle, 2)` prints it.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

STEP = 100  # tenths: distributions count by 10 分
Ints = npt.NDArray[np.int64]
Row = tuple[int, int | None, str, date | None]  # of who counts as 应考: see `of_tree`


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
    成绩等级, then how many reached each, from the lowest. days: how many finished on each day, ascending, as
    (ISO day, count).
    """

    middle: int | None
    own_middle: int | None
    steps: list[int]
    levels: list[int]
    categories: list[Category]
    days: list[tuple[str, int]]


def step_count(full: int) -> int:
    """Into how many steps of 10 分 the points of a paper fall; the last holds full marks too."""
    return max(1, -(-full // STEP))


def step_names(full: int) -> list[str]:
    """0—9, 10—19 … 90—100: the steps in words, for points that are mostly whole."""
    last = step_count(full) - 1
    return [
        f"{10 * n}—{10 * n + 9}" if n < last else f"{10 * n}—{max(full, STEP) // 10}" for n in range(last + 1)
    ]


def of_tree(units: Iterable[tuple[int, int]], rows: Iterable[Row], marks: Marks) -> dict[int, Spread]:
    """The figures of each unit (lft, rgt), by lft, from the rows of all candidates who count, in any order.

    A row: lft of the candidate's unit, points (none: not 实考), 人员类别, and the day in China of the hand-in.
    """
    people = _Sorted(rows, marks)
    return {lft: people.within(lft, rgt) for lft, rgt in units}


class _Sorted:
    """The rows as columns in tree order, so that a unit with all below it is a slice."""

    def __init__(self, rows: Iterable[Row], marks: Marks) -> None:
        lfts, points, codes, names = array("q"), array("q"), array("q"), dict[str, int]()
        days = array("q")  # 0 is none
        for lft, earned, category, day in rows:
            lfts.append(lft)
            points.append(-1 if earned is None else earned)
            codes.append(names.setdefault(category, len(names)))
            days.append(day.toordinal() if day else 0)
        columns = [np.array(one, dtype=np.int64) for one in (lfts, points, codes, days)]
        order = np.argsort(columns[0], kind="stable")
        self.lfts, self.points, self.codes, self.days = (one[order] for one in columns)
        self.names, self.marks = list(names), marks
        self.levels = np.array(sorted(marks.levels), dtype=np.int64)

    def within(self, lft: int, rgt: int) -> Spread:
        first, own, last = np.searchsorted(self.lfts, [lft, lft + 1, rgt + 1])
        points, codes = self.points[first:last], self.codes[first:last]
        taken = _taken(points)
        last_step = step_count(self.marks.full) - 1
        steps = np.bincount(np.minimum(taken // STEP, last_step), minlength=last_step + 1)
        levels = np.bincount(
            np.searchsorted(self.levels, taken, side="right"), minlength=self.levels.size + 1
        )
        return Spread(
            _middle(taken),
            _middle(_taken(self.points[first:own])),
            steps.tolist(),
            levels.tolist(),
            [self._category(int(code), points[codes == code]) for code in self._present(codes)],
            _by_day(self.days[first:last]),
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


def _by_day(ordinals: Ints) -> list[tuple[str, int]]:
    days, counts = np.unique(ordinals[ordinals > 0], return_counts=True)
    return [
        (date.fromordinal(day).isoformat(), count)
        for day, count in zip(days.tolist(), counts.tolist(), strict=True)
    ]


def _middle(taken: Ints) -> int | None:
    """The sum of the two in the middle of ascending results; none of nothing."""
    return int(taken[(taken.size - 1) // 2] + taken[taken.size // 2]) if taken.size else None
