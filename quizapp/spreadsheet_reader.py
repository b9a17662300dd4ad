"""The first sheet of a workbook from outside, as text. `child.read` runs this in a process with limits of its own."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

ROWS, COLUMNS = 110_000, 200  # 100,000 people with their header, and a little


def as_text(value: Any) -> str:
    """A cell as a person reads it: 3.0 is "3", a date is 2026-07-12, a moment 2026-07-12 18:00."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time.min else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def is_damaged(value: Any) -> bool:
    """A whole number of more than 15 digits was rounded when it was typed: the file no longer holds it."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10**15


def _fill_down(rows: list[list[str]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Cells merged over several rows of one column, as people do with 题型, hold their text in every row.

    merged: (row, column) of the first and the last cell. A title merged over columns stays where it is.
    """
    for (top, first), (bottom, last) in merged:
        if first == last and top < len(rows) and first < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                if first < len(row) and not row[first]:
                    row[first] = rows[top][first]


def read(data: bytes) -> dict[str, Any]:
    """{"rows": [[text, …], …], "damaged": [[row, column], …]}, counted from 0, leading blank rows kept."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    if sheet.height > ROWS or sheet.width > COLUMNS:
        return {"too_large": [sheet.height, sheet.width]}
    rows: list[list[str]] = []
    damaged: list[list[int]] = []
    blank = (
        sheet.start[1] if sheet.start else 0
    )  # columns before the first that is used: the parser leaves them out
    for number, values in enumerate(sheet.iter_rows()):
        rows.append([""] * blank + [as_text(value) for value in values])
        damaged.extend([number, column + blank] for column, value in enumerate(values) if is_damaged(value))
    _fill_down(rows, sheet.merged_cell_ranges or [])
    return {"rows": rows, "damaged": damaged}
