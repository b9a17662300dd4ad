"""单位: the tree, one unit with its 沿革, adding."""

import math
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, queries, unit_actions, unit_listing, unit_queries, unit_wording
from quizapp.people.access import acting_as, covers, reach, unit_or_404
from quizapp.people.forms import NewUnitForm, UnitForm
from quizapp.people.models import Unit
from quizapp.people.pages import bp
from quizapp.people.unit_choosing import Intervals, intervals
from quizapp.people.unit_listing import UnitRow

SEEING = ("administrator", "unit_administrator")


@bp.get("/units")
@acting_as(*SEEING)
def units() -> Any:
    """The tree, of a province one level at a time; closed units only on request."""
    words, closed = request.args.get("q", "").strip()[:100], "closed" in request.args
    where, page = intervals(*SEEING), max(request.args.get("page", 1, type=int), 1)
    count = unit_listing.count(where)
    under = None
    if count.open > unit_listing.WHOLE:
        under = _under(where) if not words else None
        rows, total = _part(where, under, words, closed=closed, page=page)
    else:
        rows = [
            row for row in unit_listing.whole(where, clock.today(), closed=closed) if row.is_called(words)
        ]
        total = len(rows)
    return render_template(
        "people/units.html",
        rows=rows,
        words=words,
        count=count,
        closed=closed,
        in_parts=count.open > unit_listing.WHOLE,
        under=under,
        path=unit_listing.above(under, where) if under else [],
        page=page,
        pages=max(math.ceil(total / unit_listing.PAGE), 1),
        total=total,
        may_change=bool(reach("administrator")),
    )


def _under(where: Intervals) -> Unit | None:
    """Whose units are asked for: without a choice those of the topmost one, of several tops none."""
    wanted = request.args.get("under", type=int)
    if wanted is not None:
        return unit_or_404(wanted, *SEEING)
    tops, _ = unit_listing.level(where, None, clock.today())
    return db.session.get(Unit, tops[0].id) if len(tops) == 1 else None


def _part(
    where: Intervals, under: Unit | None, words: str, *, closed: bool, page: int
) -> tuple[list[UnitRow], int]:
    today = clock.today()
    if words:
        return unit_listing.found(where, words, today, closed=closed, page=page)
    return unit_listing.level(where, under, today, closed=closed, page=page)


@bp.route("/units/new", methods=["GET", "POST"], endpoint="units_new")
@acting_as("administrator")
def units_new() -> Any:
    form = NewUnitForm(parent=request.args.get("parent", type=int), sort=0)
    form.parent.offer("administrator")
    if form.validate_on_submit():
        parent = unit_or_404(form.parent.chosen, "administrator")
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
    """One unit: what is said of it, what may be done to it as a whole, and its 沿革."""
    unit = unit_or_404(unit_id, "administrator")
    known = unit_queries.contact(unit.id)
    said = {"head": known.head, "contact": known.name, "phone": known.phone} if known else {}
    form = UnitForm(obj=unit, **said)
    if unit.closed_on is None and form.validate_on_submit():
        actions.change_unit(unit, kind=form.kind.data, sort=form.sort.data, actor_id=current_user.id)
        unit_actions.set_contact(unit, head=form.head.data, name=form.contact.data, phone=form.phone.data)
        name = unit.name
        db.session.commit()
        flash(f"已保存“{name}”。", "ok")
        return redirect(url_for("people.units_edit", unit_id=unit_id), 303)
    parent = db.session.get(Unit, unit.parent_id) if unit.parent_id else None
    page = render_template(
        "people/unit.html",
        form=form,
        unit=unit,
        parent=parent,
        acts=_acts(unit, parent),
        former=queries.former_names().get(unit.id, ()),
        history=unit_queries.history(unit.id),
        line=unit_wording.history_line,
        counts=unit_wording.history_counts,
    )
    return page, 422 if form.errors else 200


def _acts(unit: Unit, parent: Unit | None) -> list[str]:
    """What the signed-in person may do to the unit as a whole, in words of the address."""
    whole = parent is not None and covers(parent, "administrator")
    if unit.closed_on is not None:
        return ["reopen"] if whole else []
    return ["rename", "move", "merge", "split", "close"] if whole else ["rename"]
