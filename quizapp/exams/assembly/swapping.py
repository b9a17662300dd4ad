"""A seeded search that makes the papers equally hard: questions change places, every row keeps holding.

Questions of one cell change places between two papers, or with one that stands in none; where that is not enough,
questions of different cells do, if both papers still keep every row and every peace between enemies.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import numpy.typing as npt

from quizapp.exams.assembly.costs import ONE, PER_EXCESS, TOLERANCE, Cost, of_difference, worn, worth
from quizapp.exams.assembly.mixes import Mix
from quizapp.exams.assembly.selection import Selection, Task
from quizapp.exams.blueprint import MOST, Item
from quizapp.exams.drawing import shuffled

Whole = npt.NDArray[np.int64]
FREE = -1
KICKS = 4  # random swaps before a new descent
_NEVER = np.iinfo(np.int64).max
_SCALE = 10**9  # larger than any difference: costs first, then differences


@dataclass
class Board:
    """Every question of the pool and the paper that holds it: a number, FREE, or `forms` for all of them."""

    task: Task
    items: list[Item]
    cell: Whole
    worth: Whole
    wear: Whole
    counts_for: Whole  # question × row: 1 where it counts
    holder: Whole

    def copy(self) -> "Board":
        """The same questions in the same papers, free to change."""
        return replace(self, holder=self.holder.copy())

    def score(self) -> Whole:
        """Expected scores of the papers, in ten-thousandths of a 分."""
        common = self.worth[self.holder == self.task.forms].sum()
        return np.array([self.worth[self.holder == form].sum() + common for form in range(self.task.forms)])

    def cost(self) -> Cost:
        shared = int((self.holder == self.task.forms).sum())
        worn_out = int(self.wear[self.holder != FREE].sum()) + shared * (self.task.forms - 1) * ONE
        difference = spread_of(self.score(), self.task.target)
        return Cost(worn_out + of_difference(difference), difference)

    def papers(self) -> list[list[Item]]:
        """The questions of each paper, common ones included."""
        return [
            [self.items[place] for place in np.flatnonzero(np.isin(self.holder, (form, self.task.forms)))]
            for form in range(self.task.forms)
        ]


def spread_of(scores: Whole, target: int | None) -> int:
    """The largest difference between any two of the papers, the target counting as one more."""
    known = [*scores.tolist(), *([] if target is None else [target])]
    return int(max(known) - min(known))


def dealt(task: Task, mix: Mix, random: Random, chosen: Selection | None = None) -> Board:
    """Papers with this mix: of each cell the questions chosen or the least worn, by chance between equals."""
    holder: list[int] = []
    for place, cell in enumerate(task.pool):
        order = _preferred(task, place, random, chosen)
        hands = [task.forms] * mix.common[place]
        hands += [form for form, own in enumerate(mix.own) for _ in range(own[place])]
        given = dict(zip(shuffled(order[: len(hands)], random), hands, strict=True))
        holder += [given.get(index, FREE) for index in range(cell.count)]
    return board_of(task, holder)


def board_of(task: Task, holder: Sequence[int]) -> Board:
    """The pool, cell by cell, with the paper that holds each question."""
    items = [item for cell in task.pool for item in cell.items]
    counts = [[index in cell.rows for index in range(len(task.rows))] for cell in task.pool]
    sizes = [cell.count for cell in task.pool]
    return Board(
        task,
        items,
        np.repeat(np.arange(len(task.pool)), sizes),
        np.array([worth(item, task.points) for item in items], np.int64),
        np.array([worn(item) for item in items], np.int64),
        np.repeat(np.array(counts, np.int64).reshape(len(sizes), len(task.rows)), sizes, axis=0),
        np.array(holder, np.int64),
    )


def _preferred(task: Task, place: int, random: Random, chosen: Selection | None) -> list[int]:
    """The questions of a cell, the one to take first in front."""
    cell = task.pool[place]
    left = dict(chosen.steps[place]) if chosen else {}
    ranks: dict[int, tuple[float, int, int]] = {}
    for index in shuffled(range(cell.count), random):
        step = task.step(cell, index)
        ranks[index] = (-min(1.0, round(left.get(step, 0.0), 6)), step[0], len(ranks))
        left[step] = max(0.0, left.get(step, 0.0) - 1)
    return sorted(ranks, key=lambda index: ranks[index])


# Moves ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """Two questions change places; value: costs × _SCALE + difference after it."""

    value: int
    one: int
    other: int


def descend(board: Board) -> None:
    """The best move again and again, as long as one makes the set cheaper, or more alike at the same cost."""
    while move := _better(board):
        one, other = move.one, move.other
        board.holder[one], board.holder[other] = board.holder[other], board.holder[one]


def _better(board: Board) -> Move | None:
    """The best move of the gentlest sort that has a good one: swaps wear out nothing, so they come first."""
    now, scores = board.cost(), board.score()
    ends = sorted({int(scores.argmax()), int(scores.argmin())})
    pairs = sorted({(min(a, b), max(a, b)) for a in ends for b in range(board.task.forms) if a != b})
    sorts: list[Iterable[Iterator[Move]]] = [
        (_swaps(board, pair, scores, now, apart=False) for pair in pairs),
        (_exchanges(board, form, scores, now) for form in ends),
    ]
    if now.difference > TOLERANCE:
        sorts.insert(1, (_swaps(board, pair, scores, now, apart=True) for pair in pairs))
    for sort in sorts:
        move = min((move for moves in sort for move in moves), key=lambda move: move.value, default=None)
        if move and move.value < now.total * _SCALE + now.difference:
            return move
    return None


def kick(board: Board, random: Random) -> None:
    """A few swaps of chance between questions of one cell in two papers."""
    for _ in range(KICKS):
        held = np.flatnonzero((board.holder != FREE) & (board.holder < board.task.forms))
        one = int(held[int(random.random() * len(held))]) if len(held) else 0
        twins = held[(board.cell[held] == board.cell[one]) & (board.holder[held] != board.holder[one])]
        if len(twins):
            other = int(twins[int(random.random() * len(twins))])
            board.holder[one], board.holder[other] = board.holder[other], board.holder[one]


def _exchanges(board: Board, form: int, scores: Whole, now: Cost) -> Iterator[Move]:
    """A question of this paper with one of its cell that stands in none."""
    inside, outside = np.flatnonzero(board.holder == form), np.flatnonzero(board.holder == FREE)
    allowed = board.cell[inside][:, None] == board.cell[outside][None]
    first, second = np.nonzero(allowed)
    one, other = inside[first], outside[second]
    shift = board.worth[other] - board.worth[one]
    more = board.wear[other] - board.wear[one]
    yield from _best(board, now, one, other, more, _differences(board, scores, {form: shift}))


def _swaps(board: Board, pair: tuple[int, int], scores: Whole, now: Cost, *, apart: bool) -> Iterator[Move]:
    """Questions of two papers, of one cell or (apart) of different cells."""
    left, right = (np.flatnonzero(board.holder == form) for form in pair)
    allowed = (
        _fitting(board, pair, left, right) if apart else board.cell[left][:, None] == board.cell[right][None]
    )
    first, second = np.nonzero(allowed)
    one, other = left[first], right[second]
    shift = board.worth[other] - board.worth[one]
    differences = _differences(board, scores, {pair[0]: shift, pair[1]: -shift})
    yield from _best(board, now, one, other, np.zeros_like(shift), differences)


def _differences(board: Board, scores: Whole, shifts: dict[int, Whole]) -> Whole:
    """The largest difference after each of many moves, that shift some papers' scores."""
    rest = [int(score) for form, score in enumerate(scores) if form not in shifts]
    rest += [] if board.task.target is None else [board.task.target]
    after = np.array([scores[form] + shift for form, shift in shifts.items()])
    high, low = after.max(axis=0), after.min(axis=0)
    return np.maximum(high, max(rest, default=-_NEVER)) - np.minimum(low, min(rest, default=_NEVER))


def _best(
    board: Board, now: Cost, one: Whole, other: Whole, more: Whole, differences: Whole
) -> Iterator[Move]:
    if len(one) == 0:
        return
    worn_out = now.total - of_difference(now.difference) + more
    costs = worn_out + PER_EXCESS * np.maximum(0, differences - TOLERANCE)
    values = costs * _SCALE + differences
    best = int(values.argmin())
    yield Move(int(values[best]), int(one[best]), int(other[best]))


def _fitting(board: Board, pair: tuple[int, int], left: Whole, right: Whole) -> npt.NDArray[np.bool_]:
    """Which swaps keep every row of both papers and set no enemies together."""
    rows, everywhere = board.task.rows, board.holder == board.task.forms
    low = np.array([row.least for row in rows])
    high = np.array([MOST if row.most is None else row.most for row in rows])
    have = [board.counts_for[(board.holder == form) | everywhere].sum(axis=0) for form in pair]
    change = board.counts_for[right][None] - board.counts_for[left][:, None]
    fits = np.ones(change.shape[:2], bool)
    for after in (have[0] + change, have[1] - change):
        fits &= ((low <= after) & (after <= high)).all(axis=2)
    groups = [board.task.pool[place].enemies for place in board.cell.tolist()]
    _keep_peace(fits, [groups[i] for i in left], [groups[i] for i in right])
    _keep_peace(fits.T, [groups[i] for i in right], [groups[i] for i in left])
    return fits


def _keep_peace(
    fits: npt.NDArray[np.bool_], coming: Sequence[frozenset[int]], there: Sequence[frozenset[int]]
) -> None:
    """Rows of `fits` come to the paper of `there`; whoever meets an enemy there may only take that one's place."""
    present = frozenset[int]().union(*there)
    for place, groups in enumerate(coming):
        if met := groups & present:
            fits[place] &= [met <= leaving for leaving in there]
