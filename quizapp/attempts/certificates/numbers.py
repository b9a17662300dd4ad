"""The number of a certificate: XF-2026-7K3M9-QPD4C, the year of the exam, nine letters by chance, and a check letter.

Nothing is counted in it, so it tells neither how many certificates there are nor what the next one is called; 29⁹ are
44 bits. The check letter finds every single wrong letter and every two neighbours that changed places: both change a
sum over a prime number of letters with a different weight at each place.
"""

import secrets
import unicodedata
from collections.abc import Callable

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXY"  # 29: without 0 O, 1 I L, U, and Z, which looks like 2
PREFIX = "XF"
CHANCE = 9  # letters
_ROOT = 2  # its powers are all different modulo 29


def new(year: int, choose: Callable[[str], str] = secrets.choice) -> str:
    """A number by chance. year: 1000 to 9999. Unique only once the table has accepted it."""
    drawn = "".join(choose(LETTERS) for _ in range(CHANCE))
    ten = drawn + check_letter(f"{year}{drawn}")
    return f"{PREFIX}-{year}-{ten[:5]}-{ten[5:]}"


def check_letter(text: str) -> str:
    """The letter for four digits of a year and nine letters. Raises ValueError for other signs."""
    values = [int(sign) for sign in text[:4]] + [LETTERS.index(sign) for sign in text[4:]]
    return LETTERS[sum(value * _ROOT**place for place, value in enumerate(values)) % len(LETTERS)]


def read(typed: str) -> str | None:
    """The number as it is printed, of what was typed: small or full-width letters, blanks and strokes missing or too
    many. None for what is no number, also where the check letter does not fit."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed[:100]).upper() if sign.isalnum())
    year, ten = plain[2:6], plain[6:]
    fits = plain.startswith(PREFIX) and len(ten) == CHANCE + 1 and set(ten) <= set(LETTERS)
    if not fits or not (year.isascii() and year.isdecimal()) or check_letter(year + ten[:-1]) != ten[-1]:
        return None
    return f"{PREFIX}-{year}-{ten[:5]}-{ten[5:]}"
