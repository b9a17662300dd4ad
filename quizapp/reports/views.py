"""Completion of exams and of daily quizzes: for a unit and each unit below it, down to names; as page and as file."""

from datetime import date, timedelta

from flask import render_template, request, url_for

from quizapp import clock, config, dates
from quizapp.attempts.certificates import queries as certificates
from quizapp.errors import not_found
from quizapp.exams import windows
from quizapp.exams.steps import columns, step_names
from quizapp.people.access import acting_as
from quizapp.replica import from_replica
from quizapp.reports import (  # noqa: F401 - hang their commands and the minute's work in
    access,
    apart,
    api,  # noqa: F401 - hangs its views into bp
    certificate_views,  # noqa: F401 - hangs its pages into bp
    charts,
    circular_views,  # noqa: F401 - hangs its pages into bp
    cli,
    comparing,
    completion,
    daily,
    document_views,  # noqa: F401 - hangs its pages into bp
    explaining,
    files,
    forecasting,
    heat_views,
    jobs,
    queries,
    reminding,
)
from quizapp.reports.archive import cli as archive_cli  # noqa: F401 - hangs its command into that of exams
from quizapp.reports.archive import views as archive_views  # noqa: F401 - hangs its pages into bp
from quizapp.reports.pages import bp
from quizapp.reports.reminders import views as reminder_views
from quizapp.reports.study import briefing_views, map_views  # noqa: F401 - hang their pages into bp
from quizapp.spreadsheets import CSV, Sheet, csv_bytes, download, large_workbook, workbook


@bp.get("/reports/")
@acting_as(*access.COMPLETION)
@from_replica
def index():
    lines = queries.exams_in_reach(clock.now())
    scores = access.sees_scores_everywhere()
    hidden = apart.by_exam([line.exam.id for line in lines] if scores else [])
    return render_template("reports/index.html", lines=lines, scores=scores, hidden=hidden)


@bp.get("/reports/exams/<int:exam_id>", endpoint="index_exam")
@acting_as(*access.COMPLETION)
@from_replica
def exam(exam_id):
    """The figures of a unit and of each unit below it; what was scored only for who may see scores."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    scores, now = access.may_see_scores(unit.unit_id), clock.now()
    state = windows.state_of(exam, now)
    over = state in ("closed", "released")
    report = apart.unit_report(exam_id, unit)
    whole, parts = report.whole.counts, report.parts

    def below(row):
        return url_for(".index_exam", exam_id=exam_id, unit=row.unit_id) if not row.own else None

    return render_template(
        "reports/exam.html",
        exam=exam,
        unit=unit,
        scores=scores,
        whole=whole,
        parts=parts,
        figures=explaining.of_scores(report.figures, over=over)
        if scores
        else explaining.of_completion(whole, over=over),
        left_out=completion.without(report.whole.apart) if scores else "",
        bars=charts.bars(parts, below, scores=scores),
        foot=charts.bar(report.foot, scores=scores),
        path_links=[
            (above.name, url_for(".index_exam", exam_id=exam_id, unit=above.unit_id))
            for above in queries.path_to(exam_id, unit)
        ],
        waiting=access.waiting_excuses(exam),
        certificates=scores and (exam.certificates or certificates.any_made(exam.id)),
        definitions=completion.DEFINITIONS if scores else completion.DEFINITIONS_OF_COMPLETION,
        state=state,
        lacking="缺考" if over else "未考",
        now=now,
        **progress_by_day(exam, unit, whole, now),
        **spread_shown(exam, report if scores else None),
        **comparison(exam, unit, report.figures, scores=scores),
    )


def progress_by_day(exam, unit, whole, now):
    """The running count, and while the exam runs the day on which it will be complete."""
    days = queries.finished_by_day(exam.id, unit)
    said = ""
    if windows.state_of(exam, now) == "running" and whole.expected:
        said = forecasting.sentence(
            days,
            whole.expected,
            opened=clock.today(exam.opens_at),
            today=clock.today(now),
            closes=clock.today(exam.closes_at - windows.INSTANT),
        )
    return {"days": days, "forecast": said, **charts.running_count(days, whole.expected)}


def spread_shown(exam, report):
    """Distribution, 成绩等级 and 人员类别; nothing for who may not see scores or before the job has been there."""
    if report is None or report.spread is None:
        return {"steps": [], "levels": [], "categories": []}
    return {
        "steps": columns(report.spread.steps, step_names(exam.figures["full"])),
        "levels": charts.levels(report.spread.levels, exam.bands, exam.pass_mark),
        "categories": charts.categories(report.everybody.categories, report.spread.categories),
    }


def comparison(exam, unit, this, *, scores):
    """Beside another exam of the same kind: the one chosen, otherwise the newest before this."""
    choices = queries.comparable(exam, unit.unit_id)
    wanted = request.args.get("with", type=int)
    other = next((one for one in choices if one.id == wanted), choices[0] if choices else None)
    rows = []
    if other is not None:
        there = access.exam_unit_or_404(other.id, unit.unit_id)
        rows = comparing.rows(this, apart.figures(other.id, there), scores=scores)
    return {"choices": choices, "other": other, "compared": rows}


@bp.get("/reports/exams/<int:exam_id>/people", endpoint="index_exam_people")
@acting_as(*access.COMPLETION)
@from_replica
def exam_people(exam_id):
    """Names: who has sat it, who has not yet, who is excluded and why the figures leave them out."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    only, words = request.args.get("only", "open"), request.args.get("q", "").strip()
    page, now = max(1, request.args.get("page", 1, int)), clock.now()
    whole, parts = queries.unit_rows(exam_id, unit)
    lines, total = queries.people(exam, unit, whole, only=only, words=words, page=page, now=now)
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
        lacking="缺考" if windows.state_of(exam, now) in ("closed", "released") else "未考",
        scores=access.may_see_scores(unit.unit_id) and only != "open",
        below=[part for part in parts if not part.own],
        path_links=[
            (above.name, url_for(".index_exam_people", exam_id=exam_id, unit=above.unit_id, only=only))
            for above in queries.path_to(exam_id, unit)
        ],
        now=now,
        remind_url=reminder_views.way(exam, unit, now),
        **reminders(exam, unit, whole, parts, lines if only == "open" and not words else [], now),
    )


def reminders(exam, unit, whole, parts, lines, now):
    """While the exam runs: a text with counts for groups, and one with names when all of them stand on this page."""
    if windows.state_of(exam, now) != "running" or not whole.missing:
        return {"for_groups": "", "with_names": ""}
    when = {"closes_at": exam.closes_at, "now": now}
    named = [(line.unit, line.candidate.name) for line in lines] if len(lines) == whole.missing else []
    return {
        "for_groups": reminding.for_groups(exam.title, unit.name, whole, parts, **when),
        "with_names": reminding.with_names(exam.title, named, **when) if named else "",
    }


@bp.get("/reports/people/<int:person_id>", endpoint="index_person")
@acting_as(*access.COMPLETION)
@from_replica
def person(person_id):
    """The exams of one person that count in the reader's units; each score only where the reader may see it."""
    now = clock.now()
    lines = queries.exams_of(person_id, now)
    if not lines:
        not_found()
    own = certificates.own([one.line.candidate.id for one in lines if one.line.shown], now)
    return render_template("reports/person.html", lines=lines, own=own, now=now)


@bp.get("/reports/exams/<int:exam_id>/file.<any(xlsx, csv):kind>", endpoint="index_exam_file")
@acting_as(*access.COMPLETION)
@from_replica
def exam_file(exam_id, kind):
    """The same figures as a workbook (.xlsx) or as a table of text (.csv)."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    sheets = files.sheets(exam, unit, clock.now())
    if kind == "csv":
        return download(csv_bytes(sheets[0].header, sheets[0].rows), f"{exam.title}完成情况.csv", CSV)
    return download(large_workbook(sheets), f"{exam.title}完成情况.xlsx")


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
    report = queries.daily_rows(unit, first, last, clock.now(), smallest=smallest)
    shows_names = config.value("DAILY_NAMES")
    return render_template(
        "reports/daily.html",
        unit=unit,
        first=first,
        last=last,
        whole=report.whole,
        parts=report.parts,
        smallest=smallest,
        path=queries.units_above(unit),
        names=queries.daily_names(unit, first, last) if shows_names else [],
        reason=config.value("DAILY_NAMES_REASON") if shows_names else "",
        definitions=daily.DEFINITIONS,
        as_of=report.as_of,
    )


@bp.get("/reports/daily/file.<any(xlsx, csv):kind>", endpoint="index_daily_file")
@acting_as(*access.COMPLETION)
@from_replica
def daily_file(kind):
    unit = access.unit_or_404(request.args.get("unit", type=int))
    first, last = period()
    smallest = config.value("SMALLEST_GROUP")
    report = queries.daily_rows(unit, first, last, clock.now(), smallest=smallest)
    rows = daily.sheet_rows([report.whole, *report.parts], smallest)
    name = f"{unit.name}日常测验{first:%Y%m%d}-{last:%Y%m%d}"
    if kind == "csv":
        return download(csv_bytes(daily.HEADINGS, rows), f"{name}.csv", CSV)
    about = [
        ["单位", unit.name],
        ["起止日期", f"{dates.day(first)}至{dates.day(last)}"],
        ["数据截至", dates.minute(report.as_of)],
        ["口径", daily.DEFINITIONS],
    ]
    sheets = [
        Sheet("日常测验", daily.HEADINGS, rows, widths=[26, 18, *[11] * 6]),
        Sheet("说明", [], about, [12, 90]),
    ]
    return download(workbook(sheets), f"{name}.xlsx")
