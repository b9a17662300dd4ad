"""单位: the tree, one unit, adding and renaming."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectChoice

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, queries
from quizapp.people.access import acting_as, reach, unit_or_404
from quizapp.people.forms import NewUnitForm, UnitForm
from quizapp.people.pages import bp

SEEING = ("administrator", "unit_administrator")


def intervals(*roles: str) -> list[tuple[int, int]]:
    """Where the signed-in person may act with one of these roles."""
    return [(grant.lft, grant.rgt) for grant in reach(*roles)]


def unit_choices(*roles: str) -> list[SelectChoice]:
    """The units in reach for a drop-down, indented by depth, in tree order."""
    units = queries.units_below(intervals(*roles))
    depth = queries.depths(units)
    return [SelectChoice(unit.id, "\u3000" * depth[unit.id] + unit.name) for unit in units]


@bp.get("/units")
@acting_as(*SEEING)
def units() -> Any:
    words = request.args.get("q", "").strip()
    rows = queries.unit_rows(intervals(*SEEING), clock.today())
    found = [row for row in rows if words in row.name or words in row.short_name or words == row.code]
    may_change = bool(reach("administrator"))
    return render_template(
        "people/units.html", rows=found, words=words, total=len(rows), may_change=may_change
    )


@bp.route("/units/new", methods=["GET", "POST"], endpoint="units_new")
@acting_as("administrator")
def units_new() -> Any:
    form = NewUnitForm(parent=request.args.get("parent", type=int), sort=0)
    form.parent.choices = unit_choices("administrator")
    if form.validate_on_submit():
        parent = unit_or_404(form.parent.data, "administrator")
        new = actions.NewUnit(
            form.code.data, form.name.data, parent.code, form.short_name.data, form.kind.data, form.sort.data
        )
        try:
            actions.add_unit(parent, new, actor_id=current_user.id)
        except Refused as refused:
            db.session.rollback()
            form.code.errors = [refused.sentence]
        else:
            db.session.commit()
            flash(f"已添加“{new.name}”。", "ok")
            return redirect(url_for("people.units"), 303)
    return render_template("people/unit_new.html", form=form), 422 if form.is_submitted() else 200


@bp.route("/units/<int:unit_id>", methods=["GET", "POST"], endpoint="units_edit")
@acting_as("administrator")
def units_edit(unit_id: int) -> Any:
    unit = unit_or_404(unit_id, "administrator")
    form = UnitForm(obj=unit)
    if form.validate_on_submit():
        actions.change_unit(
            unit,
            name=form.name.data,
            short_name=form.short_name.data,
            kind=form.kind.data,
            sort=form.sort.data,
            actor_id=current_user.id,
        )
        db.session.commit()
        flash(f"已保存“{form.name.data}”。", "ok")
        return redirect(url_for("people.units"), 303)
    return render_template("people/unit.html", form=form, unit=unit), 422 if form.is_submitted() else 200
