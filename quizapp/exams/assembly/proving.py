"""The whole task as one program for HiGHS: which question stands in which paper. For what swapping left unproven.

Exact, but large: it is tried where the program stays small, from the best set known, for a fixed number of nodes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

from quizapp.exams.assembly.costs import MARK, ONE, PER_EXCESS, TOLERANCE
from quizapp.exams.assembly.integer_programs import INFINITY
from quizapp.exams.assembly.mixes import Model, Stop
from quizapp.exams.assembly.swapping import FREE, Board, board_of

COLUMNS = 6000  # whole columns up to which the program is tried
NODES = 2000
_CLEARLY = 1e-4
_Alike = tuple[int, int, int]  # cell, wear, worth: which of these questions is taken makes no difference


def proven(board: Board, *, stop: Stop | None = None) -> tuple[Board, int]:
    """The best set found from this one, and a bound below every set's cost. Raises `integer_programs.Undecided`."""
    program = _Exact(board)
    if program.columns > COLUMNS:
        return board, 0
    solved = program.model.program.solve(nodes=NODES, stop=stop, start=program.start())
    if solved.values is None:
        return board, 0
    found = board_of(board.task, program.holders(solved.values.tolist()))
    return min(found, board, key=Board.cost), max(0, ceil(solved.bound - _CLEARLY))


def _less(terms: Iterable[tuple[int, float]]) -> Iterator[tuple[int, float]]:
    return ((column, -weight) for column, weight in terms)


@dataclass
class _Exact:
    """Columns: for each group of like questions and each paper, how many; papers in the order of their scores."""

    board: Board
    model: Model = field(init=False)
    groups: dict[_Alike, list[int]] = field(init=False)  # places on the board
    taken: dict[tuple[_Alike, int], int] = field(init=False)  # group and paper (or all of them) → column
    papers: list[list[int]] = field(
        init=False
    )  # column of each cell, paper by paper, those of all papers last
    ends: tuple[int, int, int] = field(init=False)  # lowest and highest score, excess

    def __post_init__(self) -> None:
        task, board = self.board.task, self.board
        self.model = Model(task.rows, task.pool, task.common)
        self.papers = [self.model.papers(1, range(len(task.rows))) for _ in range(task.forms)]
        found: defaultdict[_Alike, list[int]] = defaultdict(list)
        for place, cell in enumerate(board.cell.tolist()):
            found[cell, int(board.wear[place]), int(board.worth[place])].append(place)
        self.groups, self.taken = dict(found), {}
        for alike, places in self.groups.items():
            self._group(alike, len(places))
        self.papers += [self.model.common] if task.common else []
        self._link()
        self._scores()

    @property
    def columns(self) -> int:
        return len(self.taken)

    def _group(self, alike: _Alike, size: int) -> None:
        program, forms = self.model.program, self.board.task.forms
        columns = [program.column(0, size, alike[1]) for _ in range(forms)]
        if self.board.task.common:
            columns.append(program.column(0, size, alike[1] + (forms - 1) * ONE))
        self.taken |= {(alike, holder): column for holder, column in enumerate(columns)}
        program.row(0, size, [(column, 1.0) for column in columns])

    def _link(self) -> None:
        """What a cell gives to a paper is what its groups give."""
        given: defaultdict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
        for (alike, holder), column in self.taken.items():
            given[alike[0], holder].append((column, 1.0))
        for holder, columns in enumerate(self.papers):
            for cell, column in enumerate(columns):
                self.model.program.row(0, 0, [*given[cell, holder], (column, -1.0)])

    def _scores(self) -> None:
        """Papers in ascending order of expected scores (分); beyond the tolerance, the ends' difference costs."""
        program, task = self.model.program, self.board.task
        low, high = (program.column(0, INFINITY, whole=False) for _ in range(2))
        excess = program.column(0, INFINITY, PER_EXCESS * MARK, whole=False)
        program.row(-INFINITY, TOLERANCE / MARK, [(high, 1.0), (low, -1.0), (excess, -1.0)])
        scores = [self._score(form) for form in range(task.forms)]
        program.row(0, INFINITY, [(high, 1.0), *_less(scores[-1])])
        program.row(-INFINITY, 0, [(low, 1.0), *_less(scores[0])])
        for lower, upper in pairwise(scores):
            shift: Counter[int] = Counter()
            shift.update(dict(upper))
            shift.subtract(dict(lower))
            program.row(0, INFINITY, [(column, weight) for column, weight in shift.items() if weight])
        if task.target is not None:
            program.lows[high] = program.highs[low] = task.target / MARK
        self.ends = low, high, excess

    def _score(self, form: int) -> list[tuple[int, float]]:
        held = {form, self.board.task.forms}
        return [
            (column, alike[2] / MARK)
            for (alike, holder), column in self.taken.items()
            if holder in held and alike[2]
        ]

    def start(self) -> list[float]:
        """The board as values of the columns, its papers in ascending order of their scores."""
        board, forms = self.board, self.board.task.forms
        values, scores = [0.0] * len(self.model.program.costs), board.score()
        rank = {form: place for place, form in enumerate(scores.argsort(kind="stable").tolist())}
        for alike, places in self.groups.items():
            for holder in (board.holder[place] for place in places):
                if holder != FREE:
                    new = rank.get(int(holder), forms)
                    values[self.taken[alike, new]] += 1
                    values[self.papers[new][alike[0]]] += 1
        known = [*scores.tolist(), *([] if board.task.target is None else [board.task.target])]
        low, high = min(known) / MARK, max(known) / MARK
        for column, value in zip(self.ends, (low, high, max(0, high - low - TOLERANCE / MARK)), strict=True):
            values[column] = value
        return values

    def holders(self, values: list[float]) -> list[int]:
        """The paper of each place."""
        holder = [FREE] * len(self.board.items)
        for alike, places in self.groups.items():
            left = iter(places)
            for form in range(self.board.task.forms + 1):
                column = self.taken.get((alike, form))
                for _ in range(round(values[column]) if column is not None else 0):
                    holder[next(left)] = form
        return holder
