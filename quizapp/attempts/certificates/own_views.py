"""A candidate's own certificates: take one, look at it, keep it as PDF."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.attempts import access
from quizapp.attempts.certificates import addresses, issuing, queries, sheet
from quizapp.attempts.certificates.queries import Shown
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people.access import signed_in
from quizapp.spreadsheets import download


@bp.post("/my-exams/<int:exam_id>/certificate")
@signed_in
def take_certificate(exam_id: int) -> Any:
    """Make the certificate of this exam, unless it is there already."""
    _, candidate = access.own_exam_or_404(exam_id)
    [result] = queries.results([candidate.id])
    made = issuing.issue_one(result, clock.now(), actor_id=current_user.id)
    number = made.number
    db.session.commit()
    flash("合格证已生成，可以下载、打印。", "ok")
    return redirect(url_for(".certificate", number=number), 303)


def _own_or_404(number: str) -> Shown:
    found = queries.by_number(number)
    if found is None or found.result.candidate.person_id != current_user.id:
        not_found()
    return found


@bp.get("/my-exams/certificates/<number>")
@signed_in
def certificate(number: str) -> Any:
    """One's own certificate, what it says, and whether it stands."""
    found = _own_or_404(number)
    newer = None
    if not found.standing.is_valid and not found.result.hindrance(clock.now()):
        newer = found.result.exam.id
    return render_template(
        "attempts/certificates/own.html", found=found, newer=newer, public=addresses.page(number)
    )


@bp.get("/my-exams/certificates/<number>/file")
@signed_in
def certificate_file(number: str) -> Any:
    """The PDF of a certificate that stands."""
    found = _own_or_404(number)
    if not found.standing.is_valid:
        raise Refused("not_standing", f"证书{found.standing.word}，不能下载。{found.standing.reason}")
    data = sheet.pdf([found.certificate.signed], addresses.base())
    return download(data, f"{found.certificate.title}_{number}.pdf", "application/pdf")
