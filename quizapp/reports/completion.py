"""The figures of a completion report, from counters. Pure: one definition for page, chart, Excel and CSV.

应考人数 = 名册人数 − 免考 − 缓考; 实考 = handed in, or closed by time with at least one answer; 参考率 = 实考 ÷ 应考;
合格率 = 合格 ÷ 实考, beside it 应考合格率 = 合格 ÷ 应考; 优秀率 = 优秀 ÷ 实考; 平均分 over 实考.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from quizapp import figures


@dataclass(frozen=True)
class Counts:
    """Counters of some candidates. points: tenths of a 分, summed over 实考."""

    listed: int = 0
    exempt: int = 0
    deferred: int = 0
    expected: int = 0
    started: int = 0
    submitted: int = 0
    passed: int = 0
    excellent: int = 0
    points: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    @property
    def missing(self) -> int:
        """应考 who have not sat it (yet)."""
        return self.expected - self.submitted

    def of(self, only: str) -> int:
        """How many are on a list of names: "open", "done", "excluded", "" for everybody."""
        lists = {"open": self.missing, "done": self.submitted, "excluded": self.exempt + self.deferred}
        return lists.get(only, self.listed)

    @property
    def taken_rate(self) -> Decimal | None:
        return figures.ratio(self.submitted, self.expected)

    @property
    def words(self) -> dict[str, str]:
        """The rates as printed, "—" where nothing was counted."""
        return {
            "参考率": figures.percent(self.submitted, self.expected),
            "合格率": figures.percent(self.passed, self.submitted),
            "应考合格率": figures.percent(self.passed, self.expected),
            "优秀率": figures.percent(self.excellent, self.submitted),
            "平均分": figures.mean_points(self.points, self.submitted),
        }


def words_for(counts: Counts, apart: Counts) -> dict[str, str]:
    """The rates as printed: 参考率 of everybody, what was scored without those who stand apart."""
    return (counts - apart).words | {"参考率": counts.words["参考率"]}


@dataclass(frozen=True)
class Figures:
    """Everything counted of a unit in one exam. middle: see `reports.spread`; none before the job has been there.

    apart: of whom the reader sees no score (see `reports.apart`); `told` are the others.
    """

    counts: Counts
    middle: int | None
    apart: Counts = Counts()

    @property
    def told(self) -> Counts:
        return self.counts - self.apart


@dataclass(frozen=True)
class UnitRow:
    """A unit (with all below it, or alone when `own`) and its figures. apart, told: as in `Figures`."""

    unit_id: int
    name: str
    own: bool  # 本级: its own candidates only
    has_below: bool
    counts: Counts
    middle: int | None = None  # see reports.spread
    apart: Counts = Counts()

    @property
    def told(self) -> Counts:
        return self.counts - self.apart

    @property
    def words(self) -> dict[str, str]:
        """The rates as printed; see `words_for`."""
        return words_for(self.counts, self.apart)

    @property
    def median(self) -> str:
        """中位数 as printed, "—" for nobody."""
        return median(self.middle)


def median(middle: int | None) -> str:
    """A median as printed, from the sum of the two results in the middle (tenths of a 分)."""
    return "—" if middle is None else figures.mean_points(middle, 2)


HEADINGS = [
    "单位",
    "名册人数",
    "免考",
    "缓考",
    "应考人数",
    "实考",
    "未考",
    "参考率",
    "合格人数",
    "合格率",
    "应考合格率",
    "优秀人数",
    "优秀率",
    "平均分",
    "中位数",
]
OF_SCORES = HEADINGS[HEADINGS.index("合格人数") :]  # only for who may see 成绩
DEFINITIONS_OF_COMPLETION = (
    "应考人数＝名册人数－免考－缓考；实考为已交卷或到时自动交卷且至少答了一题的人数；参考率＝实考÷应考人数。"
)
DEFINITIONS = DEFINITIONS_OF_COMPLETION.rstrip("。") + (
    "；合格率＝合格人数÷实考；应考合格率＝合格人数÷应考人数；优秀率＝优秀人数÷实考；平均分按实考人员计算；"
    "中位数为实考人员成绩从低到高排列时居中的成绩，每5分钟更新一次。"
)


def without(apart: Counts) -> str:
    """What the figures of scores leave out, in a sentence; "" for nobody. apart: see `Figures`."""
    if not apart.listed:
        return ""
    return (
        f"合格率、优秀率、平均分、中位数和成绩分布不含本单位领导班子成员{apart.listed}人，其成绩由上级单位查看；"
        "应考人数、实考和参考率包含全部人员。"
    )


def headings(*, scores: bool) -> list[str]:
    """HEADINGS, or only those of 完成情况."""
    return HEADINGS if scores else HEADINGS[: -len(OF_SCORES)]


def sheet_rows(rows: Iterable[UnitRow], *, scores: bool = True) -> list[list[Any]]:
    """The table of the page as rows for Excel and CSV, under `headings`: counts as numbers, rates as printed."""
    return [_sheet_row(row)[: len(headings(scores=scores))] for row in rows]


def _sheet_row(row: UnitRow) -> list[Any]:
    c, told, words = row.counts, row.told, row.words
    return [
        row.name,
        c.listed,
        c.exempt,
        c.deferred,
        c.expected,
        c.submitted,
        c.missing,
        words["参考率"],
        told.passed,
        words["合格率"],
        words["应考合格率"],
        told.excellent,
        words["优秀率"],
        words["平均分"],
        row.median,
    ]


def cumulative(days: dict[date, int]) -> list[tuple[date, int]]:
    """A running count by day from the first to the last, days without anybody included."""
    running, points = 0, []
    for ordinal in range(min(days).toordinal(), max(days).toordinal() + 1) if days else ():
        day = date.fromordinal(ordinal)
        running += days.get(day, 0)
        points.append((day, running))
    return points
