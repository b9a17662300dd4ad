"""试题分析 of an exam as a workbook: the questions, the test's figures, and what they mean."""

from collections.abc import Sequence
from typing import Any

from quizapp import dates
from quizapp.analysis import explaining, flags
from quizapp.analysis.numbers import cell
from quizapp.analysis.queries import ItemLine, Standing
from quizapp.exams.models import Exam
from quizapp.spreadsheets import Sheet

HEADINGS = (
    *("题序", "编号", "题型", "题干", "分值", "答卷", "原难度", "难度系数（得分率）", "标准差", "区分度"),
    *("鉴别效率", "应占权重", "有效权重", "猜测分", "Rasch难度", "Rasch标准误", "提示"),
)
WIDTHS = (6, 14, 10, 50, 6, 8, 8, 12, 10, 10, 10, 10, 10, 10, 12, 12, 40)


def sheets(
    exam: Exam,
    standing: Standing,
    lines: Sequence[ItemLine],
    scales: Sequence[tuple[str, str]],
    *,
    keys: bool,
) -> list[Sheet]:
    """scales: (bank, how the Rasch values stand to its scale). keys: whether the reader may know what speaks for and
    against single options."""
    return [
        Sheet(
            "试题", HEADINGS, [_row(line, keys=keys) for line in lines], WIDTHS, text_columns=(1, 2, 3, 16)
        ),
        Sheet(
            "试卷", ("指标", "数值", "含义", "处理办法"), _figures(standing), (16, 12, 60, 60), (0, 1, 2, 3)
        ),
        Sheet("说明", (), _about(exam, standing, scales), (20, 90), (0, 1)),
    ]


def _row(line: ItemLine, *, keys: bool) -> list[Any]:
    item = line.item
    said = [evidence if keys else flags.WORDS[code] for code, _, evidence in item.told]
    return [
        *(item.position, line.code, line.kind_word, line.stem, item.points / 10, item.sheets),
        *(line.difficulty, cell(item.facility)),
        cell(None if item.deviation is None else item.deviation / 10),
        *(cell(item.discrimination), cell(item.efficiency), cell(item.intended), cell(item.effective)),
        *(cell(item.guess), cell(item.rasch), cell(item.rasch_error), " ".join(said)),
    ]


def _figures(standing: Standing) -> list[list[str]]:
    made = standing.statistic
    if made is None or not made.sheets:
        return []
    return [[one.name, one.value, one.meaning, one.advice] for one in explaining.figures(made.whole)]


def _about(exam: Exam, standing: Standing, scales: Sequence[tuple[str, str]]) -> list[list[str]]:
    made = standing.statistic
    at = dates.minute(made.made_at) if made and made.made_at else "尚未计算"
    rows = [["考试", exam.title], ["计算时间", at], ["答卷", str(made.sheets if made else 0)]]
    if standing.stale:
        rows.append(["注意", "计算之后成绩、答案或名单有变动，数字已过时。"])
    rows += [[f"Rasch难度，题库“{bank}”", words] for bank, words in scales]
    return [*rows, *([name, words] for name, words in explaining.COLUMNS.items())]
