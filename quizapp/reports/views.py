"""Completion of exams and of daily quizzes: for a unit and each unit below it, down to names; as page and as file."""

from datetime import date, timedelta

from flask import render_template, request, url_for

from quizapp import clock, config, dates, figures
from quizapp.exams import windows
from quizapp.people.access import acting_as
from quizapp.replica import from_replica
from quizapp.reports import (
    access,
    charts,
    circular_views,  # noqa: F401 - hangs its pages into bp
    cli,  # noqa: F401 - hangs its commands into bp
    completion,
    daily,
    document_views,  # noqa: F401 - hangs its pages into bp
    queries,
)
from quizapp.reports.pages import bp
from quizapp.spreadsheets import CSV, Sheet, csv_bytes, download, workbook


@bp.get("/reports/")
@acting_as(*access.COMPLETION)
@from_replica
def index():
    return render_template("reports/index.html", lines=queries.exams_in_reach(clock.now()))


@bp.get("/reports/exams/<int:exam_id>", endpoint="index_exam")
@acting_as(*access.COMPLETION)
@from_replica
def exam(exam_id):
    """The figures of a unit and of each unit below it."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    whole, parts = queries.unit_rows(exam_id, unit)
    days = queries.finished_by_day(exam_id, unit)

    def below(row):
        return url_for(".index_exam", exam_id=exam_id, unit=row.unit_id) if not row.own else None

    return render_template(
        "reports/exam.html",
        exam=exam,
        unit=unit,
        whole=whole,
        parts=parts,
        bars=charts.bars(parts, below),
        foot=charts.bar(completion.UnitRow(unit.unit_id, "合计", False, False, whole)),
        path_links=[
            (above.name, url_for(".index_exam", exam_id=exam_id, unit=above.unit_id))
            for above in queries.path_to(exam_id, unit)
        ],
        days=days,
        **charts.running_count(days, whole.expected),
        definitions=completion.DEFINITIONS,
        state=windows.state_of(exam, clock.now()),
        now=clock.now(),
    )


@bp.get("/reports/exams/<int:exam_id>/people", endpoint="index_exam_people")
@acting_as(*access.COMPLETION)
@from_replica
def exam_people(exam_id):
    """Names: who has sat it, who has not yet, who is excluded and why the figures leave them out."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    only, words = request.args.get("only", "open"), request.args.get("q", "").strip()
    page = max(1, request.args.get("page", 1, int))
    lines, total = queries.people(exam, unit, only=only, words=words, page=page, now=clock.now())
    return render_template(
        "reports/exam_people.html",
        exam=exam,
        unit=unit,
        lines=lines,
        total=total,
        only=only,
        words=words,
        page=page,
        size=queries.PAGE,
        scores=access.may_see_scores(unit.unit_id),
    )


def exam_sheets(exam, unit):
    """The two sheets of the report: figures by unit, and names; scores only for who may see them."""
    now = clock.now()
    whole, parts = queries.unit_rows(exam.id, unit)
    total = completion.UnitRow(unit.unit_id, f"{unit.name}（合计）", False, False, whole)
    lines, _ = queries.people(exam, unit, only="", words="", page=None, now=now)
    scores = access.may_see_scores(unit.unit_id)
    names = [
        [line.unit, line.candidate.name, line.candidate.post, line.status]
        + ([figures.points(line.candidate.points) if line.candidate.sat else ""] if scores else [])
        for line in lines
    ]
    about = [
        ["考试", exam.title],
        ["单位", unit.name],
        ["数据截至", dates.minute(now)],
        ["口径", completion.DEFINITIONS],
    ]
    return [
        Sheet(
            "完成情况", completion.HEADINGS, completion.sheet_rows([total, *parts]), widths=[26, *[11] * 13]
        ),
        Sheet(
            "名单",
            ["单位", "姓名", "职务", "状态", *(["成绩"] if scores else [])],
            names,
            widths=[26, 14, 16, 10, 8],
        ),
        Sheet("说明", [], about, widths=[12, 90]),
    ]


@bp.get("/reports/exams/<int:exam_id>/file.<any(xlsx, csv):kind>", endpoint="index_exam_file")
@acting_as(*access.COMPLETION)
@from_replica
def exam_file(exam_id, kind):
    """The same figures as a workbook (.xlsx) or as a table of text (.csv)."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    sheets = exam_sheets(exam, unit)
    if kind == "csv":
        return download(csv_bytes(sheets[0].header, sheets[0].rows), f"{exam.title}完成情况.csv", CSV)
    return download(workbook(sheets), f"{exam.title}完成情况.xlsx")


def period():
    """The days asked for; without them the last thirty. An end before its beginning is turned round."""
    today = clock.today()
    last = parse_day(request.args.get("to")) or today
    first = parse_day(request.args.get("from")) or last - timedelta(days=29)
    return (first, min(last, today)) if first <= last else (last, min(first, today))


def parse_day(text):
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@bp.get("/reports/daily", endpoint="index_daily")
@acting_as(*access.COMPLETION)
@from_replica
def daily_quizzes():
    """How many take part in the daily quizzes, what they answer right, and mastery; names only by the switch."""
    unit = access.unit_or_404(request.args.get("unit", type=int))
    first, last = period()
    smallest = config.value("SMALLEST_GROUP")
    whole, parts = queries.daily_rows(unit, first, last, clock.now(), smallest=smallest)
    shows_names = config.value("DAILY_NAMES")
    return render_template(
        "reports/daily.html",
        unit=unit,
        first=first,
        last=last,
        whole=whole,
        parts=parts,
        smallest=smallest,
        path=queries.units_above(unit),
        names=queries.daily_names(unit, first, last) if shows_names else [],
        reason=config.value("DAILY_NAMES_REASON") if shows_names else "",
        definitions=daily.DEFINITIONS,
        now=clock.now(),
    )


@bp.get("/reports/daily/file.<any(xlsx, csv):kind>", endpoint="index_daily_file")
@acting_as(*access.COMPLETION)
@from_replica
def daily_file(kind):
    unit = access.unit_or_404(request.args.get("unit", type=int))
    first, last = period()
    smallest = config.value("SMALLEST_GROUP")
    whole, parts = queries.daily_rows(unit, first, last, clock.now(), smallest=smallest)
    rows = daily.sheet_rows([whole, *parts], smallest)
    name = f"{unit.name}日常测验{first:%Y%m%d}-{last:%Y%m%d}"
    if kind == "csv":
        return download(csv_bytes(daily.HEADINGS, rows), f"{name}.csv", CSV)
    about = [
        ["单位", unit.name],
        ["起止日期", f"{dates.day(first)}至{dates.day(last)}"],
        ["口径", daily.DEFINITIONS],
    ]
    sheets = [
        Sheet("日常测验", daily.HEADINGS, rows, widths=[26, 18, *[11] * 6]),
        Sheet("说明", [], about, [12, 90]),
    ]
    return download(workbook(sheets), f"{name}.xlsx")
