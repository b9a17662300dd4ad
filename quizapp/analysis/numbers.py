"""How coefficients and marks of 试题分析 are printed: half up, a true minus, "—" for nothing. Pure."""

from decimal import ROUND_HALF_UP, Decimal

NONE = "—"


def decimal(value: float | None, places: int = 2) -> str:
    """0.345 with two places is "0.35", -0.1 is "−0.10"; none is "—"."""
    if value is None:
        return NONE
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded)).replace("-", "−")


def percent(share: float | None) -> str:
    """0.3125 is "31.3%"; none is "—"."""
    return NONE if share is None else f"{decimal(share * 100, 1)}%"


def marks(tenths: float | None, places: int = 1) -> str:
    """Tenths of a 分 in 分, "82.6"; none is "—"."""
    return NONE if tenths is None else decimal(tenths / 10, places)


def with_error(value: float | None, error: float | None) -> str:
    """A difficulty with its standard error, "−0.52±0.12"."""
    if value is None:
        return NONE
    return decimal(value) if error is None else f"{decimal(value)}±{decimal(error)}"


def cell(value: float | None, places: int = 4) -> float | None:
    """The same for a spreadsheet: a number, rounded to so many places."""
    return None if value is None else round(float(value), places)
