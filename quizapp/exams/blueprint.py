"""The blueprint (双向细目表): its rows, and what is known of the questions they choose from.

A row says how many questions with certain marks (法规, 章, 条, 标签, 题型, 难度) a paper holds: at least, at most. A
row with a kind and nothing else, and one exact number, is a section (题型合计). Every kind of a paper has exactly one
section, so size and full marks of a paper are exact; a kind without a section does not come up in it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.regulations.numerals import label

KINDS = ("single", "multiple", "judge")  # the order of a paper's sections
WORDS = {"single": "单选题", "multiple": "多选题", "judge": "判断题"}
FEWEST, MOST = 5, 200  # questions of one paper
EASIEST, HARDEST = 1, 5
# What a usual candidate is expected to earn of a question that nobody has answered yet, by the author's difficulty:
# steps of a tenth from 容易 (0.90) to 难 (0.50), half of a judge question's chance being the floor of the scale.
EXPECTED = {1: 0.90, 2: 0.80, 3: 0.70, 4: 0.60, 5: 0.50}
_FACETS = ("kind", "regulation", "chapter", "article", "tag")
Points = Mapping[str, int]  # kind → tenths of a 分


def expected_of(difficulty: int) -> float:
    """The expected share of the points (0…1) where there are no answers yet. Raises KeyError outside 1…5."""
    return EXPECTED[difficulty]


def level_of(facility: float) -> int:
    """The difficulty 1…5 whose expected share is the nearest to a measured one (0…1); of two the easier."""
    return min(EXPECTED, key=lambda level: (round(abs(EXPECTED[level] - facility), 6), level))


@dataclass(frozen=True)
class Item:
    """One published question as assembly sees it; a pool holds one revision of each question.

    article: "" where none decides. difficulty: the author's, 1…5. expected: share of the points that a usual
    candidate earns (0…1), from answers where there are enough, else `expected_of(difficulty)`. wear: how used up it
    is (0 fresh … 1 in the last exam, or seen by everyone in practice).
    """

    revision_id: int
    question_id: int
    kind: str
    regulation: str
    chapter: str
    article: str
    tags: frozenset[str]
    difficulty: int
    expected: float
    wear: float = 0.0


Enemies = Sequence[frozenset[int]]  # revision ids of which one paper may hold at most one


@dataclass(frozen=True)
class Row:
    """One row; an empty facet means any. difficulty: () or (from, to), both included. most: None is no upper bound."""

    kind: str = ""
    regulation: str = ""
    chapter: str = ""
    article: str = ""
    tag: str = ""
    difficulty: tuple[int, ...] = ()
    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        if self.kind and self.kind not in KINDS:
            raise ValueError(f"{self.kind} is no kind of question")
        if self.difficulty and not (
            len(self.difficulty) == 2 and EASIEST <= self.difficulty[0] <= self.difficulty[1] <= HARDEST
        ):
            raise ValueError(f"{self.difficulty} is no span of difficulties")
        if not 0 <= self.least <= MOST or not (self.most is None or self.least <= self.most <= MOST):
            raise ValueError(f"{self.least} to {self.most} are no bounds")

    @classmethod
    def from_json(cls, value: Any) -> "Row":
        """The row that `to_json` wrote. Raises ValueError for anything that it would not write."""
        if not isinstance(value, dict) or set(value) != {*_FACETS, "difficulty", "least", "most"}:
            raise ValueError(f"not a row of a blueprint: {value!r}")
        levels, bounds = value["difficulty"], [value["least"], value["most"]]
        if not all(isinstance(value[name], str) for name in _FACETS) or not isinstance(levels, list):
            raise ValueError(f"not a row of a blueprint: {value!r}")
        if any(type(number) is not int for number in [*levels, *bounds] if number is not None):
            raise ValueError(f"not a row of a blueprint: {value!r}")
        if bounds[0] is None or None in levels:
            raise ValueError(f"not a row of a blueprint: {value!r}")
        facets = {name: value[name] for name in _FACETS}
        return cls(**facets, difficulty=tuple(levels), least=bounds[0], most=bounds[1])

    def to_json(self) -> dict[str, Any]:
        """{"kind": "single", "regulation": "", …, "difficulty": [4, 5] or [], "least": 4, "most": 4 or None}."""
        facets = {name: getattr(self, name) for name in _FACETS}
        return {**facets, "difficulty": list(self.difficulty), "least": self.least, "most": self.most}

    @property
    def section(self) -> bool:
        """Whether this row is a kind's total: a kind, nothing else, and one exact number above nought."""
        bare = Row(self.kind, least=self.least, most=self.least)
        return self.kind != "" and self.least > 0 and self == bare

    def matches(self, item: Item) -> bool:
        """Whether a question counts for this row."""
        return (
            self.kind in ("", item.kind)
            and self.regulation in ("", item.regulation)
            and self.chapter in ("", item.chapter)
            and self.article in ("", item.article)
            and (not self.tag or self.tag in item.tags)
            and (not self.difficulty or self.difficulty[0] <= item.difficulty <= self.difficulty[1])
        )

    def holds(self, count: int) -> bool:
        """Whether a paper with `count` matching questions keeps this row."""
        return self.least <= count and (self.most is None or count <= self.most)

    def in_words(self, titles: Mapping[str, str]) -> str:
        """What the row chooses: 第三章多选题, 难度4至5级单选题, 标签“情景”试题. titles: slug → 《信访工作条例》."""
        parts = [titles.get(self.regulation, self.regulation)]
        parts += [label(self.chapter, "章")] if self.chapter else []
        parts += [label(self.article, "条")] if self.article else []
        parts += [f"标签“{self.tag}”"] if self.tag else []
        if self.difficulty:
            low, high = self.difficulty
            parts.append(f"难度{low}级" if low == high else f"难度{low}至{high}级")
        place = "".join(parts)
        return (place or "全部") + WORDS.get(self.kind, "试题")

    def bounds_in_words(self) -> str:
        """How many: 恰好4题, 至少4题, 至多6题, 4至6题; 不限 where every number will do."""
        if self.most is None:
            return f"至少{self.least}题" if self.least else "不限"
        if self.least == self.most:
            return f"恰好{self.least}题"
        return f"{self.least}至{self.most}题" if self.least else f"至多{self.most}题"


def sections(rows: Iterable[Row]) -> dict[str, int]:
    """How many questions of each kind, in the order of a paper; kinds that do not come up are left out."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.section:
            found[row.kind] += row.least
    return {kind: found[kind] for kind in KINDS if found[kind]}


def questions(rows: Iterable[Row]) -> int:
    """How many questions a paper has."""
    return sum(sections(rows).values())


def total(rows: Iterable[Row], points: Points) -> int:
    """What a whole paper is worth, in tenths of a 分; a kind without points is worth nothing."""
    return sum(count * points.get(kind, 0) for kind, count in sections(rows).items())


def check(rows: Collection[Row]) -> None:
    """Raises ValueError unless every kind has exactly one section and a paper has 5…200 questions."""
    found = [row.kind for row in rows if row.section]
    if len(found) != len(set(found)):
        raise ValueError("a kind has two sections")
    if lacking := {row.kind for row in rows if row.kind} - set(found):
        raise ValueError(f"kinds without a section: {', '.join(sorted(lacking))}")
    if not FEWEST <= questions(rows) <= MOST:
        raise ValueError(f"a paper has {FEWEST} to {MOST} questions, not {questions(rows)}")


def tallies(rows: Sequence[Row], chosen: Collection[Item]) -> list[int]:
    """How many of the chosen questions count for each row."""
    return [sum(map(row.matches, chosen)) for row in rows]


def kept(rows: Sequence[Row], chosen: Collection[Item]) -> bool:
    """Whether these questions make a paper: every row holds, nothing of a kind without a section, nothing twice."""
    kinds = sections(rows)
    return (
        all(row.holds(count) for row, count in zip(rows, tallies(rows, chosen), strict=True))
        and all(item.kind in kinds for item in chosen)
        and len({item.question_id for item in chosen}) == len(chosen)
    )


def of_grid(counts: Mapping[tuple[str, str], int]) -> list[Row]:
    """The rows of a grid (kind, chapter) → count: a total for each kind, each chapter's number exact.

    Chapter "" draws from any chapter: with it the numbers of its kind's chapters are the least.
    """
    found = []
    for kind in KINDS:
        cells = {chapter: n for (own, chapter), n in counts.items() if own == kind and n}
        if not cells:
            continue
        whole = sum(cells.values())
        found.append(Row(kind, least=whole, most=whole))
        found += [
            Row(kind, chapter=chapter, least=n, most=None if cells.get("") else n)
            for chapter, n in sorted(cells.items(), key=lambda cell: chapter_order(cell[0]))
            if chapter
        ]
    return found


def grid_of(rows: Iterable[Row]) -> dict[tuple[str, str], int]:
    """As much of the rows as a grid (kind, chapter) → count can say; "" is what a kind's total leaves."""
    listed = list(rows)
    cells = {
        (row.kind, row.chapter): row.least
        for row in listed
        if row.kind
        and row.chapter
        and row == Row(row.kind, chapter=row.chapter, least=row.least, most=row.most)
    }
    for kind, whole in sections(listed).items():
        left = whole - sum(count for (own, _), count in cells.items() if own == kind)
        cells |= {(kind, ""): left} if left > 0 else {}
    return cells


def read(stored: Iterable[Any]) -> list[Row]:
    """The rows of a stored blueprint. Raises ValueError for one that `stored` did not write."""
    return [Row.from_json(value) for value in stored]


def stored(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows as they are kept in the database."""
    return [row.to_json() for row in rows]


def chapter_order(chapter: str) -> tuple[int, int]:
    """Sorts "2" before "10", and "3-1" (第三章之一) after "3"."""
    main, _, insert = chapter.partition("-")
    return int(main or 0), int(insert or 0)
