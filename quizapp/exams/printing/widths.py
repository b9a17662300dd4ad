"""How many options fit on a line. A Han character is two half widths, a Latin letter one."""

import unicodedata
from collections.abc import Sequence

GAP = 2  # half widths between two options


def width(text: str) -> int:
    """The length of a line in half widths. Marks that sit on another character count nothing."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
        for sign in text
    )


def per_line(options: Sequence[tuple[str, str]], room: int) -> int:
    """4, 2 or 1 options on a line of `room` half widths, as many as the longest allows; a line break asks for 1."""
    if any("\n" in text for _, text in options):
        return 1
    longest = max((width(f"{letter}．{text}") for letter, text in options), default=0) + GAP
    return next((count for count in (4, 2) if longest * count <= room), 1)
