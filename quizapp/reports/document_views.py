"""The documents of an exam and a unit: 汇总表, 成绩名册 and 通报, to look at and to keep."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request

from quizapp import clock, dates
from quizapp.errors import Refused, not_found
from quizapp.exams import windows
from quizapp.exams.access import SCORES
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people.access import acting_as
from quizapp.replica import from_replica
from quizapp.reports import access, apart, queries
from quizapp.reports.documents import files
from quizapp.reports.documents.form import Form
from quizapp.reports.documents.score_list import Line, score_list
from quizapp.reports.documents.summary import summary
from quizapp.reports.pages import bp

MOST_ON_PAPER = 3000  # people in one PDF: about 130 pages


def _asked(exam_id: int) -> tuple[Exam, ExamUnit]:
    """The exam and the unit of a request, for whom they are; anything else answers 404."""
    return access.exam_or_404(exam_id), access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))


def _facts(exam: Exam, unit: ExamUnit, now: datetime) -> Sequence[tuple[str, str]]:
    if exam.opens_at is None or exam.closes_at is None:
        raise ValueError("a published exam has a window")
    return (
        ("单位", unit.name),
        ("考试时间", f"{dates.day(exam.opens_at)}至{dates.closing(exam.closes_at)}"),
        ("数据截止时间", dates.minute(now)),
    )


def summary_of(exam: Exam, unit: ExamUnit, now: datetime) -> Form:
    """The 汇总表 of a unit and each unit below it."""
    report = apart.unit_report(exam.id, unit)
    return summary(
        exam.title,
        _facts(exam, unit, now),
        report.whole,
        report.parts,
        over=windows.state_of(exam, now) in ("closed", "released"),
        scores=access.may_see_scores(unit.unit_id),
    )


def score_list_of(exam: Exam, unit: ExamUnit, now: datetime) -> Form:
    """The 成绩名册 of a unit and all below it."""
    people = queries.everybody(exam, unit, now)
    lines = (
        Line(line.unit, who.name, who.post, line.status, who.points, who.passed, line.shown)
        for line, who in ((line, line.candidate) for line in people)
    )
    return score_list(exam.title, _facts(exam, unit, now), lines)


@bp.get("/reports/exams/<int:exam_id>/documents", endpoint="index_documents")
@acting_as(*access.COMPLETION)
@from_replica
def documents(exam_id: int) -> Any:
    """What can be printed of an exam, for this unit."""
    exam, unit = _asked(exam_id)
    return render_template(
        "reports/documents.html",
        exam=exam,
        unit=unit,
        now=clock.now(),
        scores=access.may_see_scores(unit.unit_id),
        most=MOST_ON_PAPER,
    )


@bp.get("/reports/exams/<int:exam_id>/summary.<any(docx, xlsx, pdf):kind>", endpoint="index_summary")
@acting_as(*access.COMPLETION)
@from_replica
def summary_file(exam_id: int, kind: str) -> Any:
    form = summary_of(*_asked(exam_id), clock.now())
    return files.sent(files.form_file(form, "汇总表", kind), form.title, kind)


@bp.get("/reports/exams/<int:exam_id>/scores.<any(xlsx, pdf):kind>", endpoint="index_scores")
@acting_as(*SCORES)
@from_replica
def score_file(exam_id: int, kind: str) -> Any:
    """Names with scores: for whom they are; for others the list does not exist."""
    exam, unit = _asked(exam_id)
    if not access.may_see_scores(unit.unit_id):
        not_found()
    form = score_list_of(exam, unit, clock.now())
    if kind == "pdf" and len(form.rows) > MOST_ON_PAPER:
        raise Refused(
            "too_many",
            f"本册有{len(form.rows)}人，PDF最多{MOST_ON_PAPER}人，没有生成文件。",
            "请改用Excel，或进入下级单位后分别生成。",
        )
    return files.sent(files.form_file(form, "成绩名册", kind), form.title, kind)
