"""我的学法档案: one's own, as a page and as PDF."""

from typing import Any

from flask import render_template
from flask_login import current_user

from quizapp import clock, config
from quizapp.attempts.pages import bp
from quizapp.attempts.transcript import queries, sheet
from quizapp.attempts.transcript.entries import by_year
from quizapp.people.access import signed_in
from quizapp.people.queries import person_scope
from quizapp.practice.queries import states
from quizapp.spreadsheets import download


@bp.get("/my-exams/transcript")
@signed_in
def transcript() -> Any:
    """Exams over the years with results and certificates, and what is mastered today."""
    now = clock.now()
    return render_template(
        "attempts/transcript.html",
        years=by_year(queries.entries(current_user.id, now)),
        scope=person_scope(current_user.id),
        mastery=states(current_user.id, now),
    )


@bp.get("/my-exams/transcript/file")
@signed_in
def transcript_file() -> Any:
    """The exams as PDF."""
    now = clock.now()
    data = sheet.pdf(
        queries.entries(current_user.id, now),
        name=current_user.name,
        account=current_user.account,
        unit=person_scope(current_user.id),
        now=now,
        site=config.value("SITE_NAME"),
    )
    return download(data, f"学法档案_{current_user.name}_{clock.today(now):%Y%m%d}.pdf", "application/pdf")
