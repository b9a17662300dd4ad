"""One's own: the notice of an exam put away, the e-mail address entered and removed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock, config
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.people.access import signed_in
from quizapp.people.pages import go_on
from quizapp.reports.pages import bp
from quizapp.reports.reminders import actions, mailing, queries, wording
from quizapp.reports.reminders.forms import AddressForm


def on_exam_page(exam_id: int, person_id: int, now: datetime) -> Sequence[str]:
    """What the page of an exam tells this person; see attempts.telling."""
    found = queries.own_notices(person_id, now, exam_id)
    return [wording.note(notice.exam.title, notice.ends_at) for notice in found]


@bp.post("/reminders/<int:exam_id>/dismiss")
@signed_in
def dismiss(exam_id: int) -> Any:
    """知道了: the notice goes, the exam stays."""
    if not actions.dismiss(current_user.id, exam_id, now=clock.now()):
        not_found()
    db.session.commit()
    return go_on()


@bp.route("/me/mail", methods=["GET", "POST"])
@signed_in
def mail() -> Any:
    """The address to which one's own reminders go as well."""
    kept = queries.own_address(current_user.id)
    form = AddressForm(data={"address": kept.address if kept else ""})
    if form.validate_on_submit():
        actions.set_address(current_user.id, form.address.data, now=clock.now())
        db.session.commit()
        flash("已保存。", "ok")
        return redirect(url_for("reports.mail"), 303)
    page = render_template(
        "reports/reminders/mail.html",
        form=form,
        kept=kept,
        set_up=mailing.is_set_up(),
        days=config.value("REMIND_DAYS"),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/me/mail/remove")
@signed_in
def remove_mail() -> Any:
    actions.remove_address(current_user.id)
    db.session.commit()
    flash("已删除电子邮箱，不再发送提醒邮件。", "ok")
    return redirect(url_for("reports.mail"), 303)
