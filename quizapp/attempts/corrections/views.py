"""更正记录 of an exam, and one correction: what it changes, for whom, and what becomes of it."""

from decimal import Decimal
from typing import Any

from flask import render_template, request
from flask_login import current_user

from quizapp import clock, spreadsheets
from quizapp.attempts.corrections import access, bank_offer, forms, queries, showing, treatments
from quizapp.attempts.corrections.access import correcting
from quizapp.attempts.corrections.models import UNDECIDED
from quizapp.attempts.pages import bp
from quizapp.exams import access as exam_access
from quizapp.exams import bands

HEADER = ("姓名", "单位", "职务", "更正前得分", "更正后得分", "变化", "更正前等级", "更正后等级", "合格变化")
WIDTHS = (14, 30, 16, 12, 12, 10, 12, 12, 16)


@bp.get("/exams/<int:exam_id>/corrections")
@correcting
def corrections(exam_id: int) -> Any:
    """Every run of an exam, the newest first: number, when, who, why, what, how many changed."""
    exam = exam_access.published_or_404(exam_id)
    found = queries.of_exam(exam.id)
    return render_template(
        "attempts/corrections/index.html",
        exam=exam,
        rows=found,
        first=queries.first_run(exam.id),
        current=queries.current_id(exam.id),
        open=next((one for one in found if one.correction.state in UNDECIDED), None),
        policies=treatments.POLICIES,
        states=treatments.STATES,
    )


@bp.get("/exams/<int:exam_id>/corrections/<int:run_id>")
@correcting
def correction(exam_id: int, run_id: int) -> Any:
    """What the rehearsal has found, and what may be done now."""
    told = access.told_or_404(exam_id, run_id)
    exam, effect = told.exam, told.effect
    words, shown, sort = _asked()
    hidden = exam_access.hidden_scores(exam.id) if effect else set()
    page, unit_page = (max(request.args.get(name, 1, int), 1) for name in ("page", "units"))
    rows: list[queries.Change] = []
    total = 0
    units: list[showing.UnitRow] = []
    if effect:
        rows, total = queries.changes(
            exam,
            told.correction.base_id,
            run_id,
            hidden=hidden,
            words=words,
            shown=shown,
            sort=sort,
            page=page,
        )
        units = showing.units(exam, effect)
    asked = showing.questions(told)
    state, progress = told.correction.state, showing.progress(told.correction)
    if state == "approving" and progress is None:  # its job has come to nothing: it can be approved again
        state = "waiting"
    return render_template(
        "attempts/corrections/show.html",
        told=told,
        exam=exam,
        effect=effect,
        questions=asked,
        kpis=showing.kpis(effect) if effect else [],
        bars=showing.bars(effect) if effect else [],
        moves=showing.moves(effect) if effect else [],
        units=units[(unit_page - 1) * showing.UNITS : unit_page * showing.UNITS],
        unit_page=unit_page,
        unit_pages=max(1, -(-len(units) // showing.UNITS)),
        unit_total=len(units),
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // queries.PAGE)),
        words=words,
        shown=shown,
        sort=sort,
        headings=_headings(exam),
        sorts=queries.SORTS,
        hides=bool(hidden),
        own=told.run.created_by_id == current_user.id,
        approvers=queries.approvers(exam, told.run.created_by_id) if state in OPEN else [],
        state=state,
        progress=progress,
        policies=treatments.POLICIES,
        states=treatments.STATES,
        form=forms.SendBackForm(formdata=None),
        signed=showing.signed,
        band=lambda tenths: bands.band(tenths, exam.bands),
        offers=bank_offer.offers(asked) if state == "approved" else [],
    )


OPEN = ("rehearsed", "waiting")


def _headings(exam: Any) -> dict[str, str]:
    return queries.SHOWN | (queries.SHOWN_BAND if exam.bands else {})


def _asked() -> tuple[str, str, str]:
    """(words, heading, order) of the list of people."""
    words, shown = request.args.get("q", "").strip()[:60], request.args.get("shown", "")
    sort = request.args.get("sort", "unit")
    known = queries.SHOWN | queries.SHOWN_BAND
    return words, shown if shown in known else "", sort if sort in queries.SORTS else "unit"


@bp.get("/exams/<int:exam_id>/corrections/<int:run_id>.xlsx")
@correcting
def correction_file(exam_id: int, run_id: int) -> Any:
    """Whoever changes as an Excel sheet, with the units beside it."""
    told = access.told_or_404(exam_id, run_id)
    exam, effect = told.exam, told.effect
    people: list[tuple[Any, ...]] = []
    places: list[tuple[Any, ...]] = []
    if effect:
        hidden = exam_access.hidden_scores(exam.id)
        words, shown, sort = _asked()
        rows, _ = queries.changes(
            exam,
            told.correction.base_id,
            run_id,
            hidden=hidden,
            words=words,
            shown=shown,
            sort=sort,
            page=None,
        )
        people = [_person(row, exam) for row in rows[: spreadsheets.ROWS]]
        places = [
            (one.name, one.sat, one.changed, *one.passed, *one.excellent, *one.mean)
            for one in showing.units(exam, effect)
        ]
    book = spreadsheets.workbook(
        [
            spreadsheets.Sheet("成绩变化", HEADER, people, WIDTHS, ()),
            spreadsheets.Sheet("单位", UNIT_HEADER, places, (30, *[12] * 8), ()),
        ]
    )
    return spreadsheets.download(
        book, f"更正第{told.run.number}次判分_{exam.title}_{clock.today():%Y%m%d}.xlsx"
    )


UNIT_HEADER = (
    *("单位", "实考", "成绩变化", "合格率（前）", "合格率（后）"),
    *("优秀率（前）", "优秀率（后）", "平均分（前）", "平均分（后）"),
)


def _person(row: queries.Change, exam: Any) -> tuple[Any, ...]:
    before, after = row.before, row.after
    names = bands.band(before, exam.bands), bands.band(after, exam.bands)
    passed = bands.passed(before, exam.pass_mark), bands.passed(after, exam.pass_mark)
    crossing = "" if passed[0] == passed[1] else queries.SHOWN["gained" if passed[1] else "lost"]
    return (
        *(row.candidate.name, row.unit, row.candidate.post),
        *(Decimal(tenths) / 10 for tenths in (before, after, row.by)),
        *(*names, crossing),
    )
