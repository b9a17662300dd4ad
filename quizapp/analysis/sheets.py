"""The table of marks that all statistics work on: attempts × items, kept item by item.

An item is a revision of an exam or a column of a table of marks. Marks are tenths of a 分: whole numbers from an exam,
perhaps with decimals from a table. An item that an attempt was not asked is not in its column at all; one that it was
asked and left blank stands there with 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis import places as papers

Rows = NDArray[np.int32]
Floats = NDArray[np.float64]
Marks = NDArray[np.int16] | NDArray[np.int32] | NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Column:
    """One item over the attempts that were asked it.

    rows: which attempts, ascending. marks: tenths of a 分, as long as rows. choices: the item's own letters that were
    chosen, as bits (A 1, B 2, C 4 …; 0 blank), as long as rows; none: only the marks are known.
    """

    rows: Rows
    marks: Marks
    choices: NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False)
class Sheets:
    """Marks of many attempts.

    ids: of the items: revision ids, or names of columns. maxima: most marks of each item, tenths. drawn: whether an
    item was drawn at random per candidate; then its statistics are over the attempts that met it, with r = T.
    columns: as many as items. totals: T of each attempt, tenths, the sum of its marks. attempts: their ids in the
    database; none for a table. forms: the number of the paper (A卷 is 1) of each attempt; none where all sat one paper.
    """

    ids: tuple[int | str, ...]
    maxima: Floats
    drawn: NDArray[np.bool_]
    columns: tuple[Column, ...]
    totals: Marks
    attempts: NDArray[np.int64] | None = None
    forms: NDArray[np.int16] | None = None

    @property
    def size(self) -> int:
        """How many attempts."""
        return len(self.totals)

    @property
    def whole(self) -> bool:
        """Whether every attempt was asked every item."""
        return all(len(column.rows) == self.size for column in self.columns)

    @cached_property
    def places(self) -> papers.Places | None:
        """The places of a paper; none where attempts were asked different numbers of the items that not all are."""
        return papers.places(self)

    @cached_property
    def quintiles(self) -> NDArray[np.uint8]:
        """Of each attempt: 0 the lowest fifth by T … 4 the highest.

        Equal totals stand in the same fifth, that of the middle one of them: a fifth may be larger, or empty.
        """
        ordered = np.sort(self.totals)
        below = np.searchsorted(ordered, self.totals, side="left")
        upto = np.searchsorted(ordered, self.totals, side="right")
        return np.minimum((below + upto - 1) * 5 // max(2 * self.size, 1), 4).astype(np.uint8)

    def at(self, item: int | str) -> int:
        """Where an item stands, by its id. Raises KeyError for another exam's."""
        try:
            return self.ids.index(item)
        except ValueError:
            raise KeyError(item) from None

    def mark_and_rest(self, item: int) -> tuple[Floats, Floats]:
        """x and r of the attempts that met an item: r is T − x, of a drawn item T."""
        column = self.columns[item]
        x = column.marks.astype(np.float64)
        totals = self.totals if len(column.rows) == self.size else self.totals[column.rows]
        return x, totals.astype(np.float64) if self.drawn[item] else totals - x

    def of_form(self, number: int) -> "Sheets":
        """The attempts of one paper, and its items: those that any of them met. Raises ValueError without forms."""
        if self.forms is None:
            raise ValueError("all sat one paper")
        kept = self.forms == number
        place = np.cumsum(kept, dtype=np.int32) - 1
        cut = [(at, _cut(column, kept, place)) for at, column in enumerate(self.columns)]
        items = [at for at, column in cut if len(column.rows)]
        return Sheets(
            tuple(self.ids[at] for at in items),
            self.maxima[items],
            self.drawn[items],
            tuple(column for _, column in cut if len(column.rows)),
            self.totals[kept],
            None if self.attempts is None else self.attempts[kept],
        )


def _cut(column: Column, kept: NDArray[np.bool_], place: Rows) -> Column:
    these = kept[column.rows]
    choices = None if column.choices is None else column.choices[these]
    return Column(place[column.rows[these]], column.marks[these], choices)


def of_table(
    ids: Sequence[int | str],
    marks: Floats,
    maxima: Sequence[float],
    drawn: Sequence[bool] | None = None,
) -> Sheets:
    """From a table attempts × items in tenths of a 分, NaN where an attempt was not asked the item.

    Raises ValueError where the shapes do not fit.
    """
    if marks.ndim != 2 or not (marks.shape[1] == len(ids) == len(maxima)):
        raise ValueError("one id and one maximum for each column")
    met = ~np.isnan(marks)
    columns = []
    for at in range(len(ids)):
        rows = np.flatnonzero(met[:, at]).astype(np.int32)
        columns.append(Column(rows, marks[rows, at].astype(np.float64)))
    return Sheets(
        tuple(ids),
        np.asarray(maxima, dtype=np.float64),
        np.asarray([False] * len(ids) if drawn is None else drawn, dtype=np.bool_),
        tuple(columns),
        np.where(met, marks, 0.0).sum(axis=1),
    )
