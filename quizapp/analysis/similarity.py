"""How much the answers of two people agree, beyond what their ability and the questions explain. Pure, NumPy.

The index is the generalized binomial test (GBT): W. J. van der Linden & L. Sotaridona, "Detecting answer copying when
the regular response process follows a known response model", Journal of Educational and Behavioral Statistics 31(3),
2006, 283–304. Of the questions that both answered, the number on which both chose the same letters (M) is compared
with its distribution when two people answer independently of each other: a sum of independent events, question i with
probability p_i = Σ_a P_i(a | c) · P_i(a | s) over the possible answers a; p is P(M ≥ observed).

The response model: to be right has the probability 1 / (1 + exp(b_i − θ)) (Rasch), fitted to the very sheets; among the
right and among the wrong, letters are chosen as often as on all sheets that have the question. Letters are the
question's own, so people with other orders of questions and options, or with questions drawn for each, are compared
by what they have in common. Blank answers count as not common.

Of n people with A answers in all to each question, fitting costs O(n·items), comparing all pairs O(n²·items·A) in
matrix products of blocks of BLOCK people; exact tails are computed only where M lies far above its mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.sheets import Column, Sheets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAMILY = 0.01  # the most that chance may name anybody at all in an exam (Holm)
LEAST_COMMON = 10  # questions that both answered, below which two people are not compared
LEAST_SAME_WRONG = 3  # same wrong answers without which agreement is no hint: two good people agree too
BLOCK = 1000  # people that stand against each other at once
FAR = 2.0  # standard deviations above the mean from which a tail is computed exactly
SPREAD = 2.0  # standard deviation of abilities that the fit supposes, in logits
ROUNDS = 12  # of the fit


@dataclass(frozen=True, eq=False)
class Item:
    """One question as answered.

    is_right: of each alternative that anybody chose; shares: of each, among the right or among the wrong. difficulty:
    b, logits. alike_right, alike_wrong: how likely two who are right, or wrong, chose the same letters.
    """

    is_right: NDArray[np.bool_]
    shares: Floats
    difficulty: float

    @property
    def alternatives(self) -> int:
        return len(self.shares)

    @property
    def alike_right(self) -> float:
        return float((self.shares[self.is_right] ** 2).sum())

    @property
    def alike_wrong(self) -> float:
        return float((self.shares[~self.is_right] ** 2).sum())


@dataclass(frozen=True, eq=False)
class Model:
    """The response model of an exam: ability θ of each person (logits), and its questions.

    columns: where each question stands in the sheets. codes: people × questions, which alternative was chosen, −1 where
    none was.
    """

    ability: Floats
    items: tuple[Item, ...]
    columns: tuple[int, ...]
    codes: NDArray[np.int16]

    def right(self, item: Item, people: Any) -> Floats:
        """How likely these people are right."""
        return np.asarray(1 / (1 + np.exp(item.difficulty - self.ability[people])))


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


def fit(sheets: Sheets) -> Model:
    """The response model of these sheets. Raises ValueError for a table without letters."""
    answered = [_answered(sheets, at) for at in range(len(sheets.ids))]
    right = [chosen_right for _, _, chosen_right in answered]
    ability, difficulty = np.zeros(sheets.size), np.zeros(len(answered))
    for _ in range(ROUNDS):
        slope, curve = -ability / SPREAD**2, np.full(sheets.size, 1 / SPREAD**2)
        for at, (rows, _, _) in enumerate(answered):
            p = 1 / (1 + np.exp(difficulty[at] - ability[rows]))
            slope[rows] += right[at] - p
            curve[rows] += p * (1 - p)
        ability = ability + np.clip(slope / curve, -1, 1)
        for at, (rows, _, _) in enumerate(answered):
            p = 1 / (1 + np.exp(difficulty[at] - ability[rows]))
            pull = (p - right[at]).sum() - difficulty[at] / SPREAD**2
            difficulty[at] += np.clip(pull / ((p * (1 - p)).sum() + 1 / SPREAD**2), -1, 1)
    columns = [at for at, (rows, _, _) in enumerate(answered) if len(rows)]
    codes = np.full((sheets.size, len(columns)), -1, dtype=np.int16, order="F")
    items = []
    for place, at in enumerate(columns):
        rows, letters, was_right = answered[at]
        item, chosen = _item(letters, was_right, float(difficulty[at]))
        codes[rows, place] = chosen
        items.append(item)
    return Model(ability, tuple(items), tuple(columns), codes)


def _answered(sheets: Sheets, at: int) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """(rows, letters as bits, whether right) of who answered a question."""
    column = sheets.columns[at]
    if column.choices is None:
        raise ValueError("letters are needed, not marks alone")
    kept = column.choices > 0
    right = column.marks[kept] >= sheets.maxima[at]
    return column.rows[kept].astype(np.int64), column.choices[kept].astype(np.int64), np.asarray(right)


def _item(letters: Ints, right: NDArray[np.bool_], difficulty: float) -> tuple[Item, Ints]:
    """An alternative is letters and whether they were right, so a key that was put right may accept several."""
    found, codes, counts = np.unique(letters * 2 + right, return_inverse=True, return_counts=True)
    is_right = found % 2 == 1
    sums = np.where(is_right, counts[is_right].sum(), counts[~is_right].sum())
    return Item(is_right, counts / np.maximum(sums, 1), difficulty), codes.reshape(-1)


# Comparing --------------------------------------------------------------------------------------------------


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


# The null model ---------------------------------------------------------------------------------------------


def independent(sheets: Sheets, model: Model, chance: np.random.Generator) -> Sheets:
    """Sheets as they would look if everybody answered the same questions alone: the model's own draw."""
    columns, totals = list(sheets.columns), np.zeros(sheets.size)
    for place, at in enumerate(model.columns):
        columns[at] = _drawn(columns[at], model, place, float(sheets.maxima[at]), chance)
    for column in columns:
        totals[column.rows] += column.marks
    return replace(sheets, columns=tuple(columns), totals=totals)


def _drawn(column: Column, model: Model, place: int, most: float, chance: np.random.Generator) -> Column:
    item, rows = model.items[place], np.flatnonzero(model.codes[:, place] >= 0)
    p = model.right(item, rows)
    if item.is_right.all() or not item.is_right.any():
        p = np.full(len(rows), float(item.is_right.all()))
    right = chance.random(len(rows)) < p
    codes = np.zeros(len(rows), dtype=np.int64)
    for which in (True, False):
        here = right == which
        if here.any():
            shares = np.where(item.is_right == which, item.shares, 0.0)
            codes[here] = chance.choice(item.alternatives, size=int(here.sum()), p=shares / shares.sum())
    marks, choices = np.zeros(len(column.rows)), np.zeros(len(column.rows), dtype=np.uint8)
    at = np.searchsorted(column.rows, rows)
    marks[at] = np.where(right, most, 0.0)
    choices[at] = codes + 1  # any letters will do, as long as other alternatives are others
    return Column(column.rows, marks, choices)


def only(sheets: Sheets, people: Sequence[int]) -> Sheets:
    """The sheets of these people alone, in ascending order of their places."""
    kept = np.zeros(sheets.size, dtype=np.bool_)
    kept[list(people)] = True
    place = (np.cumsum(kept) - 1).astype(np.int32)
    columns = []
    for column in sheets.columns:
        here = kept[column.rows]
        choices = None if column.choices is None else column.choices[here]
        columns.append(Column(place[column.rows[here]], column.marks[here], choices))
    return replace(sheets, columns=tuple(columns), totals=sheets.totals[kept], attempts=None, forms=None)


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
