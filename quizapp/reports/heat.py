"""Heat maps of a report: units by day (how many of 应考 had sat it) and units by chapter (得分率). Pure.

The table is the picture: every cell says its figure in text, the tint only repeats it. A row of scores is told from a
group of at least so many people; further small groups stay untold when the sum would give one of them away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from quizapp import figures

MOST_DAYS = 31  # columns; a longer window is shown by weeks
PAGE = 100  # units on one page
OF_DAYS = (0, 25, 50, 75, 100)  # per cent from which on a tint holds, the faintest first
OF_SCORES = (0, 60, 70, 80, 90)
NOTHING = "—"


@dataclass(frozen=True)
class Cell:
    """A figure as printed and how strong its tint is: 0 (none) to 5."""

    text: str
    tint: int


@dataclass(frozen=True)
class Row:
    """A unit. cells: none where the group is too small to be told."""

    name: str
    unit_id: int | None  # to go on from; none for 本级 and for the whole
    cells: list[Cell] | None


def cell(part: int, whole: int, marks: Sequence[int]) -> Cell:
    """A share in per cent with one decimal, without its sign."""
    value = figures.ratio(part, whole)
    return Cell(NOTHING, 0) if value is None else Cell(str(value), tint(Decimal(100 * part) / whole, marks))


def tint(value: Decimal, marks: Sequence[int]) -> int:
    """How strong the tint of a percentage is; nothing at all has none."""
    return sum(value >= mark for mark in marks) if value else 0


def legend(marks: Sequence[int]) -> list[tuple[int, str]]:
    """The tints in words: (tint, 不足60), (tint, 60—69.9) … (tint, 90及以上)."""
    between = [
        (n, f"{low}—{high - 1}.9") for n, (low, high) in enumerate(zip(marks, marks[1:], strict=False), 1)
    ]
    last = str(marks[-1]) if marks[-1] == 100 else f"{marks[-1]}及以上"
    return [(1, f"不足{marks[1]}"), *between[1:], (len(marks), last)]


# By day -----------------------------------------------------------------------------------------------------


def columns(first: date, last: date) -> list[date]:
    """The days that are shown: all of them, or of a long window every seventh and the last."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return days if len(days) <= MOST_DAYS else [*days[6:-1:7], days[-1]]


def months(days: Sequence[date]) -> list[tuple[str, int]]:
    """The months above the columns: (12月, how many columns), with the year where it changes."""
    found: list[tuple[date, int]] = []
    for day in days:
        if found and (found[-1][0].year, found[-1][0].month) == (day.year, day.month):
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((day, 1))
    several = len({month.year for month, _ in found}) > 1
    return [(f"{month.year}年{month.month}月" if several else f"{month.month}月", n) for month, n in found]


def by_day(counts: Sequence[int], first: date, expected: int, days: Sequence[date]) -> list[Cell]:
    """A unit's cells. counts: how many finished on each day from `first`; expected: 应考人数."""
    return [cell(sum(counts[: (day - first).days + 1]), expected, OF_DAYS) for day in days]


# By chapter -------------------------------------------------------------------------------------------------


def untold(sizes: Sequence[int], smallest: int) -> set[int]:
    """The places of groups that are not told: those of fewer than `smallest` people, and the next smallest until all
    that are not told are as many. A group of nobody hides nothing."""
    hidden: set[int] = set()
    people = 0
    for size, place in sorted((size, place) for place, size in enumerate(sizes) if size):
        if size >= smallest and (not hidden or people >= smallest):
            break
        hidden.add(place)
        people += size
    return hidden


Scored = tuple[
    int, int, int
]  # who had questions of a chapter; points earned, points possible, tenths of a 分
NOBODY: Scored = (0, 0, 0)


def by_chapter(
    units: Sequence[Mapping[str, Scored]], chapters: Sequence[str], smallest: int
) -> list[list[Cell] | None]:
    """The cells of several units beside each other, by chapter; none for a unit of which no chapter is told.

    Papers differ, so a group is counted anew in each chapter: who had questions of it.
    """
    hidden = [untold([unit.get(chapter, NOBODY)[0] for unit in units], smallest) for chapter in chapters]
    return [
        _told([unit.get(chapter, NOBODY) for chapter in chapters], [place in out for out in hidden])
        for place, unit in enumerate(units)
    ]


def _told(scored: Sequence[Scored], hidden: Sequence[bool]) -> list[Cell] | None:
    cells = [
        Cell(NOTHING, 0) if out else cell(earned, possible, OF_SCORES)
        for (_, earned, possible), out in zip(scored, hidden, strict=True)
    ]
    return None if any(hidden) and all(one.text == NOTHING for one in cells) else cells
