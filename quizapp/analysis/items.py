"""Item statistics, defined as in Moodle's quiz statistics report.

x an item's mark, m its maximum, T the attempt's total, r = T − x, s the attempts; variances and covariances over s − 1.
A missing answer marks 0. For an item drawn at random per candidate: over the attempts that met it, and r = T.
"""

from dataclasses import dataclass

from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class ItemStatistics:
    """One item. Shares and indices are 0…1 (−1…1), not percent; deviations and marks are tenths of a 分.

    attempts: that met it. mean, facility: mean(x), mean(x)/m; none without attempts or maximum. deviation: of x; none
    below two attempts. discrimination: cov(x,r)/√(var x · var r), none where a variance is 0. efficiency: cov(x,r)
    over the most that the sorted x and r allow; none where that is 0. intended_weight: m/Σm; effective_weight:
    √cov(x,T)/Σ√cov(x_k,T) over the items with cov ≥ 0; both none for a drawn item, which is no place of the paper.
    negative_covariance: cov(x,T) < 0, then effective_weight is none. top: attempts with the full mark.
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
    raise NotImplementedError


def guess_score(kind: str, options: int) -> float | None:
    """The facility of pure guessing: of a single choice 1/options, of a judge 0.5; none for several right letters."""
    raise NotImplementedError
