"""Sheets without those of some people, as if these had not sat the exam, or without some questions. Pure."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.sheets import Column, Sheets


def without(sheets: Sheets, attempts: Collection[int]) -> Sheets:
    """The sheets without these attempts, by their ids in the database; others are passed over.

    Raises ValueError for a table of marks, which knows no ids.
    """
    if not attempts:
        return sheets
    if sheets.attempts is None:
        raise ValueError("a table of marks knows no attempts")
    return _of(sheets, ~np.isin(sheets.attempts, np.fromiter(attempts, np.int64, len(attempts))))


def only(sheets: Sheets, places: Collection[int]) -> Sheets:
    """The sheets that stand at these places alone, in their order."""
    kept = np.zeros(sheets.size, dtype=np.bool_)
    kept[list(places)] = True
    return _of(sheets, kept)


def _of(sheets: Sheets, kept: NDArray[np.bool_]) -> Sheets:
    new = np.cumsum(kept, dtype=np.int32) - 1  # the row of each attempt that stays
    return replace(
        sheets,
        columns=tuple(_column(one, kept, new) for one in sheets.columns),
        totals=sheets.totals[kept],
        attempts=None if sheets.attempts is None else sheets.attempts[kept],
        forms=None if sheets.forms is None else sheets.forms[kept],
    )


def _column(column: Column, kept: NDArray[np.bool_], new: NDArray[np.int32]) -> Column:
    stays = kept[column.rows]
    choices = None if column.choices is None else column.choices[stays]
    return Column(new[column.rows[stays]], column.marks[stays], choices)


def without_items(sheets: Sheets, gone: Collection[int | str]) -> Sheets:
    """The sheets as if these items, by their ids, had not been asked: totals are those of the others."""
    leaving = [at for at, one in enumerate(sheets.ids) if one in gone]
    if not leaving:
        return sheets
    totals = sheets.totals.copy()
    for at in leaving:
        column = sheets.columns[at]
        totals[column.rows] -= column.marks.astype(totals.dtype)
    kept = [at for at in range(len(sheets.ids)) if at not in set(leaving)]
    return replace(
        sheets,
        ids=tuple(sheets.ids[at] for at in kept),
        maxima=sheets.maxima[kept],
        drawn=sheets.drawn[kept],
        columns=tuple(sheets.columns[at] for at in kept),
        totals=totals,
    )
