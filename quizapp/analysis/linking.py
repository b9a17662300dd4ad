"""Parallel forms (A卷, B卷) put on one scale: mean and linear equating of random groups, with standard errors.

Whoever sat form X and whoever sat form Y were chosen by lot, so their means differ by the forms and by chance.
Source: Kolen and Brennan, Test Equating, Scaling, and Linking, random groups; errors by the delta method.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class Form:
    """One paper: its number, who sat it, and the first four moments of the totals (tenths; over s)."""

    number: int
    attempts: int
    mean: float
    deviation: float
    skewness: float
    kurtosis: float


@dataclass(frozen=True)
class Linking:
    """From form x to the scale of form y. Totals are tenths of a 分.

    shift: mean of y minus mean of x. shift_error: its standard error.
    """

    x: Form
    y: Form
    shift: float
    shift_error: float

    def mean(self, total: float) -> float:
        """A total of form x on the scale of y by mean equating; its error is shift_error everywhere."""
        raise NotImplementedError

    def linear(self, total: float) -> tuple[float, float]:
        """By linear equating: the total, and its standard error there. Raises ValueError where x does not vary."""
        raise NotImplementedError


def link(number_x: int, x: NDArray[np.generic], number_y: int, y: NDArray[np.generic]) -> Linking:
    """Of the totals of two forms. Raises ValueError below two attempts each."""
    raise NotImplementedError


def forms(sheets: Sheets) -> list[Linking]:
    """Every form but the first linked to the first, those with at least two attempts; [] where all sat one paper."""
    raise NotImplementedError
