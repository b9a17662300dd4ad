"""The heat maps of an exam and a unit: 按日完成进度, and 按章得分率 for who may see 成绩."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for

from quizapp import clock, config
from quizapp.errors import not_found
from quizapp.exams import windows
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people.access import acting_as
from quizapp.replica import from_replica
from quizapp.reports import access, apart, heat, heat_queries, queries
from quizapp.reports.models import ExamHeat
from quizapp.reports.pages import bp


@bp.get("/reports/exams/<int:exam_id>/heat", endpoint="index_heat")
@acting_as(*access.COMPLETION)
@from_replica
def heat_map(exam_id: int) -> Any:
    """Units by day, or units by chapter; a hundred units on a page."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    scores = access.may_see_scores(unit.unit_id)
    by = request.args.get("by", "day")
    if by not in ("day", "chapter") or (by == "chapter" and not scores):
        not_found()
    stored = heat_queries.stored(exam_id, unit)
    shown = (
        {} if stored is None else _by_day(exam, unit, stored) if by == "day" else _by_chapter(unit, stored)
    )
    rows = shown.pop("rows", [])
    pages = max(1, -(-len(rows) // heat.PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)

    def here(**changes: Any) -> str:
        asked: dict[str, Any] = {"exam_id": exam_id, "unit": unit.unit_id, "by": by} | changes
        return url_for(".index_heat", **asked)

    return render_template(
        "reports/heat.html",
        exam=exam,
        unit=unit,
        scores=scores,
        by=by,
        stored=stored,
        over=windows.state_of(exam, clock.now()) in ("closed", "released"),
        smallest=config.value("SMALLEST_GROUP"),
        total=len(rows),
        rows=rows[heat.PAGE * (page - 1) : heat.PAGE * page],
        page=page,
        pages=pages,
        here=here,
        path_links=[(above.name, here(unit=above.unit_id)) for above in queries.path_to(exam_id, unit)],
        **shown,
    )


def _by_day(exam: Exam, unit: ExamUnit, stored: ExamHeat) -> dict[str, Any]:
    days = heat.columns(stored.first, _last_day(exam, stored))
    found = heat_queries.days(unit, stored, days)
    heads = heat.months(days)
    return {
        "rows": found.rows,
        "whole": found.whole,
        "days": days,
        "months": heads,
        "tints": heat.legend(heat.OF_DAYS),
    }


def _last_day(exam: Exam, stored: ExamHeat) -> date:
    """Until today, or the last day on which one could sit it; whoever came later is seen all the same."""
    if exam.closes_at is None:
        raise ValueError("a published exam has a window")
    closes = clock.today(exam.closes_at - windows.INSTANT)
    finished = [n for n, count in enumerate(stored.days) if count]
    last = stored.first.toordinal() + (finished[-1] if finished else 0)
    return max(min(clock.today(clock.now()), closes), date.fromordinal(last))


def _by_chapter(unit: ExamUnit, stored: ExamHeat) -> dict[str, Any]:
    columns = heat_queries.columns(stored)
    smallest = config.value("SMALLEST_GROUP")
    found = heat_queries.chapters(unit, stored, [column.key for column in columns], smallest)
    if not stored.chapters or found is None:
        return {}
    left_out = apart.boards([unit.exam_id]).get((unit.exam_id, unit.unit_id))
    return {
        "rows": found.rows,
        "whole": found.whole,
        "columns": columns,
        "tints": heat.legend(heat.OF_SCORES),
        "left_out": f"不含本单位领导班子成员{left_out.listed}人，其成绩由上级单位查看。" if left_out else "",
    }
