"""Counters of single units, summed over the intervals of a tree: for every unit at once. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

Counters = Sequence[int]


def over_intervals(
    units: Iterable[tuple[int, int]], own: Mapping[int, Counters], width: int
) -> dict[int, list[int]]:
    """Each unit (lft, rgt) with all below it, by lft: the sums of the counters whose lft lies in its interval.

    own: by lft, `width` counters each; units without any may be left out.
    """
    places = sorted(own)
    rows = np.array([own[lft] for lft in places], dtype=np.int64).reshape(len(places), width)
    running = np.vstack([np.zeros((1, width), dtype=np.int64), rows.cumsum(axis=0)])
    within = sorted(units)
    first = np.searchsorted(places, [lft for lft, _ in within])
    last = np.searchsorted(places, [rgt for _, rgt in within], side="right")
    return {
        lft: sums for (lft, _), sums in zip(within, (running[last] - running[first]).tolist(), strict=True)
    }
