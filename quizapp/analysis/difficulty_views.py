"""与原难度不符: measured difficulties taken over into the bank, as drafts of further versions."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.analysis import access, calibrating, numbers
from quizapp.analysis.pages import bp, makers
from quizapp.db import db
from quizapp.errors import Refused


@bp.route("/exams/<int:exam_id>/analysis/difficulty", methods=["GET", "POST"])
@makers
def difficulty(exam_id: int) -> Any:
    """GET lists them; POST makes drafts of those that are ticked, in banks that the person writes in."""
    exam = access.exam_or_404(exam_id)
    found = calibrating.mismatches(exam_id)
    writable = access.writable({one.bank.id for one in found})
    if request.method == "POST":
        wanted = set(request.form.getlist("pick", type=int))
        known = [one for one in found if one.bank.id in writable]
        outcomes = calibrating.take_over(wanted, known, by_id=current_user.id, now=clock.now())
        if not outcomes:
            raise Refused("none", "没有选择试题，没有改动。", "请勾选试题后再提交。", status=422)
        db.session.commit()
        for title, outcome in outcomes.items():
            flash(
                f"“{title}”中{len(outcome.done)}题已产生新的草稿，难度为实测难度；审核通过后替换原来的版本。",
                "ok" if outcome.done else "info",
            )
            if outcome.left:
                flash(
                    "；".join(f"{code}：{said.rstrip('。')}" for code, said in outcome.left[:3]) + "。",
                    "warn",
                )
        return redirect(url_for(".difficulty", exam_id=exam_id), 303)
    return render_template(
        "analysis/difficulty.html", exam=exam, found=found, writable=writable, numbers=numbers
    )
