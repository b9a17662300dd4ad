"""The pages of 试题分析: all exams, one exam with its questions, computing anew, the table as a file."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.analysis import (  # noqa: F401 - hang their pages, commands and the minute's work in
    access,
    bank_scales,
    cli,
    difficulty_views,
    explaining,
    files,
    flags,
    item_views,
    jobs,
    numbers,
    queries,
    radar,
    radar_views,
)
from quizapp.analysis.pages import bp, makers
from quizapp.db import db
from quizapp.exams import windows
from quizapp.exams.assembling import form_name
from quizapp.exams.models import Exam
from quizapp.exams.steps import columns, step_names
from quizapp.spreadsheets import download, workbook

LONGEST = 60  # characters of words that are looked for


@bp.get("/analysis/")
@makers
def index() -> Any:
    """All exams that the person administers, with what their figures say."""
    now, page = clock.now(), max(1, request.args.get("page", 1, int))
    lines, total = queries.exams(now, page)
    return render_template(
        "analysis/index.html",
        lines=lines,
        states=[windows.state_of(line.exam, now) for line in lines],
        page=page,
        pages=max(1, -(-total // queries.PAGE)),
        total=total,
        words=windows.STATES,
        numbers=numbers,
    )


@bp.get("/exams/<int:exam_id>/analysis")
@makers
def exam(exam_id: int) -> Any:
    """The figures of the test, its forms, and the table of its questions."""
    exam = access.exam_or_404(exam_id)
    standing, now = queries.standing(exam_id), clock.now()
    wanted = _wanted()
    lines, total = queries.items(exam_id, wanted)
    made = standing.statistic if standing.made else None
    counts = queries.flag_counts(exam_id)
    keys = bool(access.with_keys([exam]))
    return render_template(
        "analysis/exam.html",
        exam=exam,
        state=windows.state_of(exam, now),
        standing=standing,
        made=made,
        figures=explaining.figures(made.whole) if made and made.sheets else [],
        steps=_steps(made.whole) if made and made.sheets else [],
        forms=_forms(made.forms) if made else [],
        scales=bank_scales.of_exam(exam_id) if made else [],
        lines=lines,
        total=total,
        pages=max(1, -(-total // queries.PAGE)),
        wanted=wanted,
        sorts=queries.SORTS,
        flags=flags.WORDS,
        counts=counts,
        keys=keys,
        suspects=sum(one.checked is None for one in radar.suspects(exam_id)) if keys else 0,
        explained=explaining,
        numbers=numbers,
        address=lambda **changes: _address(exam, wanted, **changes),
    )


def _wanted() -> queries.Wanted:
    """What the table is asked for; what makes no sense is left out."""
    asked = request.args
    sort, flag = asked.get("sort", "position"), asked.get("flag", "")
    return queries.Wanted(
        sort=sort if sort.removeprefix("-") in queries.SORTS else "position",
        flag=flag if flag in flags.WORDS else "",
        words=asked.get("q", "").strip()[:LONGEST],
        page=max(1, asked.get("page", 1, int)),
    )


def _address(exam: Exam, wanted: queries.Wanted, **changes: Any) -> str:
    """The table otherwise sorted or narrowed; it starts at its first page again."""
    asked = {"sort": wanted.sort, "flag": wanted.flag, "q": wanted.words} | changes
    given = {name: value for name, value in asked.items() if value and value != "position"}
    return url_for("analysis.exam", exam_id=exam.id, _anchor="items", **given)


def _steps(whole: dict[str, Any]) -> list[dict[str, Any]]:
    return columns(whole["steps"], step_names(whole["full"]))


def _forms(stored: list[Any]) -> list[dict[str, Any]]:
    """Forms and their links in words."""
    return [
        {
            **one,
            "name": form_name(one["x"]["number"]),
            "first": form_name(one["y"]["number"]),
            "words": explaining.form_in_words(
                form_name(one["x"]["number"]), form_name(one["y"]["number"]), one["shift"], one["shift_error"]
            ),
        }
        for one in stored
    ]


@bp.post("/exams/<int:exam_id>/analysis/compute")
@makers
def compute(exam_id: int) -> Any:
    """Ask for the figures anew; the page of the job shows how far it is."""
    exam = access.exam_or_404(exam_id)
    job = jobs.request(exam.id, url=url_for("analysis.exam", exam_id=exam.id), person_id=current_user.id)
    db.session.commit()
    return redirect(url_for("home.job", token=job.token), 303)


@bp.get("/exams/<int:exam_id>/analysis/items.xlsx")
@makers
def items_file(exam_id: int) -> Any:
    """The table of all questions, as it stands, as an Excel file."""
    exam = access.exam_or_404(exam_id)
    lines, _ = queries.items(exam_id, queries.Wanted(), size=None)
    sheets = files.sheets(
        exam,
        queries.standing(exam_id),
        lines,
        [(one.bank, one.words) for one in bank_scales.of_exam(exam_id)],
        keys=bool(access.with_keys([exam])),
    )
    return download(workbook(sheets), f"{exam.title}试题分析.xlsx")
