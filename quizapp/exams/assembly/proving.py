"""The whole task as one program for HiGHS: which question stands in which paper. For what swapping left unproven.

Exact, but large: it is tried where the program stays small, for a fixed number of nodes. HiGHS gets no set to start
from: version 1.16 gave one back as the optimum although it had proven a cheaper one (see docs/decisions.md).
"""

from collections import defaultdict
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
    solved = program.model.program.solve(nodes=NODES, stop=stop)
    if solved.values is None:
        return board, 0
    found = board_of(board.task, program.holders(solved.values.tolist()))
    return min(found, board, key=Board.cost), max(0, ceil(solved.bound - _CLEARLY))


class _Exact:
    """Columns: for each group of like questions and each paper, how many; papers in the order of their scores."""

    def __init__(self, board: Board) -> None:
        task = self.task = board.task
        self.model = Model(task.rows, task.pool, task.common)
        self.papers = [self.model.papers(1, range(len(task.rows))) for _ in range(task.forms)]
        self.papers += [self.model.common] if task.common else []
        self.groups: defaultdict[_Alike, list[int]] = defaultdict(list)  # places on the board
        for place, cell in enumerate(board.cell.tolist()):
            self.groups[cell, int(board.wear[place]), int(board.worth[place])].append(place)
        self.taken: dict[tuple[_Alike, int], int] = {}  # group and paper (or all of them) → column
        for alike, places in self.groups.items():
            self._group(alike, len(places))
        self._link()
        self._scores()

    @property
    def columns(self) -> int:
        return len(self.taken)

    def _group(self, alike: _Alike, size: int) -> None:
        program, forms = self.model.program, self.task.forms
        columns = [program.column(0, size, alike[1]) for _ in range(forms)]
        if self.task.common:
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
        program, task = self.model.program, self.task
        low, high = (program.column(0, INFINITY, whole=False) for _ in range(2))
        excess = program.column(0, INFINITY, PER_EXCESS * MARK, whole=False)
        program.row(-INFINITY, TOLERANCE / MARK, [(high, 1.0), (low, -1.0), (excess, -1.0)])
        scores = [self._score(form) for form in range(task.forms)]
        program.row(0, INFINITY, [(high, 1.0), *((column, -weight) for column, weight in scores[-1])])
        program.row(-INFINITY, 0, [(low, 1.0), *((column, -weight) for column, weight in scores[0])])
        for lower, upper in pairwise(scores):
            above = dict(upper)
            for column, weight in lower:
                above[column] = above.get(column, 0.0) - weight
            program.row(0, INFINITY, above.items())
        if task.target is not None:
            program.lows[high] = program.highs[low] = task.target / MARK

    def _score(self, form: int) -> list[tuple[int, float]]:
        held = {form, self.task.forms}
        return [
            (column, alike[2] / MARK)
            for (alike, holder), column in self.taken.items()
            if holder in held and alike[2]
        ]

    def holders(self, values: list[float]) -> list[int]:
        """The paper of each place."""
        holder = [FREE] * sum(map(len, self.groups.values()))
        for alike, places in self.groups.items():
            left = iter(places)
            for form in range(self.task.forms + 1):
                column = self.taken.get((alike, form))
                for _ in range(round(values[column]) if column is not None else 0):
                    holder[next(left)] = form
        return holder
