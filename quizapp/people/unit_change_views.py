"""单位变动: a form, a page that states the consequences in numbers, and only then the change."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectChoice, ValidationError

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import unit_actions, unit_changes, unit_foresight, unit_queries
from quizapp.people.access import acting_as, unit_or_404
from quizapp.people.models import Unit
from quizapp.people.pages import bp
from quizapp.people.roster import KIND_WORDS
from quizapp.people.unit_change_forms import FORMS, ChangeForm
from quizapp.people.unit_choosing import called, intervals
from quizapp.people.unit_foresight import Asked, Foreseen

KINDS = {
    "rename": "renamed",
    "move": "moved",
    "merge": "merged",
    "split": "split",
    "close": "closed",
    "reopen": "reopened",
}
TITLES = {
    "rename": "改名",
    "move": "调整隶属",
    "merge": "并入其他单位",
    "split": "分设单位",
    "close": "撤销单位",
    "reopen": "恢复单位",
}
VERBS = {
    "rename": "改名",
    "move": "调整",
    "merge": "并入",
    "split": "分设",
    "close": "撤销",
    "reopen": "恢复",
}
MOST_OFFERED = 500  # units that a field proposes while one types


@bp.route(
    "/units/<int:unit_id>/<any(rename, move, merge, split, close, reopen):act>",
    methods=["GET", "POST"],
    endpoint="units_change",
)
@acting_as("administrator")
def units_change(unit_id: int, act: str) -> Any:
    """The form; after it the consequences; after those the change itself, if they are still the same."""
    unit = _changeable(unit_id, act)
    form = _form(unit, act)
    if request.method == "GET" or "again" in request.form:
        return _form_page(unit, act, form)
    asked = _asked(act, form) if form.validate_on_submit() else None
    if asked is None:
        return _form_page(unit, act, form), 422
    try:
        foreseen = unit_foresight.foresee(unit.id, asked, clock.today())
    except Refused as refused:
        form.form_errors.append(refused.sentence + refused.advice)
        return _form_page(unit, act, form), 422
    seen = request.form.get("seen")
    if seen is None or seen != foreseen.digest:
        return _confirm_page(unit, act, form, foreseen, changed=seen is not None)
    told = f"“{unit.name}”的变动已办理，并记入沿革。"
    event = unit_actions.carry_out(unit, asked, seen=seen, now=clock.now(), actor_id=current_user.id)
    subject = event.unit_id
    db.session.commit()
    flash(told, "ok")
    return redirect(url_for("people.units_edit", unit_id=subject), 303)


def _changeable(unit_id: int, act: str) -> Unit:
    """The unit, if the signed-in person administers it, and for all but its name the unit above it too."""
    unit = unit_or_404(unit_id, "administrator")
    if act != "rename" and unit.parent_id is not None:
        unit_or_404(unit.parent_id, "administrator")
    unit_changes.check_state(KINDS[act], unit_queries.standings([unit.id])[unit.id])
    return unit


def _form(unit: Unit, act: str) -> Any:
    """The form of this change, filled with what stays unless it is changed."""
    known = {"name": unit.name, "short_name": unit.short_name} if act == "rename" else {"kind": unit.kind}
    form = FORMS[act](day=clock.today(), sort=unit.sort, **known)
    if act == "split":
        people = unit_queries.colleagues(unit.id, clock.today())
        form.people.choices = [SelectChoice(one.person_id, one.name) for one in people]
        form.listed = people
    return form


def _asked(act: str, form: Any) -> Asked | None:
    """What the form says, or none with a message at the field that names another unit."""
    told = {
        name: form[name].data for name in ("name", "short_name", "correction", "sort", "code") if name in form
    }
    if "other" in form:
        other = _other(form.other)
        if other is None:
            return None
        told["other_id"] = other.id
    if act == "split":
        told |= {"unit_kind": form.kind.data, "people": tuple(sorted(form.people.data))}
    return Asked(KINDS[act], form.day.data, form.reason.data, **told)


def _other(field: Any) -> Unit | None:
    try:
        return called(field.data, intervals("administrator"))
    except ValidationError as problem:
        field.errors = [str(problem)]
        return None


def _form_page(unit: Unit, act: str, form: Any) -> str:
    offered = unit_queries.offered(intervals("administrator"), MOST_OFFERED) if "other" in form else []
    return render_template(
        "people/unit_change.html",
        unit=unit,
        act=act,
        title=TITLES[act],
        form=form,
        offered=[row for row in offered if row.code != unit.code],
        kinds=KIND_WORDS,
    )


def _confirm_page(unit: Unit, act: str, form: ChangeForm, foreseen: Foreseen, *, changed: bool) -> str:
    sent = [
        (key, value) for key, value in request.form.items(multi=True) if key in form and key != "csrf_token"
    ]
    return render_template(
        "people/unit_change_check.html",
        unit=unit,
        act=act,
        title=TITLES[act],
        verb=VERBS[act],
        form=form,
        foreseen=foreseen,
        sent=sent,
        changed=changed,
    )
