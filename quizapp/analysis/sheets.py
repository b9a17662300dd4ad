"""The table of marks that all statistics work on: attempts × items, kept item by item.

An item is a revision of an exam or a column of a table of marks. Marks are tenths of a 分: whole numbers from an exam,
perhaps with decimals from a table. An item that an attempt was not asked is not in its column at all; one that it was
asked and left blank stands there with 0.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Marks = NDArray[np.int16] | NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Column:
    """One item over the attempts that were asked it.

    rows: which attempts, ascending. marks: tenths of a 分, as long as rows. choices: the item's own letters that were
    chosen, as bits (A 1, B 2, C 4 …; 0 blank), as long as rows; none: only the marks are known.
    """

    rows: Ints
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
    maxima: NDArray[np.float64]
    drawn: NDArray[np.bool_]
    columns: tuple[Column, ...]
    totals: Marks
    attempts: NDArray[np.int64] | None = None
    forms: NDArray[np.int16] | None = None

    @property
    def size(self) -> int:
        """How many attempts."""
        return len(self.totals)

    @cached_property
    def quintiles(self) -> NDArray[np.uint8]:
        """Of each attempt: 0 the lowest fifth by T … 4 the highest. Equal totals stand in the same fifth."""
        raise NotImplementedError

    def at(self, item: int | str) -> int:
        """Where an item stands, by its id. Raises KeyError for another exam's."""
        try:
            return self.ids.index(item)
        except ValueError:
            raise KeyError(item) from None
