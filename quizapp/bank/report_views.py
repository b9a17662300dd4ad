"""The pages of 纠错: the form that practice and results of exams offer, one's own reports, the keepers' queue."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from quizapp import clock
from quizapp.bank import access, catalogue, queries, reporting
from quizapp.bank.pages import bp
from quizapp.bank.question_views import passages
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.forms import Form, trimmed
from quizapp.people.access import acting_as, signed_in

LONGEST = 500


class ReportForm(Form):
    text = TextAreaField(
        "错误说明",
        filters=[trimmed],
        validators=[
            DataRequired("请写明哪里有误。"),
            Length(max=LONGEST, message=f"最多{LONGEST}字。"),
        ],
    )


class ReplyForm(Form):
    text = TextAreaField(
        "给提交人的答复",
        filters=[trimmed],
        validators=[DataRequired("请填写答复。"), Length(max=LONGEST, message=f"最多{LONGEST}字。")],
    )
    state = StringField("处理结果")  # of the button that was pressed


# For cadres -----------------------------------------------------------------------------------------------------


def form_page(revision_id: int, *, back: str) -> Any:
    """The form for one revision; stores what it sends. back: the page of the question.

    Called by views of other areas once they know that the signed-in person was shown this revision with its key.
    """
    access.no_exam_running()
    form = ReportForm()
    if form.validate_on_submit():
        reporting.send(revision_id, form.text.data or "", person_id=current_user.id, now=clock.now())
        db.session.commit()
        return redirect(url_for(request.endpoint or "", **(request.view_args or {})), 303)
    page = render_template(
        "bank/report_form.html",
        form=form,
        face=queries.faces([revision_id])[revision_id],
        waiting=reporting.waiting_of(current_user.id, revision_id),
        back_url=back,
        longest=LONGEST,
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/my-reports")
@signed_in
def my_reports() -> Any:
    """我的纠错: what one sent and what became of it. An answer may speak of a key, so not while an exam is running."""
    access.no_exam_running()
    return render_template(
        "bank/my_reports.html", rows=reporting.own(current_user.id), states=reporting.STATES
    )


# For keepers ----------------------------------------------------------------------------------------------------


@bp.get("/banks/reports")
@acting_as(*access.EVERYBODY)
def reports() -> Any:
    """The queue of all banks that the person keeps."""
    kept = access.kept(*access.EVERYBODY)
    wanted = reporting.Wanted(
        request.args.get("state", ""), request.args.get("bank", ""), request.args.get("code", "")
    )
    numbers = reporting.numbers(kept, wanted)
    total = numbers.get(wanted.state, sum(numbers.values()))
    pages = max(1, -(-total // reporting.PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "bank/reports.html",
        rows=reporting.queue(kept, wanted, page),
        numbers=numbers,
        wanted=wanted,
        states=reporting.STATES,
        total=total,
        page=page,
        pages=pages,
        address=_address,
    )


def _address(**changes: Any) -> str:
    """The queue with other filters; an empty one is left out."""
    asked = {name: request.args.get(name) for name in ("state", "bank", "code")} | changes
    return url_for("bank.reports", **{name: value or None for name, value in asked.items()})


@bp.route("/banks/reports/<int:report_id>", methods=["GET", "POST"])
@acting_as(*access.EVERYBODY)
def report(report_id: int) -> Any:
    """One report beside its question and the law; the answer to it, and to others on the same question."""
    kept = access.kept(*access.EVERYBODY)
    row = reporting.one(kept, report_id) or not_found()
    form = ReplyForm()
    if form.validate_on_submit() and form.state.data in ("upheld", "rejected"):
        count = reporting.answer(
            row.report,
            form.state.data,
            form.text.data or "",
            also=request.form.getlist("also", type=int),
            actor_id=current_user.id,
            now=clock.now(),
        )
        db.session.commit()
        flash(f"已答复{count}件，提交人可以看到处理结果和答复。", "ok")
        return redirect(url_for("bank.report", report_id=report_id), 303)
    history = catalogue.history(row.report.question_id)
    full = queries.full([row.report.revision_id])[row.report.revision_id]
    page = render_template(
        "bank/report.html",
        row=row,
        form=form,
        ticked=request.form.getlist("also", type=int),
        full=full,
        passages=passages(full.citations),
        history=history,
        seen=next(entry.revision for entry in history if entry.revision.id == full.revision_id),
        others=reporting.others(row.report),
        states=reporting.STATES,
        may_write=access.may(row.bank, *access.WRITERS),
    )
    return page, 422 if form.is_submitted() else 200
