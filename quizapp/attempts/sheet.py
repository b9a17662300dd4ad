"""The answer sheet as one text: the letters of all slots, as displayed to this person, joined by dots.

`C.ABD..A` is four slots, the third blank. Letters are A–H, upper case, ascending, none twice; n slots have n−1 dots.
Anything else is no sheet. The whole sheet is always sent and stored, so that any later save heals an earlier loss.
"""

import re
from collections.abc import Iterable

MOST_SLOTS = 300  # far above any paper; 8 KB of JSON hold it
_LETTERS = "A?B?C?D?E?F?G?H?"
_SHEET = re.compile(rf"{_LETTERS}(?:\.{_LETTERS})*")


class BadSheet(ValueError):
    """A text that is no sheet: a fault of the page, never of the person."""


def slot_count(text: str) -> int:
    """How many slots a sheet has. Raises BadSheet for anything but a sheet."""
    if not _SHEET.fullmatch(text):
        raise BadSheet("letters A-H, ascending, no repeats, joined by dots")
    count = text.count(".") + 1
    if count > MOST_SLOTS:
        raise BadSheet(f"more than {MOST_SLOTS} slots")
    return count


def parse(text: str) -> tuple[str, ...]:
    """The letters of each slot. Raises BadSheet."""
    slot_count(text)
    return tuple(text.split("."))


def format_slots(slots: Iterable[Iterable[str]]) -> str:
    """A sheet from the letters of each slot in any order. Raises BadSheet for letters that no slot can have."""
    text = ".".join("".join(sorted(letters)) for letters in slots)
    slot_count(text)
    return text


def blank(slots: int) -> str:
    """The sheet on which nothing is answered."""
    return "." * (slots - 1)


def answered(text: str) -> int:
    """How many slots have a letter."""
    return sum(1 for letters in text.split(".") if letters)


def open_slots(text: str) -> list[int]:
    """The numbers, from 1, of the slots without a letter."""
    return [number for number, letters in enumerate(text.split("."), 1) if not letters]
