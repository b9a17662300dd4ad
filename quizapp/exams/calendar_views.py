"""考试日历: what opens, runs and closes when, for those who make exams."""

from typing import Any

from flask import render_template, request

from quizapp import clock
from quizapp.exams import calendar_queries, holiday_tables, months, windows
from quizapp.exams.models import PURPOSES
from quizapp.exams.months import Month, Run
from quizapp.exams.pages import bp, makers
from quizapp.people import access as people_access

SHOWN = 3  # exams of one day of the grid before the rest is counted
TONES = {"draft": "", "published": "brand", "running": "ok", "closed": "", "released": ""}


@bp.get("/exams/calendar")
@makers
def calendar() -> Any:
    now = clock.now()
    month = Month.named(request.args.get("month", "")) or Month.of(clock.today(now))
    purpose = request.args.get("purpose", "")
    purpose = purpose if purpose in PURPOSES else ""
    weeks = month.weeks
    first, last = weeks[0][0], weeks[-1][-1]
    listed = {exam.id: (exam, unit) for exam, unit in calendar_queries.exams(first, last, purpose)}
    runs = [
        Run(exam.id, exam.opens_at, exam.closes_at)
        for exam, _ in listed.values()
        if exam.opens_at is not None and exam.closes_at is not None
    ]
    days = months.by_day(runs, first, last)
    return render_template(
        "exams/calendar.html",
        month=month,
        weeks=weeks,
        today=clock.today(now),
        days=days,
        exams=listed,
        running=[listed[run.exam_id] for run in runs if run.meets(month.first, month.last)],
        states={exam.id: windows.state_of(exam, now) for exam, _ in listed.values()},
        words=windows.STATES,
        tones=TONES,
        purposes=PURPOSES,
        purpose=purpose,
        holidays=holiday_tables.names(first, last),
        hours=windows.hours_in_words,
        shown=SHOWN,
        edges=[
            (day, [entry for entry in entries if entry[1] != "进行中"])
            for day, entries in days.items()
            if month.first <= day <= month.last
        ],
        administers="administrator" in people_access.roles(),
    )
