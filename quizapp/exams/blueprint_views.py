"""双向细目表: how many questions of what, what they are worth, and how papers come about. Only of a draft."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp.db import db
from quizapp.exams import access, actions, assembling, blueprint, grid, queries
from quizapp.exams.assembling import Pool
from quizapp.exams.assembly import quick
from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.blueprint import Item, Row
from quizapp.exams.forms import BlueprintForm, papers_of
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, makers
from quizapp.figures import points
from quizapp.forms import problems

EVERY_CHAPTER = 2  # questions that the quick fill gives every chapter at least


@bp.route("/exams/<int:exam_id>/blueprint", methods=["GET", "POST"], endpoint="blueprint")
@makers
def edit(exam_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    if exam.state != "draft":
        return redirect(url_for("exams.show", exam_id=exam.id), 303)
    form = BlueprintForm(data=papers_of(exam))
    found, then = assembling.pool(exam), request.form.get("then", "")
    if form.validate_on_submit():
        if then in QUICK:
            form.rows.fill(QUICK[then](blueprint.read(form.rows.data), found.items))
            return _page(exam, form, found)
        actions.replan(exam, form.values(), actor_id=current_user.id)
        db.session.commit()
        flash("已保存题数和组卷方式。", "ok")
        onward = "exams.papers" if then == "papers" else "exams.show"
        return redirect(url_for(onward, exam_id=exam.id), 303)
    page = _page(exam, form, found)
    return page, 422 if form.is_submitted() else 200


def _like_the_bank(rows: Sequence[Row], items: Sequence[Item]) -> list[Row]:
    totals = blueprint.sections(rows)
    kept = [row for row in rows if not (row.kind and row.chapter)]
    return [*kept, *quick.like_the_bank(totals, items)]


def _every_chapter(rows: Sequence[Row], items: Sequence[Item]) -> list[Row]:
    return quick.every_chapter(rows, items, at_least=EVERY_CHAPTER)


def _totals_only(rows: Sequence[Row], _items: Sequence[Item]) -> list[Row]:
    return [row for row in rows if row.section]


QUICK = {"like_bank": _like_the_bank, "chapters": _every_chapter, "clear": _totals_only}


@bp.post("/exams/<int:exam_id>/blueprint/check")
@makers
def blueprint_check(exam_id: int) -> Any:
    """What the page says while a trainer types: the whole paper, and what cannot hold together."""
    exam = access.exam_or_404(exam_id)
    form = BlueprintForm(obj=exam)
    if not form.validate():
        return {"paper": "", "problems": problems(form)}
    return _verdict(exam, form, assembling.pool(exam))


def _verdict(exam: Exam, form: BlueprintForm, found: Pool) -> dict[str, Any]:
    rows = blueprint.read(form.rows.data)
    worth = {kind: form[kind].data or 0 for kind in blueprint.KINDS}
    count = blueprint.questions(rows)
    said = []
    if count and not blueprint.FEWEST <= count <= blueprint.MOST:
        said = [f"每份试卷应为{blueprint.FEWEST}至{blueprint.MOST}题，现为{count}题"]
    elif count:
        forms = (form.forms_wanted.data or 1) if form.mode.data == "forms" else 1
        conflicts = conflict(rows, found.items, forms=forms, common=form.overlap.data or 0)
        said = [one.in_words(rows, queries.regulations(exam.bank_ids)) for one in conflicts]
    return {
        "paper": f"每份试卷{count}题，共{points(blueprint.total(rows, worth))}分",
        "problems": [f"{sentence}。" for sentence in said],
    }


def _page(exam: Exam, form: BlueprintForm, found: Pool) -> str:
    titles = queries.regulations(exam.bank_ids)
    there = grid.available(found.items, several=bool(titles))
    return render_template(
        "exams/blueprint.html",
        exam=exam,
        form=form,
        verdict=_verdict(exam, form, found) if not form.errors else None,
        chapters=_chapters(exam, there, form.rows.typed, titles),
        levels=grid.levels(),
        kinds=blueprint.WORDS,
        available=there,
        total=grid.TOTAL,
        titles=titles,
        tags=sorted({tag for item in found.items for tag in item.tags}),
    )


def _chapters(
    exam: Exam, there: dict[grid.Cell, int], typed: dict[grid.Cell, str], titles: dict[str, str]
) -> list[tuple[str, str]]:
    """(line, name) of every chapter of the banks' regulations, and of chapters that only the blueprint knows."""
    found = [
        (f"{slug}/c{one.number}" if titles else f"c{one.number}", f"{titles.get(slug, '')}{one.title}")
        for slug, chapters in queries.chapters(exam.bank_ids).items()
        for one in chapters
        if one.number
    ]
    known = {key for key, _ in found}
    strays = {key for _, key in typed if key not in known and grid.is_chapter(key)}
    return [*found, *((key, f"{grid.chapter_words(key)}（所选题库中没有）") for key in sorted(strays))]
