"""Finding words by the first letters of their pinyin: xfr finds 信访人.

A text is kept as one letter or sign for each of its characters, so that a place among the letters is the same place
in the text. A character with several readings has the one that its neighbours give it: 重大 is zd, 重复 is cf.
"""

import re
from functools import lru_cache

KEPT = 4096  # texts whose letters a process remembers


@lru_cache(KEPT)
def initials(text: str) -> str:
    """The first letters of a text, as long as the text; what has no pinyin stands for itself, in lower case."""
    from pypinyin import (  # its tables take a third of a second, and most processes need none
        Style,
        lazy_pinyin,
    )

    letters, at = "", 0
    for piece in lazy_pinyin(
        text, style=Style.FIRST_LETTER
    ):  # a letter, or a run of what has no pinyin, as it is
        run = len(piece) if piece and text.startswith(piece, at) else 1
        kept = piece[:run] or text[at]
        letters += "".join(own.lower()[0] for own in kept)
        at += run
    return letters


def is_initials(word: str) -> bool:
    """Whether a word of a query may be meant as first letters: two Latin letters or more, and nothing else."""
    return re.fullmatch("[A-Za-z]{2,}", word) is not None


def meant(text: str, letters: str, word: str) -> list[str]:
    """The different words of a text that begin so, in order of reading. letters: `initials` of the text."""
    wanted, found = word.lower(), []
    at = letters.find(wanted)
    while at >= 0:
        found.append(text[at : at + len(wanted)])
        at = letters.find(wanted, at + len(wanted))
    return list(dict.fromkeys(found))
