"""出借: which units have a bank and at which level, for the administrators of the unit that it belongs to."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired

from quizapp import clock
from quizapp.asked import bounded
from quizapp.bank import access, lending
from quizapp.bank.forms import choices
from quizapp.bank.models import LOANS
from quizapp.bank.pages import bp
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.forms import Form, problems
from quizapp.people.access import acting_as
from quizapp.people.models import Unit

MEANINGS = {  # what a level gives, each beside those before it
    "practise": "人员在练习中遇到本题库的试题。",
    "compose": "还可以从本题库组卷，能看到题数构成和试卷题面，看不到标准答案、解析和试题页面。",
    "maintain": "命题、审题人员还可以查看、编写、审核和导出试题；不能封闭和出借题库。",
}


class LevelForm(Form):
    level = RadioField("使用方式", choices=choices(LOANS), validators=[InputRequired("请选择使用方式。")])


class LoanForm(LevelForm):
    unit = IntegerField("单位", validators=[InputRequired("请选择单位。")], filters=[bounded])


@bp.route("/banks/<slug>/loans", methods=["GET", "POST"])
@acting_as(*access.KEEPERS)
def loans(slug: str) -> Any:
    bank = access.own_bank_or_404(slug)
    form = LoanForm()
    if form.validate_on_submit():
        unit = db.session.get(Unit, form.unit.data) or not_found()
        lending.lend(bank, unit, form.level.data, by_id=current_user.id, now=clock.now())
        told = f"已出借给“{unit.name}”及全部下级单位：{LOANS[form.level.data]}。"
        db.session.commit()
        flash(told, "ok")
        return redirect(url_for("bank.loans", slug=slug), 303)
    words = request.args.get("q", "").strip()
    chosen = form.unit.data if form.is_submitted() else request.args.get("unit", type=int)
    picked = lending.borrowers(bank, unit_id=chosen)[0] if chosen else []
    found, total = lending.borrowers(bank, words)
    page = render_template(
        "bank/loans.html",
        bank=bank,
        form=form,
        rows=lending.loans(bank.id),
        found=found,
        total=total,
        words=words,
        picked=picked[0] if picked else None,
        levels={level: word for level, word in LOANS.items() if not (bank.sealed and level == "practise")},
        names=LOANS,
        meanings=MEANINGS,
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/banks/<slug>/loans/<int:loan_id>/<any(change, end):step>")
@acting_as(*access.KEEPERS)
def loan_step(slug: str, loan_id: int, step: str) -> Any:
    bank = access.own_bank_or_404(slug)
    loan = access.loan_or_404(bank, loan_id)
    if step == "end":
        lending.end(loan, bank, by_id=current_user.id)
        db.session.commit()
        flash("已结束出借。", "ok")
        return redirect(url_for("bank.loans", slug=slug), 303)
    form = LevelForm()
    if not form.validate():
        raise Refused("form", "；".join(problems(form)), "没有改动。", status=422)
    lending.change(loan, bank, form.level.data, by_id=current_user.id)
    db.session.commit()
    flash(f"已改为“{LOANS[form.level.data]}”。", "ok")
    return redirect(url_for("bank.loans", slug=slug), 303)
