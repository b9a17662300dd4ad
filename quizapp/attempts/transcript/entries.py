"""学法档案: one line for each exam that is over for a person, by year. Pure.

What stands there: exams with what came of them, 补考, 免考 and 缓考, certificates. What never does: minutes, sign-ins,
places in a list, points for being there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

AHEAD = ("未开始", "进行中")  # states of a candidate that belong to 我的考试, not here
GONE = {"voided": "已作废", "cancelled": "已取消"}  # of an exam


@dataclass(frozen=True)
class Entry:
    """One exam of a person. points: tenths of a 分, none where there are none or they are not shown yet."""

    exam_id: int
    year: int
    title: str
    purpose: str  # 年度考试, in words
    makeup: bool
    unit: str  # in which the person was counted
    day: str  # of handing in, otherwise the window
    status: str  # 已交卷, 缺考, 免考, 缓考, 已作废, 已取消
    points: int | None
    passed: bool
    band: str
    score_later: str  # when the score shows, where it does not yet
    certificate: str  # the number of the one that stands, or ""
    certificate_title: str
    fallen: tuple[tuple[str, str], ...] = ()  # number, 已撤销 or 已更正
    may_take: bool = False

    @property
    def result(self) -> str:
        """合格, 未达到合格线, or how it stands with the exam."""
        if self.points is None:
            return self.status
        return "合格" if self.passed else "未达到合格线"


def status(of_candidate: str, exam_state: str) -> str:
    """The word for an exam; "" for one that is still ahead."""
    if exam_state in GONE:
        return GONE[exam_state]
    return "" if of_candidate in AHEAD else of_candidate


def by_year(entries: Iterable[Entry]) -> list[tuple[int, list[Entry]]]:
    """The years, newest first, each with its exams in the order in which they came."""
    ordered = sorted(entries, key=lambda one: -one.year)
    return [(year, list(group)) for year, group in groupby(ordered, key=lambda one: one.year)]
