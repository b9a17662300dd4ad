"""Which lines of a field are one paragraph: hard wraps are undone, paragraphs and lists stay (rule 8)."""

import re
from collections.abc import Iterable

from quizapp.bank.formats.freetext.normalise import Line, is_ended

_ITEM = re.compile(r"\d{1,3} ?[.、)]|\([\d一二三四五六七八九十]{1,3}\)|[①-⑩]|[A-K] ?[.、:]|\([A-K]\)")


def joined(lines: Iterable[Line]) -> tuple[str, list[int]]:
    """The lines of one field as text, and the numbers of those that were joined to the line above.

    A line goes on with the one above where that has no ending mark and neither a blank line nor an indent stands
    between them (rule 8). An indented line is a paragraph of its own.
    """
    text, numbers = "", list[int]()
    for place, line in enumerate(lines):
        if not place or not text:
            text += line.text
        elif _goes_on(text, line):
            gap = " " if text[-1:].isascii() and line.text[:1].isascii() and _is_word(text, line.text) else ""
            text += gap + line.text
            numbers.append(line.number)
        else:
            text += "\n" * (line.blanks + 1 if line.indented else 1) + line.text
    return text, numbers


def _goes_on(text: str, line: Line) -> bool:
    if line.shadow[:1] in (")", ",", ";", "。", "、"):
        return True
    return not (line.indented or line.blanks or is_ended(text) or _ITEM.match(line.shadow))


def _is_word(text: str, following: str) -> bool:
    return text[-1:].isalnum() and following[:1].isalnum()
