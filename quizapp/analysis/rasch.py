"""Rasch difficulties by marginal maximum likelihood, with standard errors.

An item is right (the full mark) or not. Abilities are normal; their spread is estimated with the difficulties by the
EM algorithm; the difficulties' mean is 0. Source: Bock and Aitkin 1981 (Psychometrika 46), Thissen 1982 (47).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class Difficulty:
    """One item. logit: its difficulty, 0 is the mean of all; none where all or nobody was right, or nobody met it.

    error: standard error of logit. facility: the share of all candidates who would be right, also of those who met
    other questions (0…1): what papers are assembled by.
    """

    id: int | str
    logit: float | None
    error: float | None
    facility: float | None


@dataclass(frozen=True)
class Scale:
    """difficulties: in the order of the sheets. mean, spread: of the abilities in logits. converged: false where
    `rounds` were not enough; then nothing here should be used. attempts: that the estimate read."""

    difficulties: Sequence[Difficulty]
    mean: float
    spread: float
    converged: bool
    rounds: int
    attempts: int


def difficulties(sheets: Sheets, *, rounds: int = 200) -> Scale:
    """Of every item of the sheets. rounds: at most, of the EM algorithm."""
    raise NotImplementedError
