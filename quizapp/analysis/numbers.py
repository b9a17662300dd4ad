"""How coefficients and marks of 试题分析 are printed: half up, a true minus, "—" for nothing. Pure."""

from quizapp.figures import decimal, with_error

__all__ = ["cell", "decimal", "marks", "percent", "with_error"]


def percent(share: float | None) -> str:
    """0.3125 is "31.3%"; none is "—"."""
    return decimal(None if share is None else share * 100, 1) + ("" if share is None else "%")


def marks(tenths: float | None, places: int = 1) -> str:
    """Tenths of a 分 in 分, "82.6"; none is "—"."""
    return decimal(None if tenths is None else tenths / 10, places)


def cell(value: float | None, places: int = 4) -> float | None:
    """The same for a spreadsheet: a number, rounded to so many places."""
    return None if value is None else round(float(value), places)
