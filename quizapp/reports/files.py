"""The report of an exam as sheets for Excel and CSV; they carry what the page carries for the same reader."""

from datetime import datetime

from quizapp import dates
from quizapp.exams.models import Exam, ExamUnit
from quizapp.reports import access, apart, completion, queries
from quizapp.spreadsheets import Sheet


def sheets(exam: Exam, unit: ExamUnit, now: datetime) -> list[Sheet]:
    """Figures by unit, names, and what the figures mean; scores only for who may see them."""
    scores = access.may_see_scores(unit.unit_id)
    report = apart.unit_report(exam.id, unit)
    return [
        _figures(report, scores=scores),
        _names(exam, unit, now, scores=scores),
        _about(exam, unit, now, left_out=completion.without(report.whole.apart), scores=scores),
    ]


def _figures(report: apart.UnitReport, *, scores: bool) -> Sheet:
    head = completion.headings(scores=scores)
    rows = completion.sheet_rows(report.rows, scores=scores)
    return Sheet("完成情况", head, rows, widths=[26, *[11] * (len(head) - 1)])


def _names(exam: Exam, unit: ExamUnit, now: datetime, *, scores: bool) -> Sheet:
    rows = (
        [
            line.unit,
            line.candidate.name,
            line.candidate.post,
            line.status,
            *([_score(line)] if scores else []),
        ]
        for line in queries.everybody(exam, unit, now)
    )
    head = ["单位", "姓名", "职务", "状态", *(["成绩"] if scores else [])]
    return Sheet("名单", head, rows, widths=[26, 14, 16, 10, 8])


def _score(line: queries.PersonLine) -> str:
    return line.score if line.shown and line.candidate.sat else "不显示" if line.candidate.sat else ""


def _about(exam: Exam, unit: ExamUnit, now: datetime, *, left_out: str, scores: bool) -> Sheet:
    rows = [
        ["考试", exam.title],
        ["单位", unit.name],
        ["数据截至", dates.minute(now)],
        ["口径", completion.DEFINITIONS if scores else completion.DEFINITIONS_OF_COMPLETION],
    ]
    if scores and exam.figures_at:
        rows.insert(3, ["中位数截至", dates.minute(exam.figures_at)])
    if scores and left_out:
        rows.append(["成绩范围", left_out])
    return Sheet("说明", [], rows, widths=[12, 90])
