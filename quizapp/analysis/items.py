"""Item statistics, defined as in Moodle's quiz statistics report.

x an item's mark, m its maximum, T the attempt's total, r = T − x, s the attempts; variances and covariances over s − 1.
A missing answer marks 0. For an item drawn at random per candidate: over the attempts that met it, and r = T.
"""

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from quizapp.analysis.moments import spread, together
from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class ItemStatistics:
    """One item. Shares and indices are 0…1 (−1…1), not percent; deviations and marks are tenths of a 分.

    attempts: that met it. mean, facility: mean(x), mean(x)/m; none without attempts or maximum. deviation: of x; none
    below two attempts. discrimination: cov(x,r)/√(var x · var r), none where a variance is 0. efficiency: cov(x,r)
    over the most that the sorted x and r allow; none where that is 0. intended_weight: m/Σm; effective_weight:
    √cov(x,T)/Σ√cov(x_k,T) over the places of the paper with cov ≥ 0, none where cov < 0: negative_covariance then.
    Both weights are none for a drawn item, which is no place of its own, where there are no places (see `places`),
    and where attempts sat several papers: ask Sheets.of_form. top: attempts with the full mark.
    """

    id: int | str
    attempts: int
    maximum: float
    drawn: bool
    mean: float | None
    facility: float | None
    deviation: float | None
    intended_weight: float | None
    effective_weight: float | None
    negative_covariance: bool
    discrimination: float | None
    efficiency: float | None
    top: int


def statistics(sheets: Sheets) -> list[ItemStatistics]:
    """Of every item, in the order of the sheets."""
    found = [_item(sheets, at) for at in range(len(sheets.ids))]
    paper = None if sheets.forms is not None else sheets.places
    if paper is None:
        return [one for one, _ in found]
    roots = sum(sqrt(covariance) for covariance in paper.covariances if covariance >= 0)
    return [one if one.drawn else _weighed(one, covariance, paper.full, roots) for one, covariance in found]


def _weighed(
    item: ItemStatistics, covariance: float | None, full: float | None, roots: float
) -> ItemStatistics:
    return replace(
        item,
        intended_weight=item.maximum / full if full else None,
        effective_weight=sqrt(covariance) / roots
        if covariance is not None and covariance >= 0 < roots
        else None,
    )


def _item(sheets: Sheets, at: int) -> tuple[ItemStatistics, float | None]:
    """The item without weights, and cov(x,T); none below two attempts."""
    x, r = sheets.mark_and_rest(at)
    maximum, drawn = float(sheets.maxima[at]), bool(sheets.drawn[at])
    mean = float(x.mean()) if len(x) else None
    deviation = covariance = discrimination = efficiency = None
    if len(x) > 1:
        away_x, variance_x = spread(x)
        away_r, variance_r = spread(r)
        deviation = sqrt(variance_x)
        with_rest = together(away_x, away_r)
        covariance = together(away_x, away_r if drawn else spread(r + x)[0])
        if variance_x and variance_r:
            discrimination = with_rest / sqrt(variance_x * variance_r)
            most = together(np.sort(away_x), np.sort(away_r))
            efficiency = with_rest / most if most else None
    item = ItemStatistics(
        id=sheets.ids[at],
        attempts=len(x),
        maximum=maximum,
        drawn=drawn,
        mean=mean,
        facility=mean / maximum if mean is not None and maximum else None,
        deviation=deviation,
        intended_weight=None,
        effective_weight=None,
        negative_covariance=covariance is not None and covariance < 0,
        discrimination=discrimination,
        efficiency=efficiency,
        top=int(np.count_nonzero(x >= maximum)),
    )
    return item, covariance


def guess_score(kind: str, options: int) -> float | None:
    """The facility of pure guessing (0…1): of a single choice the mean of its options' fractions, one of which earns
    all; of a judge 0.5; none for several right letters."""
    if kind == "judge":
        return 0.5
    return 1 / options if kind == "single" and options else None
