"""Figures as people read them: counted from integers, rounded half up, the same on pages, in Word, Excel and PDF."""

from decimal import ROUND_HALF_UP, Decimal


def ratio(part: int, whole: int, *, scale: int = 100, places: int = 1) -> Decimal | None:
    """part ÷ whole × scale, rounded half up to `places` (1 of 32 is 3.1 %, 31.25 becomes 31.3); none of nothing."""
    if whole == 0:
        return None
    step = Decimal(1).scaleb(-places)
    return (Decimal(part * scale) / Decimal(whole)).quantize(step, rounding=ROUND_HALF_UP)


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal, "86.2%"; "—" when nothing was counted."""
    value = ratio(part, whole)
    return "—" if value is None else f"{value}%"


def mean_points(tenths: int, count: int) -> str:
    """The mean of points stored as tenths of a 分, with one decimal, "82.6"; "—" for nobody."""
    value = ratio(tenths, count * 10, scale=1)
    return "—" if value is None else str(value)


def points(tenths: int) -> str:
    """Points as printed: 20 tenths are "2", 15 are "1.5"."""
    whole, rest = divmod(tenths, 10)
    return str(whole) if rest == 0 else f"{whole}.{rest}"


def decimal(value: float | None, places: int = 2) -> str:
    """A coefficient: 0.345 with two places is "0.35", -0.1 is "−0.10" with a true minus; "—" for none."""
    if value is None:
        return "—"
    step = Decimal(1).scaleb(-places)
    rounded = Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded)).replace("-", "−")


def with_error(value: float | None, error: float | None) -> str:
    """A coefficient with its standard error, "−0.52±0.12"."""
    return decimal(value) if value is None or error is None else f"{decimal(value)}±{decimal(error)}"
