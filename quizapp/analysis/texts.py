"""Many stored sheets read at once: layouts, sheets and marks as they stand in the database, into numbers by place.

It says the same as attempts.layout, attempts.sheet and attempts.marks, a hundred times as fast, which tests compare.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
COLON, DOT, LINE, ZERO, A = 58, 46, 10, 48, 65


@dataclass(frozen=True, eq=False)
class Read:
    """All places of these papers, one paper after the other: what was asked, chosen and earned there.

    papers: by place, from 0. revisions: ids. choices: the revision's own letters as bits (A 1, B 2, C 4 …); a letter
    that the place did not offer stands for nothing. marks: tenths of a 分.
    """

    papers: NDArray[np.int32]
    revisions: NDArray[np.int32]
    choices: NDArray[np.uint8]
    marks: NDArray[np.int16]


def read(layouts: Sequence[str], sheets: Sequence[str], marks: Sequence[str], slots: Sequence[int]) -> Read:
    """slots: how many places each paper has. Raises ValueError where a text has another number of them."""
    counts = np.asarray(slots, dtype=np.int64)
    ends = np.cumsum(counts)
    papers = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    layout = _joined(layouts)
    colons = np.flatnonzero(layout == COLON)
    lines = np.flatnonzero(layout == LINE)[1:]
    if not np.array_equal(np.searchsorted(colons, lines), 2 * ends):
        raise ValueError("a layout has another number of places")
    first, second = colons[0::2], colons[1::2]
    marked = _joined(marks)
    return Read(
        papers,
        _numbers(layout, first),
        _choices(layout, first, second, _joined(sheets), ends),
        _numbers(marked, _fields(marked, ends, "marks")).astype(np.int16),
    )


def _joined(texts: Sequence[str]) -> Bytes:
    """One line each, and an empty one before, at which counting back from the first comes to an end."""
    return np.frombuffer(("\n" + "\n".join(texts) + "\n").encode("ascii"), dtype=np.uint8)


def _fields(text: Bytes, ends: Places, what: str) -> Places:
    """Where the fields of lines end that are parted by dots. Raises ValueError for another number in a line."""
    fields = np.flatnonzero((text == DOT) | (text == LINE))[1:]
    if len(fields) != (ends[-1] if len(ends) else 0) or not np.all(text[fields[ends - 1]] == LINE):
        raise ValueError(f"{what}: another number of places")
    return fields


def _numbers(text: Bytes, ends: Places) -> NDArray[np.int32]:
    """The numbers that end before these positions. Raises ValueError where no digit stands."""
    values = text[ends - 1] - np.uint8(ZERO)  # below "0" it goes round to above 9
    if not np.all(values < 10):
        raise ValueError("no number")
    whole, power = values.astype(np.int32), 1
    longer: slice | Places = slice(None)
    for back in range(2, 11):
        digits = text[ends - back] - np.uint8(ZERO)
        going = digits < 10
        if not going.all():
            kept = np.flatnonzero(going)
            longer = kept if isinstance(longer, slice) else longer[kept]
            ends, digits = ends[kept], digits[kept]
        if not len(ends):
            break
        power *= 10
        whole[longer] += digits * np.int32(power)
    return whole


def _choices(layout: Bytes, first: Places, second: Places, sheet: Bytes, ends: Places) -> NDArray[np.uint8]:
    fields = _fields(sheet, ends, "sheet")
    letters = np.flatnonzero(sheet >= A)
    parts = (sheet == DOT) | (sheet == LINE)
    place = np.cumsum(parts, dtype=np.int32)[letters] - 1
    own = first[place] + 1 + (sheet[letters] - A)
    offered = own < second[place]
    bits = np.left_shift(1, layout[own[offered]].astype(np.int64) - A)
    return np.bincount(place[offered], weights=bits, minlength=len(fields)).astype(np.uint8)
