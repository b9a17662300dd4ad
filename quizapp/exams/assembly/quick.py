"""Quick fill of a blueprint: chapters in the proportions of the bank, and a least number for every chapter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.blueprint import KINDS, Item, Row, chapter_order, of_grid, sections

Place = tuple[str, str]  # regulation ("" where the pool has only one), chapter


def like_the_bank(totals: Mapping[str, int], items: Iterable[Item]) -> list[Row]:
    """Chapter rows for each kind (kind → questions) in the proportions of the pool, by the largest remainder.

    The rows of a kind add up to its total; questions that stand in no chapter take no part. A kind of which the
    chapters have fewer questions than its total gets no rows.
    """
    pool, found = list(items), []
    for kind in (kind for kind in KINDS if totals.get(kind)):
        sizes = _places([item for item in pool if item.kind == kind], pool)
        if sum(sizes.values()) >= totals[kind]:
            shares = _largest_remainder(sizes, totals[kind])
            found += [Row(kind, *place, least=count, most=count) for place, count in shares.items() if count]
    return found


def every_chapter(rows: Sequence[Row], items: Iterable[Item], *, at_least: int = 2) -> list[Row]:
    """The rows, and for every chapter a row of any kind with at least so many questions, unless rows see to it.

    A chapter with fewer questions of the paper's kinds is asked for all that it has.
    """
    kinds, found = sections(rows), list(rows)
    pool = [item for item in items if item.kind in kinds]
    for place, size in _places(pool, pool).items():
        wanted, plain = min(at_least, size), Row("", *place)
        own = next((row for row in found if replace(row, least=0, most=None) == plain), None)
        if own is None and wanted > _sure(found, place):
            found.append(replace(plain, least=wanted))
        elif own and wanted > max(own.least, _sure(found, place)) and own.holds(wanted):
            found[found.index(own)] = replace(own, least=wanted)
    return found


def _sure(rows: Sequence[Row], place: Place) -> int:
    """How many questions the rows of one kind in one chapter see to, all kinds together."""
    return sum(
        max([row.least for row in rows if replace(row, least=0, most=None) == Row(kind, *place)], default=0)
        for kind in KINDS
    )


def _places(some: Sequence[Item], pool: Sequence[Item]) -> dict[Place, int]:
    """How many of some questions stand in each chapter, in reading order."""
    several = len({item.regulation for item in pool}) > 1
    sizes = Counter((item.regulation if several else "", item.chapter) for item in some if item.chapter)
    return dict(sorted(sizes.items(), key=lambda entry: (entry[0][0], chapter_order(entry[0][1]))))


def _largest_remainder(sizes: Mapping[Place, int], total: int) -> dict[Place, int]:
    """Whole shares of the total in proportion to the sizes, none larger than its size (total ≤ sum of sizes)."""
    whole = sum(sizes.values())
    shares = {place: total * size // whole for place, size in sizes.items()}
    short = total - sum(shares.values())
    for place in sorted(sizes, key=lambda place: -(total * sizes[place] % whole))[:short]:
        shares[place] += 1
    return shares


# Proposals for a new exam, each worth 100分: questions and tenths of a 分 by kind. The first that the bank serves.
PROPOSALS: Sequence[tuple[Mapping[str, int], Mapping[str, int]]] = (
    ({"single": 30, "multiple": 10, "judge": 20}, {"single": 20, "multiple": 20, "judge": 10}),
    ({"single": 20, "multiple": 10, "judge": 15}, {"single": 20, "multiple": 30, "judge": 20}),
    ({"single": 20, "multiple": 5, "judge": 10}, {"single": 30, "multiple": 40, "judge": 20}),
    ({"single": 10, "multiple": 5, "judge": 10}, {"single": 50, "multiple": 60, "judge": 20}),
    ({"single": 6, "multiple": 2, "judge": 4}, {"single": 100, "multiple": 100, "judge": 50}),
)


def proposal(items: Iterable[Item]) -> tuple[list[Row], dict[str, int]]:
    """Rows and points of the largest proposal that this pool serves; points without rows when it serves none."""
    pool = list(items)
    for numbers, points in PROPOSALS:
        rows = of_grid({(kind, ""): count for kind, count in numbers.items()})
        if not conflict(rows, pool):
            return rows, dict(points)
    return [], dict(PROPOSALS[0][1])
