"""学习计划: the list, a new one, changing and ending one; and how well the daily quiz foretells answers."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock, config
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.access import acting_as, roles
from quizapp.practice import calibrating, calibration, plans
from quizapp.practice.access import practising
from quizapp.practice.pages import bp
from quizapp.practice.plan_forms import PlanForm
from quizapp.practice.plan_models import StudyPlan
from quizapp.practice.queries import practised_regulations

TRAINERS = ("exam_administrator", "administrator")


@bp.get("/practice/plans", endpoint="plans")
@acting_as(*plans.ROLES)
@practising
def listed() -> Any:
    return render_template(
        "practice/plans.html",
        rows=plans.listed(),
        today=clock.today(),
        titles=dict(practised_regulations()),
        trains=bool(roles().intersection(TRAINERS)),
    )


@bp.route("/practice/plans/new", methods=["GET", "POST"])
@acting_as(*plans.ROLES)
@practising
def plans_new() -> Any:
    form = _form(PlanForm(), None)
    form.unit.offer(*plans.ROLES)
    if not form.is_submitted() and len(form.regulations.choices) == 1:
        form.regulations.data = [form.regulations.choices[0].value]
    if form.validate_on_submit():
        return _kept(form, None)
    return _page(form, None)


@bp.route("/practice/plans/<int:plan_id>", methods=["GET", "POST"])
@acting_as(*plans.ROLES)
@practising
def plans_edit(plan_id: int) -> Any:
    plan, unit = plans.open_plan_or_404(plan_id)
    form = _form(PlanForm(obj=plan), plan)
    if form.validate_on_submit():
        return _kept(form, plan)
    return _page(form, plan, unit.name)


@bp.post("/practice/plans/<int:plan_id>/end")
@acting_as(*plans.ROLES)
@practising
def plans_end(plan_id: int) -> Any:
    plan, unit = plans.open_plan_or_404(plan_id)
    plans.end(plan, now=clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash(f"已结束“{unit.name}”的学习计划。", "ok")
    return redirect(url_for(".plans"), 303)


def _form(form: PlanForm, plan: StudyPlan | None) -> PlanForm:
    return form.offer(practised_regulations(), clock.today(), plan)


def _kept(form: PlanForm, plan: StudyPlan | None) -> Any:
    """Store what the form says, or show why that cannot be."""
    wanted = (form.regulations.data, form.share.data, form.by_day.data)
    try:
        if plan is None:
            plans.make(form.unit.chosen, *wanted, now=clock.now(), actor_id=current_user.id)
        else:
            plans.change(plan, *wanted, actor_id=current_user.id)
    except Refused as refused:
        return _page(form, plan, problem=f"{refused.sentence}{refused.advice}")
    db.session.commit()
    flash("已保存学习计划。", "ok")
    return redirect(url_for(".plans"), 303)


def _page(form: PlanForm, plan: StudyPlan | None, unit: str = "", problem: str = "") -> Any:
    page = render_template("practice/plan.html", form=form, plan=plan, unit=unit, problem=problem)
    return page, 422 if form.is_submitted() else 200


@bp.get("/practice/plans/calibration")
@acting_as(*TRAINERS)
@practising
def plans_calibration() -> Any:
    """Predicted against seen. With too few people nothing of them is shown."""
    judged = calibrating.latest()
    shown = judged is not None and judged.report.people >= max(
        calibration.FEWEST, config.value("SMALLEST_GROUP")
    )
    return render_template("practice/calibration.html", judged=judged if shown else None, bounds=calibration)
