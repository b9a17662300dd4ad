"""How many questions of each cell make N papers that keep a blueprint: whether there is such a mix, and one of them.

No question stands in two of the papers, except `common` ones: those stand in every paper, up to a number allowed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from quizapp.exams.assembly.cells import Cell
from quizapp.exams.assembly.integer_programs import INFINITY, Program
from quizapp.exams.blueprint import Row

Stop = Callable[[], bool]
_NOUGHT = 1e-6


@dataclass(frozen=True)
class Mix:
    """common: questions of each cell that stand in every paper. own: for each paper, the others of each cell."""

    common: tuple[int, ...]
    own: tuple[tuple[int, ...], ...]


def mix(
    rows: Sequence[Row],
    pool: Sequence[Cell],
    *,
    forms: int = 1,
    common: int = 0,
    only: Collection[int] | None = None,
    stop: Stop | None = None,
) -> Mix | None:
    """Some mix that keeps the rows (those with the indexes `only`, else all); None when there is none.

    Two quick answers come first: papers with one and the same mix, and all papers thrown together, which is
    impossible whenever the papers are. Raises `integer_programs.Undecided`.
    """
    asked = range(len(rows)) if only is None else only
    if same := _same_mix(rows, pool, forms, common, asked, stop):
        return same
    if forms == 1 or not thrown_together(rows, pool, forms, common, asked).possible(stop):
        return None
    return _different_mixes(rows, pool, forms, common, asked, stop)


class Model:
    """A program over cells: columns for common questions and for those of one paper or of several together."""

    def __init__(
        self, rows: Sequence[Row], pool: Sequence[Cell], common: int, *, elastic: bool = False
    ) -> None:
        """elastic: a row may be missed, each question by which it is costs 1."""
        self.program, self._rows, self._pool, self._elastic = Program(), rows, pool, elastic
        self.row_at: dict[int, int] = {}  # row of the blueprint → row of the program, for the last paper
        self.common = [self.program.column(0, min(cell.count, common)) for cell in pool] if common else []
        if common:
            self.program.row(0, common, ((column, 1) for column in self.common))

    def papers(self, count: int, asked: Iterable[int]) -> list[int]:
        """The columns of `count` papers counted together, one for each cell; the rows asked and enemies bind them."""
        columns = [self.program.column(0, cell.count) for cell in self._pool]
        for index in asked:
            row = self._rows[index]
            most = INFINITY if row.most is None else count * row.most
            within = [place for place, cell in enumerate(self._pool) if index in cell.rows]
            terms = self._terms(columns, within, count)
            if self._elastic:
                terms += [(self.program.column(0, INFINITY, 1.0), sign) for sign in (1.0, -1.0)]
            self.row_at[index] = self.program.row(count * row.least, most, terms)
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for place, cell in enumerate(self._pool):
            for group in cell.enemies:
                groups[group].append(place)
        for within in groups.values():
            self.program.row(0, count, self._terms(columns, within, count))
        return columns

    def stock(self, papers: Sequence[Sequence[int]], times: int = 1) -> None:
        """No cell gives more questions than it has; each column of a paper stands for `times` papers."""
        for place, cell in enumerate(self._pool):
            terms = [(columns[place], float(times)) for columns in papers]
            terms += [(self.common[place], 1.0)] if self.common else []
            self.program.row(0, cell.count, terms)

    def _terms(self, columns: Sequence[int], within: Iterable[int], count: int) -> list[tuple[int, float]]:
        terms = [(columns[place], 1.0) for place in within]
        if self.common:
            terms += [(self.common[place], float(count)) for place in within]
        return terms

    def possible(self, stop: Stop | None) -> bool:
        return self.program.solve(stop=stop).values is not None


def thrown_together(
    rows: Sequence[Row], pool: Sequence[Cell], forms: int, common: int, asked: Iterable[int]
) -> Model:
    """The model of all papers counted together: what it cannot do, no papers can."""
    model = Model(rows, pool, common if forms > 1 else 0)
    model.stock([model.papers(forms, asked)])
    return model


def to_blame(rows: Sequence[Row], pool: Sequence[Cell], forms: int, common: int) -> list[int]:
    """Rows that already cannot hold together when questions may be cut in pieces; [] when all can.

    The rows with a price in the elastic program of all papers together: the support of a Farkas certificate.
    """
    model = Model(rows, pool, common if forms > 1 else 0, elastic=True)
    model.stock([model.papers(forms, range(len(rows)))])
    solved = model.program.solve(relaxed=True)
    if solved.prices is None or solved.cost < _NOUGHT:
        return []
    return [index for index, place in model.row_at.items() if abs(float(solved.prices[place])) > _NOUGHT]


def _same_mix(
    rows: Sequence[Row],
    pool: Sequence[Cell],
    forms: int,
    common: int,
    asked: Iterable[int],
    stop: Stop | None,
) -> Mix | None:
    model = Model(rows, pool, common if forms > 1 else 0)
    columns = model.papers(1, asked)
    model.stock([columns], forms)
    return _read(model, [columns] * forms, stop)


def _different_mixes(
    rows: Sequence[Row],
    pool: Sequence[Cell],
    forms: int,
    common: int,
    asked: Iterable[int],
    stop: Stop | None,
) -> Mix | None:
    model = Model(rows, pool, common)
    papers = [model.papers(1, asked) for _ in range(forms)]
    model.stock(papers)
    return _read(model, papers, stop)


def _read(model: Model, papers: Sequence[Sequence[int]], stop: Stop | None) -> Mix | None:
    values = model.program.solve(stop=stop).values
    if values is None:
        return None
    counts = values.astype(int).tolist()
    common = [counts[column] for column in model.common] or [0] * len(papers[0])
    return Mix(tuple(common), tuple(tuple(counts[column] for column in paper) for paper in papers))
