"""The blueprint as people fill it in: a table of chapters and difficulties by kind, and lines for everything else.

A cell holds 4 (exactly), 2-6, 2+ (at least) or -6 (at most). The rows of a blueprint that fit a cell stand there; the
others (articles, tags, spans of difficulty) stand in lines of their own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.exams.blueprint import EASIEST, HARDEST, KINDS, MOST, Item, Row
from quizapp.regulations.numerals import label

COLUMNS = (*KINDS, "")  # "": questions of any kind
TOTAL = "all"  # the line of the totals
Cell = tuple[str, str]  # kind, key of a line
_BOUNDS = re.compile(r"(?P<at_least>\d{1,3})\+|-(?P<at_most>\d{1,3})|(?P<low>\d{1,3})(?:-(?P<high>\d{1,3}))?")
_SAME_SIGN = str.maketrans("０１２３４５６７８９＋－–—―~～至到", "0123456789+--" + "-" * 6)


def bounds(text: str) -> tuple[int, int | None] | None:
    """What a cell asks for: (least, most); none for an empty one. most None: no upper bound.

    4 · 2-6 · 2+ or ≥2 or 至少2 · -6 or ≤6 or 至多6. Raises ValueError with a sentence.
    """
    plain = re.sub(r"[\s题]", "", text)
    plain = re.sub(r"^(?:≥|>=|至少|不少于)(\d+)$", r"\1+", plain)
    plain = re.sub(r"^(?:≤|<=|至多|不超过)(\d+)$", r"-\1", plain).translate(_SAME_SIGN)
    if not plain:
        return None
    found = _BOUNDS.fullmatch(plain)
    if found is None:
        raise ValueError(f"“{text.strip()[:10]}”不是题数，请填写如4、2-6、2+（至少2题）、-6（至多6题）。")
    if found["at_least"]:
        least, most = int(found["at_least"]), None
    elif found["at_most"]:
        least, most = 0, int(found["at_most"])
    else:
        least, most = int(found["low"]), int(found["high"] or found["low"])
    if max(least, most or 0) > MOST:
        raise ValueError(f"题数请填写0至{MOST}的整数。")
    if most is not None and least > most:
        raise ValueError(f"“{text.strip()[:10]}”前一个数应不大于后一个数。")
    return least, most


def shown(least: int, most: int | None) -> str:
    """The text of a cell: what `bounds` reads."""
    if most is None:
        return f"{least}+" if least else ""
    if least == most:
        return str(least)
    return f"{least}-{most}" if least else f"-{most}"


def key_of(row: Row) -> str | None:
    """The line of the table in which a row stands: all, c3, slug/c3, d4; none for one that fits no line."""
    if row.article or row.tag or (row.chapter and row.difficulty):
        return None
    if row.chapter:
        return f"{row.regulation}/c{row.chapter}" if row.regulation else f"c{row.chapter}"
    if row.regulation:
        return None
    if row.difficulty:
        low, high = row.difficulty
        return f"d{low}" if low == high else None
    return TOTAL if row.section else None


_KEY = re.compile(r"(?:(?P<regulation>[a-z0-9-]+)/)?c(?P<chapter>\d{1,4}(?:-\d{1,4})?)|d(?P<level>[1-5])|all")


def facets(key: str) -> Row:
    """What a line chooses, as a row without numbers. Raises ValueError for a key that `key_of` never gives."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"{key} is no line")
    if found["chapter"]:
        return Row(regulation=found["regulation"] or "", chapter=found["chapter"])
    return Row(difficulty=(int(found["level"]),) * 2) if found["level"] else Row()


@dataclass(frozen=True)
class Filled:
    """A blueprint on the page: what stands in each cell, and the rows that stand in lines of their own."""

    cells: Mapping[Cell, str]
    others: Sequence[Row]


def filled(rows: Iterable[Row]) -> Filled:
    """The rows of a blueprint on the page."""
    cells: dict[Cell, str] = {}
    others = []
    for row in rows:
        key = key_of(row)
        if key is None or (row.kind, key) in cells:
            others.append(row)
        else:
            cells[row.kind, key] = shown(row.least, row.most)
    return Filled(cells, others)


def row_of(cell: Cell, text: str) -> Row | None:
    """The row of a cell; none for an empty one or one that asks for nothing. Raises ValueError with a sentence."""
    found = bounds(text)
    kind, key = cell
    if found is None or (found == (0, 0) and key == TOTAL) or found == (0, None):
        return None
    if key == TOTAL and found[0] != found[1]:
        raise ValueError("全卷题数请填写一个数。")
    return replace(facets(key), kind=kind, least=found[0], most=found[1])


def levels() -> list[str]:
    """The keys of the lines for the difficulties."""
    return [f"d{level}" for level in range(EASIEST, HARDEST + 1)]


def available(items: Iterable[Item], *, several: bool) -> dict[Cell, int]:
    """How many questions each cell can be filled from. several: the banks mean more than one regulation."""
    found: dict[Cell, int] = {}
    for item in items:
        chapter = f"{item.regulation}/c{item.chapter}" if several else f"c{item.chapter}"
        for key in (TOTAL, f"d{item.difficulty}", *([chapter] if item.chapter else [])):
            for kind in (item.kind, ""):
                found[kind, key] = found.get((kind, key), 0) + 1
    return found


def is_chapter(key: str) -> bool:
    """Whether a line is that of a chapter."""
    found = _KEY.fullmatch(key)
    return bool(found and found["chapter"])


def chapter_words(key: str) -> str:
    """第三章, for the line of a chapter."""
    return label(facets(key).chapter, "章")
