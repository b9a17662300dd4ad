"""What points mean: passed, excellent, and the band (成绩等级). Every mark includes the number itself."""

from collections.abc import Sequence

Band = Sequence[str | int]  # ["良好", 800]: name, tenths of a 分 from which it holds


def passed(points: int, pass_mark: int) -> bool:
    """Whether these points pass: 600 tenths pass a mark of 600. Tenths of a 分."""
    return points >= pass_mark


def excellent(points: int, excellent_mark: int) -> bool:
    """Whether these points count as 优秀 in reports. Tenths of a 分."""
    return points >= excellent_mark


def band(points: int, bands: Sequence[Band]) -> str:
    """The name of the highest band reached, in whatever order the bands stand; "" below all of them."""
    reached = [(int(mark), str(name)) for name, mark in bands if points >= int(mark)]
    return max(reached)[1] if reached else ""
