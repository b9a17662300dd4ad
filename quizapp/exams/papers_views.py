"""组卷: the papers of an exam — how a draw is planned, parallel forms and their figures, a paper picked by hand."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.exams import access, actions, assembling, assembly_job, blueprint, print_views, queries
from quizapp.exams.assembling import Pool, form_name
from quizapp.exams.assembly import plans, report
from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.assembly.forms import Impossible, assemble
from quizapp.exams.blueprint import Item, Row
from quizapp.exams.models import MODES, Exam
from quizapp.exams.pages import bp, makers, to
from quizapp.regulations.numerals import label

FOUND = 20  # questions of a search on one page


@bp.get("/exams/<int:exam_id>/papers")
@makers
def papers(exam_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    access.may_draw(exam)
    if exam.state != "draft":
        return _frozen(exam)
    found, rows = assembling.pool(exam, clock.now()), assembling.rows_of(exam)
    show = {"draw": _drawn, "forms": _assembled, "fixed": _picked}[exam.mode]
    return show(exam, found, rows)


def _frozen(exam: Exam) -> str:
    source = queries.frozen_source(exam)
    papers = print_views.layouts(exam, source)
    return render_template(
        "exams/papers_frozen.html",
        exam=exam,
        modes=MODES,
        forms=len(source.forms),
        pool=len(source.slots),
        papers=[(number, form_name(number), len(paper)) for number, paper in enumerate(papers, start=1)],
        hides_keys=queries.hides_keys(exam, current_user.id),
        results=to("attempts.paper_results", exam),
    )


def _drawn(exam: Exam, found: Pool, rows: Sequence[Row]) -> str:
    plan = plans.plan(rows, found.items, enemies=found.enemies, seed=exam.seed) if rows else None
    cells = (
        [(_cell_words(found, share), len(share.revision_ids), share.count) for share in plan.shares]
        if plan
        else []
    )
    return render_template(
        "exams/papers_draw.html",
        exam=exam,
        plan=plan,
        spread=plans.spread(plan, found.items, exam.points) if plan else None,
        cells=cells,
        conflicts=_conflicts(exam, found, rows),
        enemies=len(found.enemies),
    )


def _cell_words(found: Pool, share: plans.Share) -> str:
    """第三章单选题（难度2级）, as far as all questions of the cell agree."""
    items = [found.by_revision[one] for one in share.revision_ids]
    chapters = {item.chapter for item in items}
    place = label(chapters.pop(), "章") if len(chapters) == 1 and chapters != {""} else "各章"
    return f"{place}{blueprint.WORDS[items[0].kind]}（难度{items[0].difficulty}级）"


def _conflicts(exam: Exam, found: Pool, rows: Sequence[Row], forms: int = 1) -> list[str]:
    titles = queries.regulations(exam.bank_ids)
    return [
        one.in_words(rows, titles)
        for one in conflict(rows, found.items, forms=forms, common=exam.overlap if forms > 1 else 0)
    ]


# Parallel forms --------------------------------------------------------------------------------------------------


def _assembled(exam: Exam, found: Pool, rows: Sequence[Row]) -> str:
    kept = exam.assembled or {}
    made = assembling.forms(exam, found)
    sound = bool(made) and len(made) == exam.forms_wanted
    papers = [[slot.revision_id for slot in form.slots] for form in made]
    told = report.report(rows, found.items, exam.points, papers) if sound else None
    return render_template(
        "exams/papers_forms.html",
        exam=exam,
        kept=kept,
        told=told,
        gap=assembly_job.gap_in_words(kept["cost"], kept["bound"]) if sound else "",
        full=blueprint.total(rows, exam.points),
        names=[form_name(number) for number in range(1, len(made) + 1)],
        rows=[row.in_words(queries.regulations(exam.bank_ids)) for row in rows],
        bounds=[row.bounds_in_words() for row in rows],
        costs=_costs(exam, found, rows) if sound else [],
        articles=[(label(number, "条"), counts) for (_, number), counts in told.articles.items()]
        if told
        else [],
        conflicts=_conflicts(exam, found, rows, exam.forms_wanted),
        stale=bool(kept) and not sound,
    )


def _costs(exam: Exam, found: Pool, rows: Sequence[Row]) -> list[str]:
    found_costs = report.costs_of_rows(
        rows,
        found.items,
        exam.points,
        forms=exam.forms_wanted,
        enemies=found.enemies,
        common=exam.overlap,
    )
    return [report.cost_in_words(cost) for cost in found_costs]


@bp.post("/exams/<int:exam_id>/papers/assemble")
@makers
def papers_assemble(exam_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    access.may_draw(exam)
    job = assembly_job.request(exam, url=url_for("exams.papers", exam_id=exam.id), person_id=current_user.id)
    db.session.commit()
    return redirect(url_for("home.job", token=job.token), 303)


# A paper picked by hand ------------------------------------------------------------------------------------------


def _picked(exam: Exam, found: Pool, rows: Sequence[Row]) -> str:
    chosen = [found.by_question[one] for one in exam.picked if one in found.by_question]
    gone = len(exam.picked) - len(chosen)
    free = _searched(found, set(exam.picked))
    faces = bank.faces([item.revision_id for item in [*chosen, *free[:FOUND]]])
    ids = {item.revision_id for item in chosen}
    counts = blueprint.tallies(rows, chosen)
    expected = sum(item.expected * exam.points.get(item.kind, 0) for item in chosen)
    return render_template(
        "exams/papers_fixed.html",
        exam=exam,
        chosen=chosen,
        free=free[:FOUND],
        more=max(0, len(free) - FOUND),
        faces=faces,
        gone=gone,
        kinds=blueprint.WORDS,
        asked=request.args,
        lines=[
            (row.in_words(queries.regulations(exam.bank_ids)), row.bounds_in_words(), count, row.holds(count))
            for row, count in zip(rows, counts, strict=True)
        ],
        quarrels=[sorted(group & ids) for group in found.enemies if len(group & ids) > 1],
        expected=round(expected),
        label=lambda number: label(number, "条") if number else "无条文依据",
    )


def _searched(found: Pool, out: set[int]) -> list[Item]:
    """The questions that are not on the paper and answer to the search."""
    asked = request.args
    words, kind, article = (
        asked.get("q", "").strip()[:60],
        asked.get("kind", ""),
        asked.get("article", "").strip(),
    )
    some = [
        item
        for item in found.items
        if item.question_id not in out
        and (not kind or item.kind == kind)
        and (not article or item.article == article)
    ]
    if not words:
        return some
    faces = bank.faces([item.revision_id for item in some])
    return [item for item in some if words in faces[item.revision_id].stem]


@bp.post("/exams/<int:exam_id>/papers/pick")
@makers
def papers_pick(exam_id: int) -> Any:
    """Add, take out, move or order questions, or let the blueprint choose what is missing."""
    exam = access.exam_or_404(exam_id)
    access.may_draw(exam)
    found, ids = assembling.pool(exam, clock.now()), list(exam.picked)
    if "order" in request.form:
        wanted = [int(one) for one in request.form["order"].split(",") if one.isdecimal()]
        ids = wanted if sorted(wanted) == sorted(ids) else ids
    elif "fill" in request.form:
        ids = _filled(exam, found)
    else:
        ids = _moved(ids, found)
    actions.pick(exam, ids, actor_id=current_user.id)
    db.session.commit()
    asked: dict[str, Any] = {
        name: request.form[name] for name in ("q", "kind", "article") if request.form.get(name)
    }
    return redirect(url_for("exams.papers", exam_id=exam.id, **asked), 303)


def _moved(ids: list[int], found: Pool) -> list[int]:
    add, out = request.form.get("add", type=int), request.form.get("out", type=int)
    up, down = request.form.get("up", type=int), request.form.get("down", type=int)
    if add is not None and add in found.by_question and add not in ids:
        return [*ids, add]
    if out in ids:
        return [one for one in ids if one != out]
    for moving, step in ((up, -1), (down, 1)):
        if moving in ids:
            at = ids.index(moving)
            to = min(max(at + step, 0), len(ids) - 1)
            ids.insert(to, ids.pop(at))
    return ids


def _filled(exam: Exam, found: Pool) -> list[int]:
    """A paper that keeps the blueprint, chosen anew; what was picked before goes."""
    try:
        made = assemble(
            assembling.rows_of(exam),
            found.items,
            exam.points,
            seed=exam.seed,
            enemies=found.enemies,
            deadline=2,
        )
    except Impossible as impossible:
        titles = queries.regulations(exam.bank_ids)
        rows = assembling.rows_of(exam)
        flash("；".join(one.in_words(rows, titles) for one in impossible.conflicts) + "，没有改动。", "warn")
        return list(exam.picked)
    return [found.by_revision[one].question_id for one in made.forms[0]]
