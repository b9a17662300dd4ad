"""How often the index of `similarity` names people who answered alone, simulated with an exam's own sheets. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quizapp.analysis.response_model import fit, independent
from quizapp.analysis.sheets import Sheets
from quizapp.analysis.similarity import FAMILY, compare


@dataclass(frozen=True)
class Rates:
    """What the index did to people who answered alone. nominal: a level of one pair; below: pairs with p at or below
    it, of `pairs` in `rounds` simulated exams; named: exams in which it named anybody, at most `family` of them."""

    rounds: int
    pairs: int
    nominal: float
    below: int
    named: int
    family: float = FAMILY


def simulate(
    sheets: Sheets,
    groups: Sequence[Sequence[int]],
    *,
    rounds: int,
    seed: int,
    nominal: float = 0.01,
) -> Rates:
    """Fit, draw exams in which nobody copied, fit and compare each as a real one, and count what is named."""
    model, chance = fit(sheets), np.random.default_rng(seed)
    pairs = below = named = 0
    for _ in range(rounds):
        alone = independent(sheets, model, chance)
        compared = compare(fit(alone), groups, far=1.0)
        pairs += compared.pairs
        below += sum(pair.p <= nominal for pair in compared.far)
        named += bool(compared.hints())
    return Rates(rounds, pairs, nominal, below, named)
