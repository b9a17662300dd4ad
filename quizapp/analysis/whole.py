"""Test statistics: of the totals of a whole exam, defined as in Moodle's quiz statistics report."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from quizapp.analysis.moments import Floats, spread
from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class TestStatistics:
    """Of the totals T of s attempts; tenths of a 分 where it is marks. None: too few attempts, or no variance.

    items: of the table. places: of one paper; none where attempts were asked different numbers of items. maximum: full
    marks of the paper; none likewise, or where the papers differ in it. deviation: over s − 1. skewness k3/k2^1.5,
    kurtosis k4/k2². consistency (CIC): p/(p−1)·(1 − Σvar(x_j)/k2) over the p places, see `places`. error_ratio
    √(1 − CIC); standard_error error_ratio·deviation. kr20: KR-20 with the number of right items as the total; only
    where every attempt met every item and each marks nothing or its maximum.
    """

    __test__ = False  # for pytest, which takes the name for a test of ours

    attempts: int
    items: int
    places: int | None
    maximum: float | None
    mean: float | None
    median: float | None
    deviation: float | None
    skewness: float | None
    kurtosis: float | None
    consistency: float | None
    error_ratio: float | None
    standard_error: float | None
    kr20: float | None


def statistics(sheets: Sheets) -> TestStatistics:
    """Of all attempts of the sheets together, whichever paper they sat."""
    totals = sheets.totals.astype(np.float64)
    s = len(totals)
    paper = sheets.places
    k2, skewness, kurtosis = _shape(totals) if s > 1 else (None, None, None)
    consistency = None
    if k2 and paper is not None:
        consistency = _alpha(paper.count, sum(paper.variances), k2)
    ratio = None if consistency is None else sqrt(max(1 - consistency, 0.0))
    return TestStatistics(
        attempts=s,
        items=len(sheets.ids),
        places=paper.count if paper else None,
        maximum=paper.full if paper else None,
        mean=float(totals.mean()) if s else None,
        median=float(np.median(totals)) if s else None,
        deviation=None if k2 is None else sqrt(k2),
        skewness=skewness,
        kurtosis=kurtosis,
        consistency=consistency,
        error_ratio=ratio,
        standard_error=None if ratio is None or k2 is None else ratio * sqrt(k2),
        kr20=_kr20(sheets),
    )


def _shape(totals: Floats) -> tuple[float, float | None, float | None]:
    """k2, skewness and kurtosis by k-statistics; m: central moments over s."""
    s = len(totals)
    away, k2 = spread(totals)
    if not k2:
        return 0.0, None, None
    square = away * away
    m2, m3, m4 = float(square.mean()), float((square * away).mean()), float((square * square).mean())
    skewness = kurtosis = None
    if s > 2:
        skewness = s**2 * m3 / ((s - 1) * (s - 2)) / k2**1.5
    if s > 3:
        k4 = s**2 * ((s + 1) * m4 - 3 * (s - 1) * m2**2) / ((s - 1) * (s - 2) * (s - 3))
        kurtosis = k4 / k2**2
    return k2, skewness, kurtosis


def _alpha(count: int, variances: float, whole: float) -> float | None:
    return count / (count - 1) * (1 - variances / whole) if count > 1 else None


def _kr20(sheets: Sheets) -> float | None:
    """k/(k−1)·(1 − Σp(1−p)/σ²), σ² of the number right, over s. Kuder and Richardson 1937, formula 20."""
    s = sheets.size
    if s < 2 or not sheets.whole:
        return None
    right, products = np.zeros(s), 0.0
    for column, maximum in zip(sheets.columns, sheets.maxima, strict=True):
        full = column.marks == maximum
        if maximum <= 0 or not np.all(full | (column.marks == 0)):
            return None
        p = np.count_nonzero(full) / s
        right += full
        products += p * (1 - p)
    variance = float(right.var())
    return _alpha(len(sheets.ids), products, variance) if variance else None
