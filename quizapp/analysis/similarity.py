"""How much the answers of two people agree, beyond what their ability and the questions explain. Pure, NumPy.

The index is the generalized binomial test (GBT): W. J. van der Linden & L. Sotaridona, "Detecting answer copying when
the regular response process follows a known response model", Journal of Educational and Behavioral Statistics 31(3),
2006, 283–304. Of the questions that both answered, the number on which both chose the same letters (M) is compared
with its distribution when two people answer independently of each other: a sum of independent events, question i with
probability p_i = Σ_a P_i(a | c) · P_i(a | s) over the possible answers a; p is P(M ≥ observed). The response model is
fitted to the very sheets, see `response_model`. Blank answers count as not common.

Of n people with A answers in all to each question, fitting costs O(n·items), comparing all pairs O(n²·items·A) in
matrix products of blocks of BLOCK people; exact tails are computed only where M lies far above its mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.response_model import Floats, Ints, Model

FAMILY = 0.01  # the most that chance may name anybody at all in an exam (Holm)
LEAST_COMMON = 10  # questions that both answered, below which two people are not compared
LEAST_SAME_WRONG = 3  # same wrong answers without which agreement is no hint: two good people agree too
BLOCK = 1000  # people that stand against each other at once
FAR = 2.0  # standard deviations above the mean from which a tail is computed exactly


@dataclass(frozen=True)
class Pair:
    """Two people as compared. common: questions that both answered; same: answered alike, expected: how many would be
    by chance; both_wrong, same_wrong: of those that both had wrong; p: how likely chance gives so many or more."""

    first: int
    second: int
    common: int
    same: int
    expected: float
    both_wrong: int
    same_wrong: int
    p: float


@dataclass(frozen=True)
class Compared:
    """pairs: how many pairs were compared; far: those whose tail was computed, the least p first."""

    pairs: int
    far: tuple[Pair, ...]

    def hints(self, family: float = FAMILY) -> list[Pair]:
        """The pairs to look at: by Holm among all pairs compared, with enough same wrong answers."""
        kept = holm([pair.p for pair in self.far], self.pairs, family)
        return [pair for pair in self.far[:kept] if pair.same_wrong >= LEAST_SAME_WRONG]


def compare(
    model: Model, groups: Sequence[Sequence[int]], *, apart: Sequence[int] | None = None, far: float = FAR
) -> Compared:
    """Compare everybody with everybody in each group.

    groups: places of people, e.g. those of a hall; nobody stands twice in one group. apart: a label for each person of
    the exam; two with the same label are left out here (they were compared in another call). far: from how many
    standard deviations above the mean a tail is computed; the others count as compared and have no p.
    """
    pairs, found = 0, list[Pair]()
    labels = None if apart is None else np.asarray(apart)
    for group in groups:
        for first, second in _blocks(np.asarray(sorted(group), dtype=np.int64)):
            number, some = _compare(model, first, second, labels, far)
            pairs += number
            found += some
    return Compared(pairs, tuple(sorted(found, key=lambda pair: (pair.p, pair.first, pair.second))))


def merged(parts: Sequence[Compared]) -> Compared:
    """Several comparisons of different pairs as one."""
    far = sorted(
        (pair for part in parts for pair in part.far), key=lambda one: (one.p, one.first, one.second)
    )
    return Compared(sum(part.pairs for part in parts), tuple(far))


def _blocks(people: Ints) -> Iterator[tuple[Ints, Ints]]:
    parts = [people[at : at + BLOCK] for at in range(0, len(people), BLOCK)]
    for number, first in enumerate(parts):
        for second in parts[number:]:
            yield first, second


@dataclass(frozen=True, eq=False)
class _Side:
    """People of a block × columns; products of two sides count what two people have in common."""

    answered: NDArray[np.float32]  # × items
    wrong: NDArray[np.float32]  # × items
    chosen: NDArray[np.float32]  # × all alternatives of all items
    chosen_wrong: NDArray[np.float32]
    alike: NDArray[np.float32]  # × 2 items: product of two rows is the mean of M
    squares: NDArray[np.float32]  # × 3 items: product of two rows is Σ p_i²


def _side(model: Model, people: Ints, width: int) -> _Side:
    n, items = len(people), len(model.items)
    made = [np.zeros((n, size), dtype=np.float32) for size in (items, items, width, width)]
    answered, wrong, chosen, chosen_wrong = made
    u, v = np.zeros((n, items)), np.zeros((n, items))
    start = 0
    for at, item in enumerate(model.items):
        rows = np.flatnonzero(model.codes[people, at] >= 0)
        if len(rows):
            codes = model.codes[people[rows], at]
            is_wrong = ~item.is_right[codes]
            answered[rows, at] = 1
            wrong[rows, at] = is_wrong
            chosen[rows, start + codes] = 1
            chosen_wrong[rows[is_wrong], start + codes[is_wrong]] = 1
            p = model.right(item, people[rows])
            u[rows, at] = p * sqrt(item.alike_right)
            v[rows, at] = (1 - p) * sqrt(item.alike_wrong)
        start += item.alternatives
    alike = np.hstack([u, v]).astype(np.float32)
    squares = np.hstack([u**2, v**2, sqrt(2) * u * v]).astype(np.float32)
    return _Side(answered, wrong, chosen, chosen_wrong, alike, squares)


def _compare(
    model: Model, first: Ints, second: Ints, labels: NDArray[np.int64] | None, far: float
) -> tuple[int, list[Pair]]:
    width = sum(item.alternatives for item in model.items)
    one = _side(model, first, width)
    other = one if second is first or np.array_equal(first, second) else _side(model, second, width)
    common = one.answered @ other.answered.T
    asked = common >= LEAST_COMMON
    if one is other:
        asked &= np.triu(np.ones_like(asked), 1)
    if labels is not None:
        asked &= labels[first][:, None] != labels[second][None, :]
    same, mean = one.chosen @ other.chosen.T, one.alike @ other.alike.T
    deviation = np.sqrt(np.maximum(mean - one.squares @ other.squares.T, 1e-9))
    rows, columns = np.nonzero(asked & (same - mean >= far * deviation))
    found = []
    for start in range(0, len(rows), BLOCK):
        r, c = rows[start : start + BLOCK], columns[start : start + BLOCK]
        chances = _chances(one, other, r, c)
        tails = tail(chances, same[r, c].astype(np.int64))
        wrong = (one.wrong[r] * other.wrong[c]).sum(axis=1)
        same_wrong = (one.chosen_wrong[r] * other.chosen_wrong[c]).sum(axis=1)
        for at in range(len(r)):
            i, j = int(r[at]), int(c[at])
            found.append(
                Pair(
                    first=int(first[i]),
                    second=int(second[j]),
                    common=int(common[i, j]),
                    same=int(same[i, j]),
                    expected=float(chances[at].sum()),
                    both_wrong=int(wrong[at]),
                    same_wrong=int(same_wrong[at]),
                    p=float(tails[at]),
                )
            )
    return int(np.count_nonzero(asked)), found


def _chances(one: _Side, other: _Side, rows: Ints, columns: Ints) -> Floats:
    """p_i of pairs × items; 0 where not both answered."""
    products = one.alike[rows].astype(np.float64) * other.alike[columns].astype(np.float64)
    items = products.shape[1] // 2
    return np.asarray(np.minimum(products[:, :items] + products[:, items:], 1.0))


def tail(chances: Floats, least: Ints) -> Floats:
    """P(at least so many of independent events happen), exactly. chances: cases × events; least: of each case."""
    cases, events = chances.shape
    happened = np.zeros((cases, events + 1))
    happened[:, 0] = 1
    for at in range(events):
        p = chances[:, at : at + 1]
        happened[:, 1 : at + 2] = happened[:, 1 : at + 2] * (1 - p) + happened[:, : at + 1] * p
        happened[:, :1] *= 1 - p
    from_here = np.cumsum(happened[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(np.minimum(np.take_along_axis(from_here, least[:, None], axis=1)[:, 0], 1.0))


def holm(ascending: Sequence[float], tests: int, family: float) -> int:
    """How many of the least p of so many tests are rejected (Holm 1979): the chance that any is wrongly so is at most
    `family`, whatever the tests have to do with each other. ascending: the least p, the others are larger."""
    for at, p in enumerate(ascending):
        if p > family / (tests - at):
            return at
    return len(ascending)
