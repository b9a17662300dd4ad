"""单位延时: a later end of the window for a unit and all below it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import SelectChoice

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams import access, queries, unit_windows, windows
from quizapp.exams.exception_forms import ExtensionForm
from quizapp.exams.models import Exam, ExamUnit
from quizapp.exams.pages import bp, makers


@bp.route("/exams/<int:exam_id>/extensions", methods=["GET", "POST"])
@makers
def extensions(exam_id: int) -> Any:
    exam, now = access.published_or_404(exam_id), clock.now()
    units = {unit.unit_id: unit for unit in queries.frozen_units(exam.id)}
    form = ExtensionForm()
    form.unit.choices = _choices(list(units.values()))
    if form.validate_on_submit():
        unit = units.get(form.unit.data) or not_found()
        return _extend(exam, unit, form)
    page = render_template(
        "exams/extensions.html",
        exam=exam,
        state=windows.state_of(exam, now),
        form=form,
        rows=unit_windows.extensions(exam.id),
    )
    return page, 422 if form.is_submitted() else 200


def _choices(units: list[ExamUnit]) -> list[SelectChoice]:
    depth = {one.unit_id: level for one, level in _with_depth(units)}
    return [SelectChoice(one.unit_id, "\u3000" * depth[one.unit_id] + one.name) for one in units]


def _with_depth(units: list[ExamUnit]) -> list[tuple[ExamUnit, int]]:
    found: list[tuple[ExamUnit, int]] = []
    ends: list[int] = []
    for unit in units:
        while ends and unit.lft > ends[-1]:
            ends.pop()
        found.append((unit, len(ends)))
        ends.append(unit.rgt)
    return found


def _extend(exam: Exam, unit: ExamUnit, form: ExtensionForm) -> Any:
    name = unit.name
    moved = unit_windows.extend(
        exam,
        unit,
        form.closes_at(),
        reason=form.reason.data,
        now=clock.now(),
        actor_id=current_user.id,
    )
    db.session.commit()
    flash(f"已为“{name}”及下级单位的{moved}名考生延长考试时间，正在作答的同时延长。", "ok")
    return redirect(url_for("exams.extensions", exam_id=exam.id), 303)
