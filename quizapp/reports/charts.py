"""Figures in the shapes that the chart macros draw. Pure."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from quizapp.reports.completion import UnitRow


def bars(rows: Sequence[UnitRow], url: Callable[[UnitRow], str | None]) -> list[dict[str, Any]]:
    """Units as rows of `bar_table`: the bar is 参考率, in tree order, nothing ranked."""
    return [bar(row, url(row)) for row in rows]


def bar(row: UnitRow, url: str | None = None) -> dict[str, Any]:
    """One unit as a row of `bar_table`."""
    words = row.counts.words
    return {
        "name": row.name,
        "url": url,
        "percent": str(row.counts.taken_rate or 0),
        "figure": words["参考率"],
        "count": f"{row.counts.submitted}/{row.counts.expected}",
        "mean": words["平均分"],
    }


def running_count(days: Sequence[tuple[date, int]], expected: int) -> dict[str, Any]:
    """A running count by day as arguments of `line`: points, top of the axis, three ticks."""
    top = max(expected, days[-1][1] if days else 0, 1)
    return {
        "points": [(f"{day.month}月{day.day}日", count, f"{count}人") for day, count in days],
        "top": top,
        "ticks": [(0, "0"), (top / 2, f"{top / 2:g}"), (top, f"{top}人")],
    }
