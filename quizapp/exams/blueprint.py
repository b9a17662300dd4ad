"""The blueprint (双向细目表): how many questions of which kind from which chapter, and what they are worth.

A row is {"kind": "single", "chapter": "3", "count": 4}; chapter "" draws from all chapters (不限章). Points are
whole tenths of a 分.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

KINDS = ("single", "multiple", "judge")  # the order of a paper's sections
WORDS = {"single": "单选题", "multiple": "多选题", "judge": "判断题"}
FEWEST, MOST = 5, 200  # questions of one paper

Row = Mapping[str, Any]


class Kept(Protocol):
    """What feasibility needs to know of a question: its kind and its chapter ("" when no article decides it)."""

    @property
    def kind(self) -> str: ...
    @property
    def chapter(self) -> str: ...


@dataclass(frozen=True)
class Shortage:
    """Rows that cannot be filled: `available` questions stand against `wanted`. chapter "": of the kind at all."""

    kind: str
    chapter: str
    wanted: int
    available: int

    def sentence(self, chapters: Mapping[str, str]) -> str:
        """第三章多选题只有4题，需要6题. chapters: number → 第三章."""
        place = chapters.get(self.chapter, self.chapter) if self.chapter else "全部"
        return f"{place}{WORDS[self.kind]}只有{self.available}题，需要{self.wanted}题"


def rows(counts: Mapping[tuple[str, str], int]) -> list[dict[str, Any]]:
    """The rows of a grid (kind, chapter) → count, in the order of a paper: by kind, then chapter, 不限章 last.

    There is one row for each cell, so a question answers to its chapter's row and to the row without chapter only.
    """
    filled = [(kind, chapter, count) for (kind, chapter), count in counts.items() if count > 0]
    filled.sort(key=lambda cell: (KINDS.index(cell[0]), not cell[1], chapter_order(cell[1])))
    return [{"kind": kind, "chapter": chapter, "count": count} for kind, chapter, count in filled]


def chapter_order(chapter: str) -> tuple[int, int]:
    """Sorts "2" before "10", and "3-1" (第三章之一) after "3"."""
    main, _, insert = chapter.partition("-")
    return int(main or 0), int(insert or 0)


def counts(blueprint: Iterable[Row]) -> dict[tuple[str, str], int]:
    """The grid of a blueprint: (kind, chapter) → count."""
    grid: Counter[tuple[str, str]] = Counter()
    for row in blueprint:
        grid[row["kind"], row["chapter"]] += row["count"]
    return dict(grid)


def by_kind(blueprint: Iterable[Row]) -> dict[str, int]:
    """How many questions of each kind, in the order of a paper; kinds without a question are left out."""
    found: Counter[str] = Counter()
    for row in blueprint:
        found[row["kind"]] += row["count"]
    return {kind: found[kind] for kind in KINDS if found[kind]}


def questions(blueprint: Iterable[Row]) -> int:
    """How many questions a paper has."""
    return sum(row["count"] for row in blueprint)


def total(blueprint: Iterable[Row], points: Mapping[str, int]) -> int:
    """What a whole paper is worth, in tenths of a 分; a kind without points is worth nothing."""
    return sum(row["count"] * points.get(row["kind"], 0) for row in blueprint)


def available(pool: Iterable[Kept]) -> dict[tuple[str, str], int]:
    """How many questions each cell of the grid can be filled from: (kind, chapter), and (kind, "") for all."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in pool:
        found[entry.kind, ""] += 1
        if entry.chapter:
            found[entry.kind, entry.chapter] += 1
    return dict(found)


def shortages(blueprint: Sequence[Row], pool: Iterable[Kept]) -> list[Shortage]:
    """Why no paper can be made; empty when one can.

    A paper takes no question twice, so the row without chapter finds only what the chapters' rows leave. Chapters
    lie apart and all lie within the kind: enough in each chapter and enough in the kind is enough for everything
    (Hall's condition for a tree of sets).
    """
    have, want = available(pool), counts(blueprint)
    found = [
        Shortage(kind, chapter, wanted, have.get((kind, chapter), 0))
        for (kind, chapter), wanted in want.items()
        if chapter and wanted > have.get((kind, chapter), 0)
    ]
    for kind, wanted in by_kind(blueprint).items():
        if wanted > have.get((kind, ""), 0):
            found.append(Shortage(kind, "", wanted, have.get((kind, ""), 0)))
    return sorted(
        found, key=lambda lack: (KINDS.index(lack.kind), not lack.chapter, chapter_order(lack.chapter))
    )


# Proposals for a new exam, each worth 100分: questions and tenths of a 分 by kind. The first that the bank serves.
PROPOSALS: Sequence[tuple[Mapping[str, int], Mapping[str, int]]] = (
    ({"single": 30, "multiple": 10, "judge": 20}, {"single": 20, "multiple": 20, "judge": 10}),
    ({"single": 20, "multiple": 10, "judge": 15}, {"single": 20, "multiple": 30, "judge": 20}),
    ({"single": 20, "multiple": 5, "judge": 10}, {"single": 30, "multiple": 40, "judge": 20}),
    ({"single": 10, "multiple": 5, "judge": 10}, {"single": 50, "multiple": 60, "judge": 20}),
    ({"single": 6, "multiple": 2, "judge": 4}, {"single": 100, "multiple": 100, "judge": 50}),
)


def proposal(pool: Iterable[Kept]) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Rows and points of the largest proposal that this pool serves; points without rows when it serves none."""
    kept = list(pool)
    for numbers, points in PROPOSALS:
        asked = rows({(kind, ""): count for kind, count in numbers.items()})
        if not shortages(asked, kept):
            return asked, dict(points)
    return [], dict(PROPOSALS[0][1])
