"""成绩名册: every candidate of an exam and a unit with the result, in the order of units, posts and names. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

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

Line = tuple[
    str, str, str, str, int | None, bool
]  # unit, name, post, status of exams, tenths of a 分, passed


def score_list(exam: str, facts: Sequence[tuple[str, str]], lines: Iterable[Line]) -> Form:
    """The list. exam: its title; lines: in the order in which they stand there; points only of who sat it."""
    rows = tuple(_row(number, *line) for number, line in enumerate(lines, 1))
    counted = Counter(str(row[4]) for row in rows)
    told = "，".join(
        f"{result}{counted[result]}人" for result in ORDER if counted[result] or result != "未考"
    )
    note = f"注：本册共{len(rows)}人，其中{told}。成绩属于个人信息，仅供工作使用，不得公开张贴或转发。"
    return Form(titled(exam, "成绩名册"), tuple(facts), HEADINGS, rows, note, TEXTS)


def _row(
    number: int, unit: str, name: str, post: str, status: str, points: int | None, passed: bool
) -> tuple[int | str, ...]:
    result = RESULTS.get(status, status)
    sat = result == "已考" and points is not None
    score = figures.points(points) if sat and points is not None else "—"
    return (number, unit, name, post or "—", result, score, ("合格" if passed else "不合格") if sat else "—")
