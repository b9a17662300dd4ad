"""The options of a question over the fifths of the candidates, in the shape that the macro `traces` draws. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

LEFT, RIGHT, TOP, BOTTOM = 40.0, 300.0, 14.0, 130.0
APART = 13.0  # between two labels at the right
FIFTHS = ("最低20%", "次低20%", "中间20%", "次高20%", "最高20%")


def traces(options: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """A line for each option: name, right, points ("x,y x,y"), x and y of its end, label_y kept apart from others.

    options: as stored. names: letter → what the line is called. Options whose shares are not known are left out.
    """
    lines = []
    for one in options:
        places = [
            (LEFT + (RIGHT - LEFT) * n / 4, BOTTOM - (BOTTOM - TOP) * share)
            for n, share in enumerate(one["quintiles"])
            if share is not None
        ]
        if places:
            lines.append(
                {
                    "name": names[one["letter"]],
                    "right": one["right"],
                    "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in places),
                    "x": round(places[-1][0], 1),
                    "y": round(places[-1][1], 1),
                }
            )
    lines.sort(key=lambda line: line["y"])
    return _labelled(lines)


def _labelled(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Push labels apart downwards, then those that stand too low up again, each no further than it must."""
    at = -APART
    for line in lines:
        at = line["label_y"] = max(line["y"], at + APART)
    at = BOTTOM + 4 + APART
    for line in reversed(lines):
        at = line["label_y"] = round(min(line["label_y"], at - APART), 1)
    return lines
