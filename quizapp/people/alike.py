"""Numbers that a spreadsheet program may have changed: 00123 and 123, 13812345678.0, 1.38E+10. Pure.

Whether two such numbers mean one person is never decided here: a person is asked.
"""

import re
from decimal import Decimal

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,2}")
_DECIMAL = re.compile(r"\d+\.0+")


def is_damaged(number: str) -> bool:
    """Whether a number is written as spreadsheet programs write numbers: with .0, or as a power of ten."""
    return bool(_DECIMAL.fullmatch(number) or _SCIENTIFIC.fullmatch(number))


def core(number: str) -> str:
    """What is left without leading zeros and a trailing .0, letters in capitals: numbers of one core look alike."""
    whole = number.partition(".")[0] if _DECIMAL.fullmatch(number) else number
    return whole.upper().lstrip("0") or "0"


def alike(one: str, other: str) -> bool:
    """Whether two different numbers may be one that was changed on its way."""
    if one == other:
        return False
    return core(one) == core(other) or _rounds_to(one, other) or _rounds_to(other, one)


def _rounds_to(short: str, number: str) -> bool:
    """Whether `short`, a power of ten, is what remains of `number` with so many digits."""
    if not (_SCIENTIFIC.fullmatch(short) and number.isascii() and number.isdigit()):
        return False
    digits = len(short.upper().partition("E")[0].replace(".", ""))
    return Decimal(short) == Decimal(f"{Decimal(number):.{digits - 1}E}")


def better(sheet: str, kept: str) -> str:
    """The one to keep of two numbers alike: with its leading zeros, and never one written as a power of ten."""
    return kept if is_damaged(sheet) or len(sheet) < len(kept) else sheet
