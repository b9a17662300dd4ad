"""授权: who holds what, granting, withdrawing."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.people import actions, queries, sign_in
from quizapp.people.access import acting_as, covers, person_or_404, unit_or_404
from quizapp.people.forms import GrantForm
from quizapp.people.models import ROLES, Grant, Unit
from quizapp.people.pages import bp
from quizapp.people.unit_choosing import intervals


@bp.route("/grants", methods=["GET", "POST"])
@acting_as("administrator")
def grants() -> Any:
    """Who holds what in one's reach; and the form that grants a role on a unit and all below."""
    form = GrantForm(login=request.args.get("login", "")[:64])
    form.unit.offer("administrator")
    if form.validate_on_submit():
        unit = unit_or_404(form.unit.chosen, "administrator")
        found = queries.person_called(sign_in.plain_login(form.login.data))
        reachable = found and queries.people_by_id([found.id], intervals("administrator"), clock.today())
        if not found or not reachable:
            form.login.errors = ["您的管理范围内没有这个账号的人员"]
        else:
            person, _ = person_or_404(found.id, "administrator")
            actions.grant(person, form.role.data, unit, now=clock.now(), actor_id=current_user.id)
            told = f"已授权{person.name}为“{unit.name}”及下级单位的{ROLES[form.role.data]}。"
            db.session.commit()
            flash(told, "ok")
            return redirect(url_for("people.grants"), 303)
    rows = queries.grants(intervals("administrator"))
    page = render_template("people/grants.html", form=form, rows=rows, roles=ROLES)
    return page, 422 if form.is_submitted() else 200


@bp.post("/grants/<int:grant_id>/withdraw", endpoint="grants_withdraw")
@acting_as("administrator")
def grants_withdraw(grant_id: int) -> Any:
    held = db.session.get(Grant, grant_id)
    if held is None or not covers(db.session.get_one(Unit, held.unit_id), "administrator"):
        not_found()
    actions.withdraw(held, actor_id=current_user.id)
    db.session.commit()
    flash("已收回授权。", "ok")
    return redirect(url_for("people.grants"), 303)
