"""安排补考: who may sit it, with ticks and a window; one press makes the draft."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms.validators import InputRequired, Optional

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import access, assembly_job, makeup, makeup_actions, makeup_queries
from quizapp.exams.forms import ExamForm, Hour, ReasonForm, days_of
from quizapp.exams.list_forms import ticked
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, checked, makers
from quizapp.forms import Day

TICKED = 500  # people with a box each; of more, the chosen kinds are taken whole and thinned out in the draft


class MakeupForm(ReasonForm):
    """The makeup's window, and why it is arranged so."""

    opens_on = Day("开始日期", validators=[InputRequired("请填写开始日期。")])
    opens_time = Hour("开始时间", validators=[Optional()])
    closes_on = Day("结束日期", validators=[InputRequired("请填写结束日期。")])
    closes_time = Hour("结束时间", validators=[Optional()])
    window = ExamForm.window


def _kinds(args: Any) -> list[str]:
    """The chosen kinds; all where none is named."""
    return [code for code in makeup.KINDS if code in args.getlist("kind")] or list(makeup.KINDS)


@bp.get("/exams/<int:exam_id>/makeup", endpoint="makeup")
@makers
def makeup_page(exam_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    if (there := _open(exam)) is not None:
        return redirect(url_for("exams.show", exam_id=there.id), 303)
    try:
        makeup_actions.ready(exam, now)
    except Refused as not_yet:
        flash(f"{not_yet.sentence}{not_yet.advice}", "warn")
        return redirect(url_for("exams.show", exam_id=exam.id), 303)
    everybody, kinds = makeup_queries.proposed(exam, clock.today()), _kinds(request.args)
    opens_at, closes_at = makeup.window(clock.today())
    opens, closes = days_of(opens_at), days_of(closes_at, ending=True)
    rows = [one for one in everybody if one.kind in kinds]
    return render_template(
        "exams/makeup.html",
        exam=exam,
        rows=[one for one in rows if one.here],
        away=[one for one in rows if not one.here],
        hidden=access.hidden_scores(exam.id),
        kinds=kinds,
        words=makeup.KINDS,
        counts=makeup.counts(one.kind for one in everybody),
        ticks=len(rows) <= TICKED,
        form=MakeupForm(formdata=None, data={"opens_on": opens[0], "closes_on": closes[0]}),
    )


def _open(exam: Exam) -> Exam | None:
    return makeup_queries.open_one(makeup_queries.makeups(exam.id), clock.now())


@bp.post("/exams/<int:exam_id>/makeup", endpoint="makeup_arranged")
@makers
def arrange(exam_id: int) -> Any:
    exam, form = access.exam_or_404(exam_id), checked(MakeupForm())
    made = makeup_actions.arrange(
        exam,
        _everybody(exam) if request.form.get("whole") == "1" else ticked(),
        form.window(),
        form.reason.data,
        clock.now(),
        actor_id=current_user.id,
    )
    if made.mode == "forms":  # forms of its own, made while the trainer looks the draft over
        papers = url_for("exams.papers", exam_id=made.id)
        assembly_job.request(made, url=papers, person_id=current_user.id)
    db.session.commit()
    words = "试卷正在组成，稍后刷新本页，" if made.mode == "forms" else ""
    flash(f"已生成草稿“{made.title}”，{words}检查后发布。", "ok")
    return redirect(url_for("exams.show", exam_id=made.id), 303)


def _everybody(exam: Exam) -> list[int]:
    """All of the chosen kinds, where there are too many to tick."""
    kinds = _kinds(request.form)
    return [
        one.person_id
        for one in makeup_queries.proposed(exam, clock.today())
        if one.kind in kinds and one.here
    ]
