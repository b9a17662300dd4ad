"""How the people of an exam answer its questions: a model fitted to their sheets, and sheets drawn by it. Pure, NumPy.

To be right has the probability 1 / (1 + exp(b_i − θ)) (Rasch); among the right and among the wrong, letters are chosen
as often as on all sheets that have the question. Letters are the question's own, so people with other orders of
questions and options, or with questions drawn for each, are compared by what they have in common.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.sheets import Column, Sheets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
