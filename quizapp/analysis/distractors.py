"""What each option of an item drew: how many, from which fifth of the candidates, and how it goes with the total."""

from collections.abc import Collection
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.moments import NOTHING
from quizapp.analysis.sheets import Sheets

LETTERS = "ABCDEFGH"
ANSWERS = 256  # sets of these letters, as bits


@dataclass(frozen=True)
class OptionStatistics:
    """One option by the item's own letter; letter "" is 未作答.

    share: of the attempts that met the item (0…1); of a multiple choice the shares of the letters add up to more.
    quintiles: the share among those of each fifth by T, lowest first; none where a fifth met the item not at all.
    correlation: point-biserial of having chosen it with r (T without this item's mark; T for a drawn one); none
    where nobody or everybody chose it, or r does not vary.
    """

    letter: str
    right: bool
    chosen: int
    share: float
    quintiles: tuple[float | None, ...]
    correlation: float | None


def of(sheets: Sheets, item: int, options: int, key: Collection[str]) -> list[OptionStatistics]:
    """Of the options A… of an item and of the blanks, the last.

    item: its place in the sheets. options: how many it has. key: letters that are in some accepted answer. Raises
    ValueError where the sheets know no choices; [] where nobody met the item.
    """
    column, choices = sheets.columns[item], _choices(sheets, item)
    if not len(choices):
        return []
    _, r = sheets.mark_and_rest(item)
    fifths = sheets.quintiles[column.rows].astype(np.int16)
    counts = np.bincount(fifths * ANSWERS + choices, minlength=5 * ANSWERS).reshape(5, ANSWERS)
    rests = np.bincount(choices, weights=r, minlength=ANSWERS).astype(np.float64)
    sets = [(LETTERS[at], (np.arange(ANSWERS) >> at & 1).astype(bool)) for at in range(options)]
    sets.append(("", np.arange(ANSWERS) == 0))
    variance = _variance(r)
    return [
        _option(letter, letter in set(key), counts, answers, (rests, float(r.mean()), variance))
        for letter, answers in sets
    ]


def _variance(r: NDArray[np.float64]) -> float:
    """Over s; 0 where only decimals make one."""
    found = float(r.var())
    return found if found > NOTHING * float(np.abs(r).max()) ** 2 else 0.0


def _option(
    letter: str,
    right: bool,
    counts: NDArray[np.int64],
    answers: NDArray[np.bool_],
    rests: tuple[NDArray[np.float64], float, float],
) -> OptionStatistics:
    """answers: the sets of letters that hold this option. rests: sums of r by set; mean and variance of all r."""
    by_fifth, met = counts[:, answers].sum(axis=1), counts.sum(axis=1)
    chosen, s = int(by_fifth.sum()), int(met.sum())
    sums, mean, variance = rests
    correlation = None
    if 0 < chosen < s and variance:
        away = float(sums[answers].sum()) / chosen - mean
        correlation = away * sqrt(chosen / (s - chosen) / variance)
    return OptionStatistics(
        letter,
        right,
        chosen,
        chosen / s,
        tuple(int(n) / int(of) if of else None for n, of in zip(by_fifth, met, strict=True)),
        correlation,
    )


def pattern(sheets: Sheets, item: int) -> list[tuple[str, int]]:
    """The whole answers that were given ("AC"; "" is 未作答) and how often, most frequent first. Raises as `of`."""
    counts = np.bincount(_choices(sheets, item), minlength=ANSWERS)
    given = [(answer, int(counts[answer])) for answer in np.flatnonzero(counts)]
    words = [("".join(LETTERS[at] for at in range(8) if int(bits) >> at & 1), n) for bits, n in given]
    return sorted(words, key=lambda one: (-one[1], one[0]))


def _choices(sheets: Sheets, item: int) -> NDArray[np.uint8]:
    choices = sheets.columns[item].choices
    if choices is None:
        raise ValueError("only the marks are known, not what was chosen")
    return choices
