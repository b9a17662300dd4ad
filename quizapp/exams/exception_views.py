"""例外记录 of an exam, as a page and as a workbook."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from quizapp import clock, dates, spreadsheets
from quizapp.bank.access import exam_is_running
from quizapp.exams import access, exception_log, queries
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, makers

HEADER = ("时间", "办理人", "事项", "考生", "单位", "内容", "原因", "另一人")
WIDTHS = (18, 12, 20, 12, 24, 36, 36, 16)


def _keys(exam: Exam) -> bool:
    """Whether the reader may see keys of this exam now: nobody who sits one, nobody to whom a bank was lent without."""
    return not exam_is_running() and not queries.hides_keys(exam, current_user.id)


@bp.get("/exams/<int:exam_id>/exceptions")
@makers
def exception_record(exam_id: int) -> Any:
    exam, page = access.published_or_404(exam_id), max(request.args.get("page", 1, int), 1)
    rows, total = exception_log.lines(exam.id, page=page, keys=_keys(exam))
    return render_template(
        "exams/exceptions.html",
        exam=exam,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // exception_log.PAGE)),
    )


@bp.get("/exams/<int:exam_id>/exceptions.xlsx")
@makers
def exception_file(exam_id: int) -> Any:
    """The whole record as an Excel sheet."""
    exam = access.published_or_404(exam_id)
    lines, _ = exception_log.lines(exam.id, size=spreadsheets.ROWS, keys=_keys(exam))
    rows = [
        (dates.minute(one.at), one.by, one.act, one.candidate, one.unit, one.told, one.reason, one.second)
        for one in lines
    ]
    book = spreadsheets.workbook([spreadsheets.Sheet("例外记录", HEADER, rows, WIDTHS, (0,))])
    return spreadsheets.download(book, f"例外记录_{exam.title}_{clock.today():%Y%m%d}.xlsx")
