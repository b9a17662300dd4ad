"""Whether a blueprint can hold on a pool, and if not, the smallest set of rows that cannot hold together."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.exams.assembly.cells import Cell, cells, narrowed
from quizapp.exams.assembly.integer_programs import Undecided
from quizapp.exams.assembly.mixes import mix, to_blame
from quizapp.exams.blueprint import Enemies, Item, Row, sections

FEW = 30  # rows up to which a smaller set is looked for among all of them


@dataclass(frozen=True)
class Conflict:
    """Rows (by index) that cannot hold together, while any of them left out makes the others possible.

    available and wanted: for a single row, how many questions there are and how many the papers need in all.
    """

    rows: tuple[int, ...]
    available: int
    wanted: int
    forms: int = 1
    common: int = 0

    def in_words(self, rows: Sequence[Row], titles: Mapping[str, str]) -> str:
        """第三章多选题只有4题，需要6题; for several rows 以下要求不能同时满足：…. titles: slug → 《信访工作条例》."""
        if len(self.rows) == 1:
            return self._alone(rows[self.rows[0]], titles)
        demands = "；".join(rows[i].in_words(titles) + rows[i].bounds_in_words() for i in self.rows)
        return f"{self._papers()}以下要求不能同时满足：{demands}"

    def _alone(self, row: Row, titles: Mapping[str, str]) -> str:
        what = row.in_words(titles)
        if self.available >= self.wanted:
            each = f"{self.forms}套试卷各需要的" if self.forms > 1 else "需要的"
            return f"{what}有{self.available}题，但互斥的试题不能同卷，凑不出{each}{row.least}题"
        if self.forms == 1:
            return f"{what}只有{self.available}题，需要{self.wanted}题"
        shared = f"，至多共用{self.common}题" if self.common else ""
        return f"{what}只有{self.available}题，{self.forms}套试卷各需要{row.least}题{shared}，共需要{self.wanted}题"

    def _papers(self) -> str:
        if self.forms == 1:
            return ""
        return f"对{self.forms}套{f'至多共用{self.common}题' if self.common else '不重复'}的试卷，"


def available(rows: Sequence[Row], items: Iterable[Item]) -> list[int]:
    """How many questions each row can choose from; a row of any kind sees only kinds that come up in the paper."""
    kinds, pool = sections(rows), list(items)
    return [
        sum(row.matches(item) and (item.kind in kinds or row.kind != "") for item in pool) for row in rows
    ]


def conflict(
    rows: Sequence[Row], items: Iterable[Item], *, forms: int = 1, enemies: Enemies = (), common: int = 0
) -> list[Conflict]:
    """Why no paper, or no `forms` papers at once, can be made; empty when they can (or when nothing could be proven).

    All rows that cannot hold alone, else all pairs of a row and a section that cannot, else one set from a deletion
    filter (Chinneck, Feasibility and Infeasibility in Optimization, 2008). Each set is irreducible.
    """
    questions = list(items)
    pool = cells(rows, questions, enemies)
    fails = _Fails(rows, pool, forms, common)
    if not fails(range(len(rows))):
        return []
    sets: list[list[int]] = [[index] for index, row in enumerate(rows) if row.least and fails([index])]
    sets = sets or _at_odds(rows, fails, _Fails(rows, cells(rows, questions), forms, common))
    return [_named(tuple(indexes), rows, pool, forms, common) for indexes in sets]


@dataclass(frozen=True)
class _Fails:
    """Whether these rows, and no others, are proven to be impossible."""

    rows: Sequence[Row]
    pool: Sequence[Cell]
    forms: int
    common: int

    def __call__(self, only: Collection[int]) -> bool:
        seen = narrowed(self.pool, only)
        try:
            return mix(self.rows, seen, forms=self.forms, common=self.common, only=only) is None
        except Undecided:
            return False


def _at_odds(rows: Sequence[Row], fails: "_Fails", fails_in_peace: "_Fails") -> list[list[int]]:
    """Sets of several rows. Enemies make large programs, so they are asked only where nothing fails without them."""
    everything = list(range(len(rows)))
    quick = fails_in_peace if fails_in_peace(everything) else fails
    if pairs := [pair for pair in _pairs(quick) if quick(pair)]:
        return pairs
    blamed = to_blame(rows, quick.pool, quick.forms, quick.common)
    starts = [blamed] if blamed and quick(blamed) else []
    starts += [everything] if not starts or len(rows) <= FEW else []
    found = [_irreducible(order, quick) for start in starts for order in (start, start[::-1])]
    return [_irreducible(min(found, key=len), fails)]


def _pairs(task: "_Fails") -> Iterable[list[int]]:
    """A section and a row that asks for more than it, or leaves too few of the other questions to fill it."""
    for section, total in enumerate(task.rows):
        for index, row in enumerate(task.rows):
            if total.section and not row.section and row.kind in ("", total.kind):
                others = sum(
                    cell.count for cell in task.pool if section in cell.rows and index not in cell.rows
                )
                rest = 0 if row.most is None else max(0, total.least - row.most)
                if row.least > total.least or _needed(rest, task.forms, task.common) > others:
                    yield sorted((section, index))


def _irreducible(order: Sequence[int], fails: Callable[[Collection[int]], bool]) -> list[int]:
    """Of rows that fail together, leave out one after the other in this order that the failure does not need."""
    left = sorted(order)
    for index in order:
        without = [other for other in left if other != index]
        if fails(without):
            left = without
    return left


def _named(
    indexes: tuple[int, ...], rows: Sequence[Row], pool: Sequence[Cell], forms: int, common: int
) -> Conflict:
    if len(indexes) > 1:
        return Conflict(indexes, 0, 0, forms, common)
    (index,) = indexes
    least = rows[index].least
    have = sum(cell.count for cell in pool if index in cell.rows)
    return Conflict(indexes, have, _needed(least, forms, common), forms, common)


def _needed(each: int, forms: int, common: int) -> int:
    """How many questions there must be for so many in each paper."""
    return forms * each - (forms - 1) * min(common, each)
