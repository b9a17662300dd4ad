"""What a person can hold in the hand after handing in: a receipt number, and a digest that anyone can recompute."""

import hashlib
import secrets
from collections.abc import Callable

UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O, 1 I L, U
ADDRESS_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"  # 57, without 0 O, 1 I l


def new_token(below: Callable[[int], int] = secrets.randbelow) -> str:
    """What an attempt goes by: 22 letters and digits, 128 random bits. below: a number by chance below that one.

    No other sign: a token may be given to a command, selected by a double click, read out by telephone.
    """
    letters, left = "", below(len(ADDRESS_LETTERS) ** 22)  # drawn once: each draw asks the system
    for _ in range(22):
        left, place = divmod(left, len(ADDRESS_LETTERS))
        letters += ADDRESS_LETTERS[place]
    return letters


def new_receipt() -> str:
    """R-4T7M-9QK2: eight letters by chance. Unique only once the table has accepted it."""
    eight = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(8))
    return f"R-{eight[:4]}-{eight[4:]}"


def digest(token: str, layout_hash: str, sheet: str) -> str:
    """SHA-256 over the attempt's token, the layout's hash and the sheet, one a line."""
    return "sha256:" + hashlib.sha256(f"{token}\n{layout_hash}\n{sheet}".encode()).hexdigest()
