"""Questions that are alike for a blueprint, counted together: the small model that answers within milliseconds.

Two questions of one cell count for the same rows and stand in the same enemy groups, so each can take the other's
place in any paper.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from quizapp.exams.blueprint import Enemies, Item, Row, sections


@dataclass(frozen=True)
class Cell:
    """rows: indexes of the rows for which these questions count. enemies: indexes of their enemy groups."""

    rows: frozenset[int]
    enemies: frozenset[int]
    items: tuple[Item, ...]  # by revision id

    @cached_property
    def count(self) -> int:
        return len(self.items)


def cells(
    rows: Sequence[Row],
    items: Iterable[Item],
    enemies: Enemies = (),
    *,
    finer: Callable[[Item], int] | None = None,
) -> list[Cell]:
    """The pool in cells, in an order that depends on nothing but the questions; kinds without a section are left out.

    finer: splits cells by one more number, such as the difficulty. Raises ValueError when a question comes twice.
    """
    kinds, groups = sections(rows), groups_of(enemies)
    belongs: dict[tuple[object, ...], frozenset[int]] = {}
    found: defaultdict[tuple[frozenset[int], str, int, frozenset[int]], list[Item]] = defaultdict(list)
    pool = sorted((item for item in items if item.kind in kinds), key=lambda item: item.revision_id)
    if len({item.question_id for item in pool}) < len(pool) or len({i.revision_id for i in pool}) < len(pool):
        raise ValueError("a pool holds one revision of each question")
    for item in pool:
        alike = (item.kind, item.regulation, item.chapter, item.article, item.tags, item.difficulty)
        if alike not in belongs:
            belongs[alike] = frozenset(index for index, row in enumerate(rows) if row.matches(item))
        split = finer(item) if finer else 0
        found[belongs[alike], item.kind, split, groups.get(item.revision_id, frozenset())].append(item)
    return [
        Cell(key[0], key[3], tuple(alike)) for key, alike in found.items()
    ]  # in the order of first revision ids


def groups_of(enemies: Enemies) -> dict[int, frozenset[int]]:
    """Revision id → indexes of the enemy groups that it stands in; groups of one forbid nothing and are left out."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for index, group in enumerate(enemies):
        for revision_id in group if len(group) > 1 else ():
            found[revision_id].add(index)
    return {revision_id: frozenset(indexes) for revision_id, indexes in found.items()}


def narrowed(pool: Iterable[Cell], rows: Collection[int]) -> list[Cell]:
    """The pool as these rows alone see it: fewer, larger cells; questions that count for none of them are left out."""
    found: defaultdict[tuple[frozenset[int], frozenset[int]], list[Item]] = defaultdict(list)
    for cell in pool:
        if seen := cell.rows & frozenset(rows):
            found[seen, cell.enemies].extend(cell.items)
    return [Cell(seen, groups, tuple(alike)) for (seen, groups), alike in found.items()]
