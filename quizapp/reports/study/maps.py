"""掌握度 by article for several units beside each other: what stands in every cell. Pure.

A cell is told from a group of at least so many people; further small groups stay untold when the sum would give one of
them away. Every cell says its figure and a word; the tint only repeats them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp import figures
from quizapp.reports.heat import untold
from quizapp.reports.study.sums import Counters, Study

LEVELS = (
    (0, "薄弱"),
    (40, "需加强"),
    (60, "基本掌握"),
    (80, "掌握较好"),
)  # per cent from which on a word holds
NOBODY = (0, 0, 0)


@dataclass(frozen=True)
class Cell:
    """A share as printed, 46%, its word, and how strong its tint is: 1 to 4."""

    percent: int
    word: str
    tint: int

    @property
    def text(self) -> str:
        return f"{self.percent}%"


def cell(counters: Sequence[int]) -> Cell | None:
    """Of people, thousandths and questions; none without questions."""
    _, thousandths, questions = counters
    share = figures.ratio(thousandths, questions * 1000, places=0)
    if share is None:
        return None
    tint = sum(share >= mark for mark, _ in LEVELS)
    return Cell(int(share), LEVELS[tint - 1][1], tint)


def legend() -> list[tuple[int, str]]:
    """The tints in words: (1, 薄弱（不足40%）) … (4, 掌握较好（80%及以上）)."""
    found = []
    for place, (mark, word) in enumerate(LEVELS, 1):
        above = LEVELS[place][0] if place < len(LEVELS) else None
        span = f"不足{above}%" if not mark else f"{mark}%及以上" if above is None else f"{mark}%—{above - 1}%"
        found.append((place, f"{word}（{span}）"))
    return found


@dataclass(frozen=True)
class Row:
    """An article. whole: of all these people; cells: of each unit, none where it is not told."""

    key: str
    whole: Cell
    cells: list[Cell | None]


def rows(whole: Study, parts: Sequence[Study], keys: Sequence[str], smallest: int) -> list[Row]:
    """The articles among these keys that can be told, in their order. parts: the units that make up the whole."""
    found = []
    for key in keys:
        total = cell(_of(whole, key, smallest))
        if total is not None:
            found.append(Row(key, total, told([part.articles for part in parts], key, smallest)))
    return found


def _of(study: Study, key: str, smallest: int) -> Sequence[int]:
    counters = study.articles.get(key, NOBODY)
    return counters if counters[0] >= smallest else NOBODY


def told(units: Sequence[Mapping[str, Counters]], key: str, smallest: int) -> list[Cell | None]:
    """An article's cell in several units, none where its group is too small or would give a small one away."""
    counters = [unit.get(key, NOBODY) for unit in units]
    hidden = untold([people for people, _, _ in counters], smallest)
    return [None if place in hidden else cell(one) for place, one in enumerate(counters)]


def weakest(found: Sequence[Row]) -> list[Row]:
    """The same articles, those least mastered first; equal ones stay in the order of the regulation."""
    return sorted(found, key=lambda row: row.whole.percent)
