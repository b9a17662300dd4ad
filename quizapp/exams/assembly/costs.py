"""What a set of papers costs: worn questions, common questions, and papers that are not equally hard.

Everything is whole numbers, so that a comparison never depends on rounding. A paper's expected score is counted in
ten-thousandths of a 分 (expected share in thousandths × points in tenths); costs in thousandths of a worn question.

- Each question costs its wear. A common question costs a whole worn question for every further paper it stands in:
  it is as well known as one that was used before.
- The difference between the highest and the lowest expected score (and the target, where one is given) costs
  100 worn questions for each 分 beyond 0.05 分. Smaller differences cost nothing: a facility counted from 400 answers
  is itself uncertain by 0.02, which is 0.2 分 over a paper of 100 questions. They only decide between equals.
"""

from dataclasses import dataclass

from quizapp.exams.blueprint import Item, Points

ONE = 1000  # a worn question, in the unit of costs
MARK = 10_000  # a 分, in the unit of expected scores
TOLERANCE = 500  # 0.05 分
ALIKE = 50  # 0.005 分: papers that differ by no more are not made any more alike
PER_EXCESS = 100 * ONE // MARK  # for each ten-thousandth of a 分 beyond the tolerance
CLOSE = 0.02  # a gap that counts as reached


def worth(item: Item, points: Points) -> int:
    """What a usual candidate earns of this question, in ten-thousandths of a 分."""
    return round(item.expected * 1000) * points.get(item.kind, 0)


def worn(item: Item) -> int:
    """The wear of a question, in thousandths."""
    return round(item.wear * ONE)


def of_difference(difference: int) -> int:
    """What papers cost for a difference (ten-thousandths of a 分) between the highest and lowest expected score."""
    return PER_EXCESS * max(0, difference - TOLERANCE)


@dataclass(frozen=True, order=True)
class Cost:
    """The total in thousandths of a worn question, then the difference in ten-thousandths of a 分."""

    total: int
    difference: int


def gap(total: int, bound: int) -> float:
    """By how much a set may be dearer than the cheapest: share of its cost, or of one worn question if that is more."""
    return max(0, total - bound) / max(total, ONE)
