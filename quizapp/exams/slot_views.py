"""场次安排: the units' own times of an exam, given by hand or spread evenly."""

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.exams import access, queries, slots, slotting
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, checked, makers
from quizapp.exams.slot_forms import SlotForm, SpreadForm, filled, proposed
from quizapp.exams.slot_queries import slots_of
from quizapp.exams.windows import hours_in_words
from quizapp.people.models import Unit


def _offer(form: SlotForm, exam: Exam) -> list[Unit]:
    units = queries.units_of(db.session.get_one(Unit, exam.unit_id), closed=True)
    form.unit.choices = [(unit.id, unit.name) for unit in units if unit.closed_on is None]
    return units


@bp.route("/exams/<int:exam_id>/slots", methods=["GET", "POST"])
@makers
def slots_page(exam_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    given = slots_of(exam.id)
    wanted = next((slot for slot in given if slot.unit_id == request.args.get("unit", type=int)), None)
    form = SlotForm(data=filled(wanted) if wanted else None)
    units = _offer(form, exam)
    if form.validate_on_submit():
        unit = next(one for one in units if one.id == form.unit.data)
        slotting.give(exam, unit, *form.span(), now, actor_id=current_user.id)
        db.session.commit()
        flash(f"已保存{unit.name}的场次。", "ok")
        return redirect(url_for(".slots_page", exam_id=exam.id), 303)
    return _page(exam, form, SpreadForm(formdata=None, data=proposed(exam)))


def _page(exam: Exam, form: SlotForm, spread: SpreadForm) -> Any:
    given, people = slots_of(exam.id), slotting.people_by_unit(exam, clock.now())
    units = {unit.id: unit for unit in _offer(form, exam)}
    of_unit = {unit_id: slots.slot_for(units[unit_id].lft, given) for unit_id in people if unit_id in units}
    load: Counter[tuple[Any, Any]] = Counter()
    for unit_id, slot in of_unit.items():
        if slot is not None:
            load[slot.opens_at, slot.closes_at] += people[unit_id]
    page = render_template(
        "exams/slots.html",
        exam=exam,
        form=form,
        spread=spread,
        given=given,
        people=people,
        load=sorted(load.items()),
        without=[(units[one].name, people[one]) for one, slot in of_unit.items() if slot is None],
        hours=hours_in_words(exam.daily_from, exam.daily_until) if exam.daily_from is not None else "",
        draft=exam.state == "draft",
        span=slots.span_in_words,
    )
    return page, 422 if form.is_submitted() and form.errors or spread.errors else 200


@bp.post("/exams/<int:exam_id>/slots/spread")
@makers
def slots_spread(exam_id: int) -> Any:
    exam, form = access.exam_or_404(exam_id), checked(SpreadForm())
    units = slotting.spread(
        exam,
        form.count.data,
        form.minutes.data,
        clock.now(),
        hours=form.hours(),
        working_days=form.working_days.data,
        actor_id=current_user.id,
    )
    db.session.commit()
    flash(f"已把{units}个单位均匀安排到{form.count.data}个场次。", "ok")
    return redirect(url_for(".slots_page", exam_id=exam.id), 303)


@bp.post("/exams/<int:exam_id>/slots/clear")
@makers
def slots_clear(exam_id: int) -> Any:
    exam, unit_id = access.exam_or_404(exam_id), request.form.get("unit", type=int)
    slotting.take(exam, unit_id, actor_id=current_user.id)
    db.session.commit()
    flash("已清除该单位的场次。" if unit_id else "已清除全部场次。", "ok")
    return redirect(url_for(".slots_page", exam_id=exam.id), 303)
