"""What the trainer sees of assembled papers: how hard they are, what they cover, what they share, what a rule cost."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from quizapp.exams.assembly.cells import cells
from quizapp.exams.assembly.costs import MARK, ONE, worn, worth
from quizapp.exams.assembly.selection import Task, row_costs
from quizapp.exams.blueprint import Enemies, Item, Points, Row, chapter_order, tallies
from quizapp.figures import ratio

Article = tuple[str, str]  # regulation, number


@dataclass(frozen=True)
class PaperFigures:
    """expected: the score of a usual candidate, and deviation: by how much one sitting strays from it by chance.

    Both in ten-thousandths of a 分; the deviation takes answers to be independent of each other. wear: worn
    questions, in thousandths. counts: questions for each row of the blueprint.
    """

    expected: int
    deviation: float
    wear: int
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """papers in their order. articles: how often each comes up in each paper, in reading order, articles that come
    up in none left out. shared: shared[a][b] questions stand in both papers; shared[a][a] in paper a at all.
    """

    papers: tuple[PaperFigures, ...]
    articles: dict[Article, tuple[int, ...]]
    shared: tuple[tuple[int, ...], ...]

    @property
    def difference(self) -> int:
        """Between the highest and the lowest expected score, in ten-thousandths of a 分."""
        scores = [paper.expected for paper in self.papers]
        return max(scores) - min(scores)


def report(
    rows: Sequence[Row], items: Iterable[Item], points: Points, forms: Sequence[Sequence[int]]
) -> Report:
    """The figures of papers (revision ids), as of `items`. Raises KeyError for a revision that is none of them."""
    by_id = {item.revision_id: item for item in items}
    papers = [[by_id[revision_id] for revision_id in form] for form in forms]
    covered = [Counter((item.regulation, item.article) for item in paper if item.article) for paper in papers]
    seen = {article for counts in covered for article in counts}
    order = sorted(seen, key=lambda article: (article[0], chapter_order(article[1])))
    return Report(
        tuple(_figures(rows, paper, points) for paper in papers),
        {article: tuple(counts[article] for counts in covered) for article in order},
        tuple(tuple(len(set(one) & set(other)) for other in forms) for one in forms),
    )


def _figures(rows: Sequence[Row], paper: Sequence[Item], points: Points) -> PaperFigures:
    unit = MARK // 10  # a tenth of a 分
    chance = sum((points.get(i.kind, 0) * unit) ** 2 * i.expected * (1 - i.expected) for i in paper)
    expected = sum(worth(item, points) for item in paper)
    return PaperFigures(expected, sqrt(chance), sum(map(worn, paper)), tuple(tallies(rows, paper)))


def costs_of_rows(
    rows: Sequence[Row],
    items: Iterable[Item],
    points: Points,
    *,
    forms: int = 1,
    enemies: Enemies = (),
    common: int = 0,
    target: int | None = None,
) -> list[int]:
    """How much cheaper the papers could be without each row, in thousandths of a worn question; sections: 0.

    A bound of the relaxed task: what a row costs at least. The blueprint must be possible.
    """
    shared = common if forms > 1 else 0
    return row_costs(Task(rows, cells(rows, items, enemies), points, forms, shared, target))


def cost_in_words(cost: int) -> str:
    """What a row costs: 没有代价, or 多用相当于1.2道旧题."""
    return f"多用相当于{ratio(cost, ONE, scale=1)}道旧题" if cost * 20 >= ONE else "没有代价"
