"""成绩名册: every candidate of an exam and a unit with the result, in the order of units, posts and names. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp import figures
from quizapp.reports.documents.form import Form, titled

HEADINGS = ("序号", "单位", "姓名", "职务", "考试情况", "成绩", "是否合格")
TEXTS = (1, 2, 3)
RESULTS = {
    "已交卷": "已考",
    "未开始": "未考",
    "进行中": "未考",
}  # status of exams: result; the others are themselves
ORDER = ("已考", "缺考", "未考", "免考", "缓考")

HIDDEN = "不显示"


@dataclass(frozen=True)
class Line:
    """A candidate. status: of exams; points: tenths of a 分; shown: the reader may see the score."""

    unit: str
    name: str
    post: str
    status: str
    points: int | None
    passed: bool
    shown: bool


def score_list(exam: str, facts: Sequence[tuple[str, str]], lines: Iterable[Line]) -> Form:
    """The list. exam: its title; lines: in the order in which they stand there; points only of who sat it."""
    rows = tuple(row_of(number, line) for number, line in enumerate(lines, 1))
    counted = Counter(str(row[4]) for row in rows)
    told = "，".join(
        f"{result}{counted[result]}人" for result in ORDER if counted[result] or result != "未考"
    )
    note = f"注：本册共{len(rows)}人，其中{told}。成绩属于个人信息，仅供工作使用，不得公开张贴或转发。"
    return Form(titled(exam, "成绩名册"), tuple(facts), HEADINGS, rows, note, TEXTS)


def row_of(number: int, line: Line) -> tuple[int | str, ...]:
    """The cells of one candidate under HEADINGS."""
    result = RESULTS.get(line.status, line.status)
    score, passed = "—", "—"
    if result == "已考" and line.points is not None:
        score, passed = figures.points(line.points), "合格" if line.passed else "不合格"
        if not line.shown:
            score = passed = HIDDEN
    return (number, line.unit, line.name, line.post or "—", result, score, passed)
