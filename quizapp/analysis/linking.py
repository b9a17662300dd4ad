"""Parallel forms (A卷, B卷) put on one scale: mean and linear equating of random groups, with standard errors.

Whoever sat form X and whoever sat form Y were chosen by lot, so their totals differ by the forms and by chance.
Source: Kolen and Brennan, Test Equating, Scaling, and Linking, chapters 2 and 7; errors by the delta method.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.moments import spread
from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class Form:
    """One paper: its number, who sat it, and the moments of the totals (tenths; deviation over s − 1).

    skewness m3/m2^1.5, kurtosis m4/m2² (3 of a normal one), 0 where totals do not vary.
    """

    number: int
    attempts: int
    mean: float
    deviation: float
    skewness: float
    kurtosis: float


@dataclass(frozen=True)
class Linking:
    """From form x to the scale of form y. Totals are tenths of a 分."""

    x: Form
    y: Form

    @property
    def shift(self) -> float:
        """Mean of y minus mean of x: by how much x was harder."""
        return self.y.mean - self.x.mean

    @property
    def shift_error(self) -> float:
        """Standard error of the shift."""
        return sqrt(self.x.deviation**2 / self.x.attempts + self.y.deviation**2 / self.y.attempts)

    def mean(self, total: float) -> float:
        """A total of form x on the scale of y by mean equating; its error is shift_error everywhere."""
        return total + self.shift

    def linear(self, total: float) -> tuple[float, float]:
        """By linear equating: the total, and its standard error there. Raises ValueError where x does not vary."""
        x, y = self.x, self.y
        if not x.deviation:
            raise ValueError("totals of this form do not vary")
        z = (total - x.mean) / x.deviation
        at_mean = 1 / x.attempts + 1 / y.attempts
        skew = x.skewness / x.attempts + y.skewness / y.attempts
        tails = (x.kurtosis - 1) / (4 * x.attempts) + (y.kurtosis - 1) / (4 * y.attempts)
        variance = y.deviation**2 * (at_mean + z * skew + z * z * tails)
        return y.mean + z * y.deviation, sqrt(max(variance, 0.0))


def link(number_x: int, x: NDArray[np.generic], number_y: int, y: NDArray[np.generic]) -> Linking:
    """Of the totals of two forms. Raises ValueError below two attempts each."""
    return Linking(_form(number_x, x), _form(number_y, y))


def _form(number: int, totals: NDArray[np.generic]) -> Form:
    if len(totals) < 2:
        raise ValueError("fewer than two attempts")
    values = totals.astype(np.float64)
    away, variance = spread(values)
    m2 = float((away**2).mean())
    skewness = float((away**3).mean()) / m2**1.5 if m2 else 0.0
    kurtosis = float((away**4).mean()) / m2**2 if m2 else 0.0
    return Form(number, len(values), float(values.mean()), sqrt(variance), skewness, kurtosis)


def forms(sheets: Sheets) -> list[Linking]:
    """Every form but the first linked to the first, those with at least two attempts; [] where all sat one paper."""
    if sheets.forms is None:
        return []
    totals = {int(n): sheets.totals[sheets.forms == n] for n in np.unique(sheets.forms)}
    first, *others = [(n, of) for n, of in totals.items() if len(of) > 1] or [(0, sheets.totals)]
    return [link(n, of, *first) for n, of in others]
