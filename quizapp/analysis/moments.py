"""Variances and covariances, exactly 0 where only the decimals of a computer would make them something else."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NOTHING = 1e-12  # what decimals leave over where exact numbers would leave 0, as a share of the numbers


def spread(values: Floats) -> tuple[Floats, float]:
    """The differences from the mean, and their variance over s − 1: exactly 0 where only decimals make one."""
    away = values - values.mean()
    variance = float(away @ away) / (len(values) - 1)
    largest = float(np.abs(values).max())
    return (away, variance) if variance > NOTHING * largest**2 else (np.zeros_like(away), 0.0)


def together(one: Floats, other: Floats) -> float:
    """The covariance over s − 1 of two rows of differences from their means; 0 where only decimals make one."""
    found = float(one @ other)
    noise = NOTHING * float(np.sqrt((one @ one) * (other @ other)))
    return found / (len(one) - 1) if abs(found) > noise else 0.0
