"""千人千卷: how many questions of each cell every candidate's paper draws, so that all papers keep every row and are
equally hard.

The counts are frozen once for all candidates; chance decides only which questions of a cell. Cells are split by
difficulty, so papers differ by no more than questions of one difficulty do.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random

from quizapp.exams.assembly.cells import Cell, cells, groups_of
from quizapp.exams.assembly.integer_programs import INFINITY
from quizapp.exams.assembly.mixes import Model, mix
from quizapp.exams.blueprint import Enemies, Item, Points, Row, sections
from quizapp.exams.drawing import shuffled, some_of


@dataclass(frozen=True)
class Share:
    """`count` of these revisions stand in every paper; revision_ids in ascending order."""

    revision_ids: tuple[int, ...]
    count: int


@dataclass(frozen=True)
class Plan:
    """What is frozen for an exam. enemies_left: enemy groups of which two questions can still meet in one paper."""

    shares: tuple[Share, ...]
    enemies_left: int = 0


@dataclass(frozen=True)
class Spread:
    """A drawn paper's expected score, in tenths of a 分: its mean over all papers, and their standard deviation."""

    mean: float
    deviation: float


def plan(rows: Sequence[Row], items: Iterable[Item], *, enemies: Enemies = (), seed: str = "") -> Plan | None:
    """The counts nearest to the cells' own sizes (least sum of differences); None when no paper can be made.

    Of each enemy group one question stays in the pool, by a seeded choice; where that would leave too few, as few
    others as possible come back, and the plan says how many groups can meet.
    """
    pool = list(items)
    kept = _peaceful(pool, enemies, seed)
    split = cells(rows, pool, finer=_difficulty)
    if mix(rows, split) is None:
        return None
    usable = kept | _needed_back(rows, split, kept, seed)
    peaceful = cells(rows, (item for item in pool if item.revision_id in usable), finer=_difficulty)
    counts = _nearest(rows, peaceful)
    shares = [
        Share(tuple(item.revision_id for item in cell.items), count)
        for cell, count in zip(peaceful, counts, strict=True)
        if count
    ]
    drawable = {revision_id for share in shares for revision_id in share.revision_ids}
    return Plan(tuple(shares), sum(len(group & drawable) > 1 for group in enemies))


def draw(frozen: Plan, random: Random) -> list[int]:
    """The revisions of one paper, share by share."""
    return [
        revision_id
        for share in frozen.shares
        for revision_id in some_of(share.revision_ids, share.count, random)
    ]


def spread(frozen: Plan, items: Iterable[Item], points: Points) -> Spread:
    """Exact, from drawing without replacement in each share (Cochran, Sampling Techniques, 1977, theorem 2.2)."""
    worth = {item.revision_id: item.expected * points.get(item.kind, 0) for item in items}
    mean = variance = 0.0
    for share in frozen.shares:
        scores = [worth[revision_id] for revision_id in share.revision_ids]
        middle, size = sum(scores) / len(scores), len(scores)
        mean += share.count * middle
        if size > 1:
            own = sum((score - middle) ** 2 for score in scores) / (size - 1)
            variance += share.count * (1 - share.count / size) * own
    return Spread(mean, sqrt(variance))


def _difficulty(item: Item) -> int:
    return item.difficulty


def _peaceful(pool: Sequence[Item], enemies: Enemies, seed: str) -> set[int]:
    """Revisions without enemies, and of the others as many, in an order of chance, as do not meet one already kept."""
    groups, met = groups_of(enemies), Counter[int]()
    ids = sorted(item.revision_id for item in pool)
    kept = {revision_id for revision_id in ids if revision_id not in groups}
    for revision_id in shuffled([one for one in ids if one in groups], Random(f"{seed}/enemies")):
        if not any(met[group] for group in groups[revision_id]):
            kept.add(revision_id)
            met.update(groups[revision_id])
    return kept


def _needed_back(rows: Sequence[Row], split: Sequence[Cell], kept: set[int], seed: str) -> set[int]:
    """As few of the questions that were left out as a paper needs, by a seeded choice within each cell."""
    model = Model(rows, split, 0)
    counts, back = model.papers(1, range(len(rows))), []
    for cell, column in zip(split, counts, strict=True):
        there = sum(item.revision_id in kept for item in cell.items)
        returned = model.program.column(0, cell.count - there, 1.0)
        model.program.row(-INFINITY, there, [(column, 1.0), (returned, -1.0)])
        back.append(returned)
    values = model.program.solve().values
    if values is None:
        raise ValueError("the whole pool makes a paper, so a solution exists")
    found: set[int] = set()
    for cell, returned in zip(split, back, strict=True):
        out = [item.revision_id for item in cell.items if item.revision_id not in kept]
        found |= set(shuffled(out, Random(f"{seed}/back"))[: int(values[returned])])
    return found


def _nearest(rows: Sequence[Row], pool: Sequence[Cell]) -> list[int]:
    """Whole counts that keep the rows with the least sum of |count − section · share of the kind's pool|."""
    model, totals, sizes = Model(rows, pool, 0), sections(rows), Counter[str]()
    for cell in pool:
        sizes[cell.items[0].kind] += cell.count
    columns = model.papers(1, range(len(rows)))
    for cell, column in zip(pool, columns, strict=True):
        kind = cell.items[0].kind
        aim = totals[kind] * cell.count / sizes[kind]
        off = model.program.column(0, INFINITY, 1.0, whole=False)
        model.program.row(-INFINITY, aim, [(column, 1.0), (off, -1.0)])
        model.program.row(aim, INFINITY, [(column, 1.0), (off, 1.0)])
    values = model.program.solve().values
    if values is None:
        raise ValueError("the pool makes a paper, so a solution exists")
    return [int(values[column]) for column in columns]
