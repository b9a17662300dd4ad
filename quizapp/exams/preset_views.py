"""规则模板: choosing one for a new exam, and changing, copying, hiding and restoring them."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import SelectChoice

from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import preset_rules, presets
from quizapp.exams.models import ExamPreset
from quizapp.exams.pages import bp, makers
from quizapp.exams.preset_forms import PresetForm, filled

SAID = {
    "hide": "已隐藏模板，可以在页面下方恢复显示。",
    "show": "已恢复显示。",
    "restore": "已恢复为随系统提供的内容。",
}


def _preset_or_404(preset_id: int) -> ExamPreset:
    preset = db.session.get(ExamPreset, preset_id)
    if preset is None:
        not_found()
    return preset


@bp.get("/exams/presets", endpoint="presets")
@makers
def listed() -> Any:
    return render_template(
        "exams/presets.html",
        presets=presets.listed(),
        hidden=presets.listed(removed=True),
        words=preset_rules.in_words,
        differs=presets.differs,
    )


@bp.route("/exams/presets/<int:preset_id>", methods=["GET", "POST"])
@makers
def preset(preset_id: int) -> Any:
    one = _preset_or_404(preset_id)
    form = PresetForm(data=filled(one))
    rule = one.values.get("multiple_rule", "")
    if rule not in [
        value for value, *_ in form.multiple_rule.choices
    ]:  # fixed:N, which the list does not name
        form.multiple_rule.choices = [*form.multiple_rule.choices, SelectChoice(rule, "少选得固定分")]
    problem = ""
    if form.validate_on_submit():
        try:
            presets.save(one, form.told(), form.values(one.values), actor_id=current_user.id)
        except Refused as refused:
            problem = refused.sentence
        else:
            db.session.commit()
            flash("已保存模板。按原模板制作的考试不受影响。", "ok")
            return redirect(url_for(".presets"), 303)
    page = render_template("exams/preset.html", form=form, preset=one, problem=problem)
    return page, 422 if form.is_submitted() else 200


@bp.post("/exams/presets/<int:preset_id>/<any(copy, hide, show, restore):act>")
@makers
def preset_act(preset_id: int, act: str) -> Any:
    one, actor_id = _preset_or_404(preset_id), current_user.id
    if act == "copy":
        own = presets.copy(one, actor_id=actor_id)
        db.session.commit()
        flash("已复制，请修改名称和内容。", "ok")
        return redirect(url_for(".preset", preset_id=own.id), 303)
    if act == "restore":
        presets.restore(one, actor_id=actor_id)
    else:
        presets.hide(one, hidden=act == "hide", actor_id=actor_id)
    db.session.commit()
    flash(SAID[act], "ok")
    return redirect(url_for(".presets"), 303)
