"""Sheets without those of some people, as if these had not sat the exam, or without some questions. Pure."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from quizapp.analysis.sheets import Column, Sheets


def without(sheets: Sheets, attempts: Collection[int]) -> Sheets:
    """The sheets without these attempts, by their ids in the database; others are passed over.

    Raises ValueError for a table of marks, which knows no ids.
    """
    if not attempts:
        return sheets
    if sheets.attempts is None:
        raise ValueError("a table of marks knows no attempts")
    kept = ~np.isin(sheets.attempts, np.fromiter(attempts, np.int64, len(attempts)))
    new = np.cumsum(kept, dtype=np.int32) - 1  # the row of each attempt that stays
    return Sheets(
        ids=sheets.ids,
        maxima=sheets.maxima,
        drawn=sheets.drawn,
        columns=tuple(_column(one, kept, new) for one in sheets.columns),
        totals=sheets.totals[kept],
        attempts=sheets.attempts[kept],
        forms=None if sheets.forms is None else sheets.forms[kept],
    )


def _column(column: Column, kept: np.ndarray, new: np.ndarray) -> Column:
    stays = kept[column.rows]
    choices = None if column.choices is None else column.choices[stays]
    return Column(new[column.rows[stays]].astype(np.int32), column.marks[stays], choices)


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
