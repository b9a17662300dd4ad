"""Which questions are the cheapest that can make N papers: decided by HiGHS over cells, proven for all papers together.

Within a cell the least worn questions are taken, so only counts are decided; the counts of all papers together are
decided first and then divided, which nearly always works. Equal expected scores are left to `swapping`: whatever
they cost comes on top, so the bound holds.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from quizapp.exams.assembly.cells import Cell
from quizapp.exams.assembly.costs import MARK, ONE, PER_EXCESS, TOLERANCE, worn, worth
from quizapp.exams.assembly.integer_programs import INFINITY, Solved, Values
from quizapp.exams.assembly.mixes import Mix, Model, Stop
from quizapp.exams.blueprint import Points, Row

Step = tuple[int, int]  # wear, and what the question is worth (0 where no target asks for it)
_CLEARLY = 1e-4  # what a bound may lack by arithmetic


@dataclass(frozen=True)
class Task:
    """What is asked of assembly. target: expected score in ten-thousandths of a 分 that papers should have."""

    rows: Sequence[Row]
    pool: Sequence[Cell]
    points: Points
    forms: int
    common: int
    target: int | None = None

    def step(self, cell: Cell, place: int) -> Step:
        item = cell.items[place]
        return worn(item), worth(item, self.points) if self.target is not None else 0


@dataclass(frozen=True)
class Selection:
    """A mix, and how many of each step a cell gives; bound: no set of papers costs less."""

    mix: Mix
    steps: Sequence[Mapping[Step, float]]
    bound: int


def cheapest(task: Task, *, stop: Stop | None = None) -> Selection | None:
    """The cheapest questions; None when HiGHS cannot divide them. Raises `integer_programs.Undecided`."""
    together = Cheapest(task, [task.forms])
    solved = together.solve(stop)
    if solved.values is None:
        return None
    totals, steps = together.counts(solved.values), together.steps_taken(solved.values)
    for evenly in (True, False):
        if divided := _divided(task, totals, evenly, stop):
            return Selection(divided, steps, _whole(solved.bound))
    apart = Cheapest(task, [1] * task.forms)
    solved = apart.solve(stop)
    if solved.values is None:
        return None
    common, *own = apart.counts(solved.values)
    return Selection(Mix(common, tuple(own)), apart.steps_taken(solved.values), _whole(solved.bound))


@dataclass
class Cheapest:
    """The program, by what it costs. blocks: how many papers each set of count columns stands for, [3] or [1, 1, 1]."""

    task: Task
    blocks: Sequence[int]
    model: Model = field(init=False)
    papers: list[list[int]] = field(init=False)
    own: list[dict[Step, int]] = field(init=False)
    shared: list[dict[Step, int]] = field(init=False)

    def __post_init__(self) -> None:
        task = self.task
        self.model = Model(task.rows, task.pool, task.common)
        self.papers = [self.model.papers(count, range(len(task.rows))) for count in self.blocks]
        self.own, self.shared = [], []
        for place, cell in enumerate(task.pool):
            self._cell(place, cell)
        if task.target is not None:
            self._aim(task.target)

    def solve(self, stop: Stop | None) -> Solved:
        return self.model.program.solve(stop=stop)

    def counts(self, values: Values) -> list[tuple[int, ...]]:
        """Common questions of each cell, then those of each block."""
        common = self.model.common or []
        found = [tuple(int(values[column]) for column in columns) for columns in (common, *self.papers)]
        return [found[0] or (0,) * len(self.task.pool), *found[1:]]

    def steps_taken(self, values: Values) -> list[dict[Step, float]]:
        found: list[dict[Step, float]] = []
        for own, shared in zip(self.own, self.shared, strict=True):
            taken: defaultdict[Step, float] = defaultdict(float)
            for columns in (own, shared):
                for step, column in columns.items():
                    taken[step] += float(values[column])
            found.append(dict(taken))
        return found

    def _cell(self, place: int, cell: Cell) -> None:
        program, forms = self.model.program, self.task.forms
        sizes: defaultdict[Step, int] = defaultdict(int)
        for index in range(cell.count):
            sizes[self.task.step(cell, index)] += 1
        own = {step: program.column(0, size, step[0], whole=False) for step, size in sizes.items()}
        taken = [(columns[place], -1.0) for columns in self.papers]
        program.row(0, 0, [*((column, 1.0) for column in own.values()), *taken])
        shared: dict[Step, int] = {}
        if self.model.common:
            for step, size in sizes.items():
                shared[step] = program.column(0, size, step[0] + (forms - 1) * ONE, whole=False)
                program.row(0, size, [(own[step], 1.0), (shared[step], 1.0)])
            counted = (self.model.common[place], -1.0)
            program.row(0, 0, [*((column, 1.0) for column in shared.values()), counted])
        self.own.append(own)
        self.shared.append(shared)

    def _aim(self, target: int) -> None:
        """The papers' mean, in 分, is off the target by less than their largest difference from it."""
        program, forms = self.model.program, self.task.forms
        terms = [(column, step[1] / MARK) for own in self.own for step, column in own.items()]
        terms += [(column, forms * step[1] / MARK) for one in self.shared for step, column in one.items()]
        excess = program.column(0, INFINITY, PER_EXCESS * MARK, whole=False)
        allowed, aim = forms * TOLERANCE / MARK, forms * target / MARK
        program.row(-INFINITY, aim + allowed, [*terms, (excess, -float(forms))])
        program.row(aim - allowed, INFINITY, [*terms, (excess, float(forms))])


def row_costs(task: Task) -> list[int]:
    """What each row costs, in thousandths of a worn question: how much cheaper papers could be without it.

    From the relaxed program of all papers together. Sections cost nothing: without them there is no paper.
    """
    asked = Cheapest(task, [task.forms])
    program = asked.model.program
    whole = program.solve(relaxed=True)
    found = [0] * len(task.rows)
    for index, row in enumerate(task.rows):
        place = asked.model.row_at[index]
        if row.section or whole.prices is None or not whole.prices[place]:
            continue  # what has no price changes nothing when it goes
        kept = program.row_lows[place], program.row_highs[place]
        program.row_lows[place], program.row_highs[place] = -INFINITY, INFINITY
        found[index] = max(0, round(whole.cost - program.solve(relaxed=True).cost))
        program.row_lows[place], program.row_highs[place] = kept
    return found


def _divided(task: Task, totals: Sequence[Sequence[int]], evenly: bool, stop: Stop | None) -> Mix | None:
    """The counts of all papers together, divided so that each paper keeps the rows; evenly: as alike as can be."""
    common, all_own = totals
    model = Model(task.rows, task.pool, task.common)
    papers = [model.papers(1, range(len(task.rows))) for _ in range(task.forms)]
    program = model.program
    for place, column in enumerate(model.common):
        program.lows[column] = program.highs[column] = common[place]
    for place, total in enumerate(all_own):
        for columns in papers if evenly else ():
            program.lows[columns[place]] = total // task.forms
            program.highs[columns[place]] = ceil(total / task.forms)
        program.row(total, total, [(columns[place], 1.0) for columns in papers])
    values = program.solve(stop=stop).values
    if values is None:
        return None
    own = tuple(tuple(int(values[column]) for column in columns) for columns in papers)
    return Mix(tuple(common), own)


def _whole(bound: float) -> int:
    """Costs are whole, so a bound may be rounded up."""
    return max(0, ceil(bound - _CLEARLY))
