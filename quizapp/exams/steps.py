"""分数段: how results are spread over steps of 10 分, and columns of a picture. Pure."""

from collections.abc import Sequence
from typing import Any

from quizapp import figures

STEP = 100  # tenths: distributions count by 10 分


def step_count(full: int) -> int:
    """Into how many steps of 10 分 the points of a paper fall; the last holds full marks too."""
    return max(1, -(-full // STEP))


def step_names(full: int) -> list[str]:
    """0—9, 10—19 … 90—100: the steps in words, for points that are mostly whole."""
    last = step_count(full) - 1
    return [
        f"{10 * n}—{10 * n + 9}" if n < last else f"{10 * n}—{max(full, STEP) // 10}" for n in range(last + 1)
    ]


def columns(counts: Sequence[int], names: Sequence[str]) -> list[dict[str, Any]]:
    """A distribution for the macro `columns`: name, count, share as printed, height in percent of the tallest."""
    tallest, whole = max(counts, default=0) or 1, sum(counts)
    return [
        {
            "name": name,
            "count": count,
            "share": figures.percent(count, whole),
            "height": float(figures.ratio(count, tallest) or 0),
        }
        for name, count in zip(names, counts, strict=True)
    ]
