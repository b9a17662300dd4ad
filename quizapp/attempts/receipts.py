"""What a person can hold in the hand after handing in: a receipt number, and a digest that anyone can recompute."""

import hashlib
import secrets

UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O, 1 I L, U


def new_receipt() -> str:
    """R-4T7M-9QK2: eight letters by chance. Unique only once the table has accepted it."""
    eight = "".join(secrets.choice(UNAMBIGUOUS) for _ in range(8))
    return f"R-{eight[:4]}-{eight[4:]}"


def digest(token: str, layout_hash: str, sheet: str) -> str:
    """SHA-256 over the attempt's token, the layout's hash and the sheet, one a line."""
    return "sha256:" + hashlib.sha256(f"{token}\n{layout_hash}\n{sheet}".encode()).hexdigest()
