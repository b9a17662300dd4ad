"""Figures in the shapes that the chart macros draw. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from quizapp import figures
from quizapp.exams.bands import Band
from quizapp.exams.steps import columns
from quizapp.reports.completion import Counts, UnitRow, median
from quizapp.reports.spread import Category


def bars(
    rows: Sequence[UnitRow], url: Callable[[UnitRow], str | None], *, scores: bool
) -> list[dict[str, Any]]:
    """Units as rows of `bar_table`: the bar is 参考率, in tree order, nothing ranked."""
    return [bar(row, url(row), scores=scores) for row in rows]


def bar(row: UnitRow, url: str | None = None, *, scores: bool) -> dict[str, Any]:
    """One unit as a row of `bar_table`; without `scores` the last figure is how many have not sat it."""
    words = row.words
    return {
        "name": row.name,
        "url": url,
        "percent": str(row.counts.taken_rate or 0),
        "figure": words["参考率"],
        "count": f"{row.counts.submitted}/{row.counts.expected}",
        "mean": words["平均分"] if scores else f"{row.counts.missing}人",
    }


def running_count(days: Sequence[tuple[date, int]], expected: int) -> dict[str, Any]:
    """A running count by day as arguments of `line`: points, top of the axis, three ticks."""
    top = max(expected, days[-1][1] if days else 0, 1)
    middle = top // 2
    return {
        "points": [(f"{day.month}月{day.day}日", count, f"{count}人") for day, count in days],
        "top": top,
        "ticks": [(0, "0"), *([(middle, str(middle))] if middle else []), (top, f"{top}人")],
    }


def levels(counts: Sequence[int], bands: Sequence[Band], pass_mark: int) -> list[dict[str, Any]]:
    """How many reached each 成绩等级, the highest first; below all of them last. counts: see `spread.Spread`."""
    ordered = sorted(bands, key=lambda band: int(band[1]))
    lowest = int(ordered[0][1]) if ordered else 0
    below = "不合格" if lowest == pass_mark else "未达等级"
    names = [
        f"{below}（{figures.points(lowest)}分以下）",
        *(f"{name}（{figures.points(int(mark))}分及以上）" for name, mark in ordered),
    ]
    return columns(counts, names)[::-1]


def categories(everybody: Iterable[Category], told: Iterable[Category]) -> list[dict[str, Any]]:
    """人员类别 as rows of a table. told: without those whose scores the reader may not see; of a 类别 that holds
    nobody else, no score is shown."""
    scored = {one.name: one for one in told}
    return [_category(one, scored.get(one.name)) for one in everybody]


def _category(one: Category, told: Category | None) -> dict[str, Any]:
    counts = _counts(one)
    hidden = dict.fromkeys(("合格率", "应考合格率", "优秀率", "平均分", "中位数"), "不显示")
    scores = {**_counts(told).words, "中位数": median(told.middle)} if told else hidden
    return {
        "name": one.name or "未填写",
        "percent": str(counts.taken_rate or 0),
        "count": f"{one.submitted}/{one.expected}",
        "words": scores | {"参考率": counts.words["参考率"]},
    }


def _counts(one: Category) -> Counts:
    return Counts(
        expected=one.expected,
        submitted=one.submitted,
        passed=one.passed,
        excellent=one.excellent,
        points=one.points,
    )
