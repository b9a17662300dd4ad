"""Whether a text is in traditional script: it is said, and never converted silently (rule 9)."""

import re
from collections.abc import Iterable
from functools import cache

from opencc import OpenCC

from quizapp.bank.formats.freetext.normalise import Line

_TRADITIONAL = re.compile(
    "[個們這說對時會來為國學過發經動種關點應與產業將專員報問開間無書長門題單選項斷確錯誤擇條規訪機構屬級處辦"
    "黨辦務實見議據權義導負責時進當縣鎮鄉還屆圍從後覺觀難號變讓請調談論證評認該詢訴課識設許記計訂]"
)


def traditional_line(lines: Iterable[Line]) -> int:
    """The first line in traditional script; 0 where fewer than two different characters of it occur."""
    first, seen = 0, set[str]()
    for line in lines:
        if found := _TRADITIONAL.findall(line.text):
            first = first or line.number
            seen.update(found)
    return first if len(seen) > 1 else 0


def simplified(text: str) -> str:
    """The text in simplified script. Only where a person asked for it."""
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
