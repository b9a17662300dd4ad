"""The places of a paper: an item that all are asked is one; items drawn at random share some.

An attempt's first, second … drawn item in the order of the sheets stands at the first, second … shared place, as a
random question does in Moodle's quiz. Where attempts were asked different numbers of them there are no such places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from quizapp.analysis.moments import NOTHING, Floats, spread, together

if TYPE_CHECKING:  # the sheets keep their places
    from quizapp.analysis.sheets import Column, Sheets


@dataclass(frozen=True)
class Places:
    """count: of one paper; full: its full marks, none where papers differ in it. variances: of the marks x at each
    place, over s − 1; covariances: of x and T. Both empty below two attempts."""

    count: int
    full: float | None
    variances: tuple[float, ...]
    covariances: tuple[float, ...]


def places(sheets: Sheets) -> Places | None:
    """Of these sheets: ask for `Sheets.places`, which remembers them."""
    own = [at for at in range(len(sheets.ids)) if not _shared(sheets, at)]
    shared = [at for at in range(len(sheets.ids)) if _shared(sheets, at)]
    met, full = np.zeros(sheets.size, dtype=np.int32), np.zeros(sheets.size)
    for at in shared:
        met[sheets.columns[at].rows] += 1
        full[sheets.columns[at].rows] += sheets.maxima[at]
    if shared and (not sheets.size or met.min() != met.max()):
        return None
    more = int(met[0]) if shared else 0
    points = float(sheets.maxima[own].sum()) + (float(full[0]) if shared else 0.0)
    whole = not shared or float(np.ptp(full)) <= 1e-9 * points
    moments = []
    if sheets.size > 1:
        totals = sheets.totals.astype(np.float64)
        moments = [_moments(sheets.columns[at], totals) for at in own]
        moments += _of_shared([sheets.columns[at] for at in shared], totals, more)
    return Places(
        len(own) + more,
        points if whole else None,
        tuple(variance for variance, _ in moments),
        tuple(covariance for _, covariance in moments),
    )


def _shared(sheets: Sheets, at: int) -> bool:
    """Whether an item stands at a place that others share: it is drawn, or on one of several papers only."""
    partial = len(sheets.columns[at].rows) < sheets.size
    return bool(sheets.drawn[at]) or (sheets.forms is not None and partial)


def _moments(column: Column, totals: Floats) -> tuple[float, float]:
    """Over the attempts that met the item."""
    if len(column.rows) < 2:
        return 0.0, 0.0
    away, variance = spread(column.marks.astype(np.float64))
    of = totals if len(column.rows) == len(totals) else totals[column.rows]
    return variance, together(away, spread(of)[0])


def _of_shared(columns: list[Column], totals: Floats, count: int) -> list[tuple[float, float]]:
    place = np.zeros(len(totals), dtype=np.int32)
    away, s = spread(totals)[0], len(totals)
    sums, squares, products = np.zeros(count), np.zeros(count), np.zeros(count)
    for column in columns:
        x, at = column.marks.astype(np.float64), place[column.rows]
        sums += np.bincount(at, weights=x, minlength=count)
        squares += np.bincount(at, weights=x * x, minlength=count)
        products += np.bincount(at, weights=x * away[column.rows], minlength=count)
        place[column.rows] += 1
    variances = np.maximum(squares - sums * sums / s, 0.0) / (s - 1)
    noise = NOTHING * np.sqrt(squares * float(away @ away))  # small, but its root is not
    products[np.abs(products) <= noise] = 0.0
    return list(zip(variances.tolist(), (products / (s - 1)).tolist(), strict=True))
