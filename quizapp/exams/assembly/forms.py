"""Parallel forms: several papers of one blueprint, equally hard, without a question in two of them.

Work goes in steps that depend on nothing but the input and the seed: a first set, the cheapest questions by HiGHS,
rounds of swapping, a proof. A deadline or a stop only says after which step to end, and the result tells how many
were done: the same input, seed and number of steps give the same papers again, however fast the machine is.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from quizapp.exams.assembly.cells import cells
from quizapp.exams.assembly.costs import ALIKE, CLOSE, gap
from quizapp.exams.assembly.feasibility import Conflict, conflict
from quizapp.exams.assembly.integer_programs import Undecided
from quizapp.exams.assembly.mixes import mix
from quizapp.exams.assembly.proving import proven
from quizapp.exams.assembly.selection import Task, cheapest
from quizapp.exams.assembly.swapping import Board, dealt, descend, kick
from quizapp.exams.blueprint import KINDS, Enemies, Item, Points, Row, chapter_order

ROUNDS = 30  # of swapping in a row that found nothing better
FORMS = 20  # at most
Progress = Callable[[int, int, float], bool]  # cost, bound (thousandths of a worn question), seconds → stop?


class Impossible(ValueError):
    """No such papers can be made; conflicts say why (empty where only an exhausted search says so)."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__("no such papers can be made")
        self.conflicts = conflicts


@dataclass(frozen=True)
class Assembled:
    """forms: revision ids in the order of a paper. cost and bound: thousandths of a worn question (see `costs`).

    difference: between the highest and the lowest expected score (and the target), in ten-thousandths of a 分.
    steps: how many it took; finished: whether no step was left. seconds: on the clock.
    """

    forms: tuple[tuple[int, ...], ...]
    cost: int
    bound: int
    difference: int
    steps: int
    finished: bool
    seconds: float

    @property
    def gap(self) -> float:
        """By how much a cheaper set may exist at most: a share of the cost, or of one worn question if more."""
        return gap(self.cost, self.bound)


def assemble(
    rows: Sequence[Row],
    items: Iterable[Item],
    points: Points,
    *,
    seed: str,
    forms: int = 1,
    enemies: Enemies = (),
    common: int = 0,
    target: int | None = None,
    deadline: float | None = None,
    steps: int | None = None,
    on_progress: Progress | None = None,
    timer: Callable[[], float] = time.monotonic,
) -> Assembled:
    """Papers that keep every row, at the least cost found. Raises Impossible; ValueError for 0 or above 20 forms.

    common: how many questions may stand in all of the papers (no other question stands in two). target: expected
    score in ten-thousandths of a 分 that the papers should have, such as that of the exam they follow. deadline: in
    seconds. steps: end after so many, whatever the clock says. The first set is made in any case.
    """
    if not 1 <= forms <= FORMS:
        raise ValueError(f"1 to {FORMS} forms, not {forms}")
    pool, shared = list(items), common if forms > 1 else 0
    clock = _Clock(timer, deadline, on_progress)
    task = Task(rows, cells(rows, pool, enemies), points, forms, shared, target)
    found = mix(rows, task.pool, forms=forms, common=shared)
    if found is None:
        raise Impossible(conflict(rows, pool, forms=forms, enemies=enemies, common=shared))
    random = Random(f"{seed}/forms")
    work = _Work(dealt(task, found, random), random, clock, steps)
    work.run()
    return work.result()


class _Clock:
    """Whether to stop: the deadline has passed, or whoever watches asks for it."""

    def __init__(self, timer: Callable[[], float], deadline: float | None, watch: Progress | None) -> None:
        self._timer, self._began, self._deadline, self._watch = timer, timer(), deadline, watch
        self.stopped = False

    def seconds(self) -> float:
        return self._timer() - self._began

    def stop(self, cost: int, bound: int) -> bool:
        seconds = self.seconds()
        if self._watch is not None and self._watch(cost, bound, seconds):
            self.stopped = True
        if self._deadline is not None and seconds >= self._deadline:
            self.stopped = True
        return self.stopped


class _Work:
    """The steps after the first, one after the other, and the best set so far."""

    def __init__(self, first: Board, random: Random, clock: _Clock, most: int | None) -> None:
        self._task, self._random, self._clock, self._most = first.task, random, clock, most
        self._best, self._cost, self._bound = first, first.cost(), 0
        self._steps, self._finished = 1, False

    def run(self) -> None:
        """Every step, until the work is finished, stopped, or as many steps are done as were asked for."""
        todo = iter(self._work())
        try:
            while not self._ends():
                if (step := next(todo, None)) is None:
                    self._finished = True
                    return
                step()
                self._steps += 1
        except Undecided:  # stopped inside HiGHS: that step was not done
            if not self._clock.stopped:
                raise

    def _ends(self) -> bool:
        return self._stop() or (self._most is not None and self._steps >= self._most)

    def _work(self) -> Iterable[Callable[[], None]]:
        yield self._select
        idle = 0
        while idle < ROUNDS and self._cost.difference > ALIKE:
            before = self._cost
            yield self._swap
            idle = 0 if self._cost < before else idle + 1
        if gap(self._cost.total, self._bound) > CLOSE:
            yield self._prove

    def _select(self) -> None:
        try:
            found = cheapest(self._task, stop=self._stop)
        except Undecided:
            if self._clock.stopped:
                raise
            return  # the nodes allowed were not enough: swapping goes on from the first set
        if found is not None:
            self._bound = found.bound
            self._keep(dealt(self._task, found.mix, self._random, found))

    def _swap(self) -> None:
        board = self._best.copy()
        if self._steps > 2:  # the first descent starts from what was selected
            kick(board, self._random)
        descend(board)
        self._keep(board)

    def _prove(self) -> None:
        try:
            board, bound = proven(self._best, stop=self._stop)
        except Undecided:
            if self._clock.stopped:
                raise
            return
        self._bound = max(self._bound, bound)
        self._keep(board)

    def _keep(self, board: Board) -> None:
        cost = board.cost()
        if cost < self._cost:
            self._best, self._cost = board, cost

    def _stop(self) -> bool:
        return self._clock.stop(self._cost.total, self._bound)

    def result(self) -> Assembled:
        """The best set, each paper in its order."""
        papers = tuple(
            tuple(item.revision_id for item in sorted(paper, key=_reading_order))
            for paper in self._best.papers()
        )
        return Assembled(
            papers,
            cost=self._cost.total,
            bound=self._bound,
            difference=self._cost.difference,
            steps=self._steps,
            finished=self._finished,
            seconds=self._clock.seconds(),
        )


def _reading_order(item: Item) -> tuple[int, str, tuple[int, int], tuple[int, int], int]:
    places = chapter_order(item.chapter), chapter_order(item.article)
    return KINDS.index(item.kind), item.regulation, *places, item.revision_id
