"""Test statistics: of the totals of a whole exam, defined as in Moodle's quiz statistics report."""

from dataclasses import dataclass

from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class TestStatistics:
    """Of the totals T of s attempts; tenths of a 分 where it is marks. None: too few attempts, or no variance.

    skewness k3/k2^1.5, kurtosis k4/k2². consistency (CIC): p/(p−1)·(1 − Σvar(x_j)/k2) over the p places of the paper (of drawn items: an attempt's first, second … in the
    order of the sheets; none where attempts met different numbers);
    error_ratio √(1 − CIC); standard_error error_ratio·deviation. kr20: KR-20, with variances over s, only where every
    item was met by all and marks nothing or its maximum, the same for all items.
    """

    __test__ = False  # no test of ours

    attempts: int
    items: int
    maximum: float
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
    raise NotImplementedError
