"""Rasch difficulties by marginal maximum likelihood, with standard errors.

An item is right (the full mark) or not. Abilities are normal; their mean and spread are estimated with the difficulties
by the EM algorithm; the difficulties' mean is 0. Source: Bock and Aitkin 1981 (Psychometrika 46), Thissen 1982 (47);
the information that a person's unknown ability takes away: Louis 1982 (J. R. Statist. Soc. B 44).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from quizapp.analysis.sheets import Floats, Sheets

NODES = np.linspace(-5, 5, 41)  # of the normal distribution, in its own deviations
CLOSE = 1e-5  # logits by which no difficulty may move any more
CELLS = 10_000_000  # attempts × items that are read where not all were asked the same; else all are read
LEAST_SPREAD = 0.01  # logits: abilities that do not differ at all would have no scale


@dataclass(frozen=True)
class Difficulty:
    """One item. logit: its difficulty, 0 is the mean of all; none where all or nobody was right, or nobody met it.

    error: standard error of logit, from the diagonal of the observed information, so rather too large than too small.
    facility: the share of all candidates who would be right, also of those who met other questions (0…1): what
    papers are assembled by.
    """

    id: int | str
    logit: float | None = None
    error: float | None = None
    facility: float | None = None


@dataclass(frozen=True)
class Scale:
    """difficulties: in the order of the sheets. mean, spread: of the abilities in logits. converged: false where
    `rounds` were not enough or fewer than two items can be placed; then there are no figures. attempts: that were
    read."""

    difficulties: Sequence[Difficulty]
    mean: float
    spread: float
    converged: bool
    rounds: int
    attempts: int


@dataclass(frozen=True)
class _Answers:
    """Attempts in groups alike in what they were asked and how much was right. met: groups × items, 0 or 1."""

    items: list[int]
    met: Floats
    score: Floats
    count: Floats
    right: Floats  # by item
    attempts: int


def difficulties(sheets: Sheets, *, rounds: int = 500) -> Scale:
    """Of every item of the sheets. rounds: at most, of the EM algorithm."""
    answers = _all_alike(sheets) if sheets.whole else _each(sheets)
    nothing = [Difficulty(item) for item in sheets.ids]
    if len(answers.items) < 2:
        return Scale(nothing, 0.0, 0.0, False, 0, answers.attempts)
    seen = np.maximum(answers.count @ answers.met, 1)
    b = np.log((seen - answers.right) / answers.right)
    mean, deviation = -float(b.mean()), 1.0
    b = b - b.mean()
    for number in range(1, rounds + 1):
        before = b
        posterior = _posterior(answers, b, mean, deviation)
        theta = mean + deviation * NODES
        weight = answers.count @ posterior / answers.count.sum()
        b = _maximised(b, theta, answers.met.T @ (answers.count[:, None] * posterior), answers.right)
        mean = float(weight @ theta)
        deviation = max(sqrt(float(weight @ theta**2) - mean**2), LEAST_SPREAD)
        shift = float(b.mean())
        b, mean = b - shift, mean - shift
        if np.abs(b - before).max() < CLOSE:
            return Scale(
                _told(sheets, answers, b, mean, deviation), mean, deviation, True, number, answers.attempts
            )
    return Scale(nothing, mean, deviation, False, rounds, answers.attempts)


def _chance(theta: Floats, b: Floats) -> Floats:
    """Nodes × items: to be right."""
    return np.asarray(1 / (1 + np.exp(b[None, :] - theta[:, None])))


def _normal() -> Floats:
    weight = np.exp(-(NODES**2) / 2)
    return np.asarray(weight / weight.sum())


def _posterior(answers: _Answers, b: Floats, mean: float, deviation: float) -> Floats:
    """Groups × nodes: where the ability of a group lies."""
    theta = mean + deviation * NODES
    log_wrong = np.logaddexp(0, theta[:, None] - b[None, :])
    likely = answers.score[:, None] * theta[None, :] - answers.met @ log_wrong.T + np.log(_normal())
    likely = np.exp(likely - likely.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _maximised(b: Floats, theta: Floats, seen: Floats, right: Floats) -> Floats:
    """The difficulties by which the expected number right is the one observed. seen: items × nodes."""
    for _ in range(3):
        p = _chance(theta, b).T
        b = b + np.clip(((seen * p).sum(axis=1) - right) / (seen * p * (1 - p)).sum(axis=1), -1, 1)
    return b


def _told(sheets: Sheets, answers: _Answers, b: Floats, mean: float, deviation: float) -> list[Difficulty]:
    theta = mean + deviation * NODES
    p = _chance(theta, b)
    posterior = _posterior(answers, b, mean, deviation)
    seen = answers.met.T @ (answers.count[:, None] * posterior)
    expected = posterior @ p  # groups × items
    spread = (seen * (p**2).T).sum(axis=1) - answers.count @ (answers.met * expected**2)
    information = (seen * (p * (1 - p)).T).sum(axis=1) - spread
    told = [Difficulty(item) for item in sheets.ids]
    for place, item in enumerate(answers.items):
        error = 1 / sqrt(information[place]) if information[place] > 0 else None
        told[item] = Difficulty(sheets.ids[item], float(b[place]), error, float(_normal() @ p[:, place]))
    return told


def _all_alike(sheets: Sheets) -> _Answers:
    """All were asked the same: the number right is all that counts."""
    items: list[int] = []
    right: list[int] = []
    score = np.zeros(sheets.size, dtype=np.int32)
    for at, column in enumerate(sheets.columns):
        full = column.marks >= sheets.maxima[at]
        count = int(np.count_nonzero(full))
        if sheets.maxima[at] > 0 and 0 < count < sheets.size:
            items.append(at)
            right.append(count)
            score += full
    counts = np.bincount(score, minlength=1)
    scores = np.flatnonzero(counts)
    met = np.ones((len(scores), len(items)))
    return _Answers(
        items, met, scores.astype(float), counts[scores].astype(float), np.array(right, float), sheets.size
    )


def _each(sheets: Sheets) -> _Answers:
    """Every attempt by itself, evenly chosen ones where there are very many."""
    chosen = min(sheets.size, max(CELLS // max(len(sheets.ids), 1), 1))
    rows = np.linspace(0, max(sheets.size - 1, 0), chosen).astype(np.int64)
    place = np.full(sheets.size, -1, dtype=np.int32)
    place[rows] = np.arange(chosen)
    items: list[int] = []
    right: list[int] = []
    score = np.zeros(chosen)
    met = np.zeros((chosen, len(sheets.ids)))
    for at, column in enumerate(sheets.columns):
        of = place[column.rows]
        full = (column.marks >= sheets.maxima[at])[of >= 0]
        of, count = of[of >= 0], int(np.count_nonzero(full))
        if sheets.maxima[at] > 0 and 0 < count < len(of):
            met[of, len(items)] = 1
            score[of] += full
            items.append(at)
            right.append(count)
    return _Answers(items, met[:, : len(items)], score, np.ones(chosen), np.array(right, float), chosen)
