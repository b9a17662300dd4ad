"""Two exams of a unit beside each other: figures and their difference, no judgement. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from quizapp import figures
from quizapp.reports.completion import Figures, median


@dataclass(frozen=True)
class Compared:
    """One figure of this exam and of the other, as printed, and the change in words."""

    label: str
    now: str
    before: str
    change: str


def rows(now: Figures, before: Figures, *, scores: bool) -> list[Compared]:
    """参考率 and who takes part, and with `scores` what they scored."""
    a, b = now.counts, before.counts
    told, told_before = now.told, before.told
    found = [
        _people("应考人数", a.expected, b.expected),
        _people("实考", a.submitted, b.submitted),
        _rate("参考率", (a.submitted, a.expected), (b.submitted, b.expected)),
    ]
    if not scores:
        return found
    return [
        *found,
        _rate("合格率", (told.passed, told.submitted), (told_before.passed, told_before.submitted)),
        _rate("应考合格率", (told.passed, told.expected), (told_before.passed, told_before.expected)),
        _rate("优秀率", (told.excellent, told.submitted), (told_before.excellent, told_before.submitted)),
        _points("平均分", told.words["平均分"], told_before.words["平均分"]),
        _points("中位数", median(now.middle), median(before.middle)),
    ]


def _people(label: str, now: int, before: int) -> Compared:
    return Compared(label, f"{now}人", f"{before}人", _words(Decimal(now - before), "增加", "减少", "人"))


def _rate(label: str, now: tuple[int, int], before: tuple[int, int]) -> Compared:
    a, b = figures.percent(*now), figures.percent(*before)
    return Compared(label, a, b, _difference(a.rstrip("%"), b.rstrip("%"), "个百分点"))


def _points(label: str, now: str, before: str) -> Compared:
    return Compared(label, now, before, _difference(now, before, "分"))


def _difference(now: str, before: str, unit: str) -> str:
    """Of two printed figures, so that it agrees with what stands beside it."""
    if "—" in (now, before):
        return "—"
    return _words(Decimal(now) - Decimal(before), "上升", "下降", unit)


def _words(by: Decimal, more: str, less: str, unit: str) -> str:
    if by == 0:
        return "持平"
    return f"{more if by > 0 else less}{abs(by)}{unit}"
