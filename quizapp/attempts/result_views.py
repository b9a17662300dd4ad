"""After the hand-in: the receipt, and the score and the answers once the exam's rules show them."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.attempts import access, guards, queries, rehearsal_views, sittings
from quizapp.attempts import layout as layouts
from quizapp.attempts.appeals import queries as appeals
from quizapp.attempts.appeals.rules import STATES
from quizapp.attempts.certificates import queries as certificates
from quizapp.attempts.certificates.queries import Own
from quizapp.attempts.halls import leaving
from quizapp.attempts.interventions import queries as interventions
from quizapp.attempts.late_sheets import queries as late
from quizapp.attempts.pages import bp
from quizapp.bank import report_views
from quizapp.errors import Refused, not_found
from quizapp.people import confined
from quizapp.people.access import signed_in


@bp.get("/attempts/<token>/receipt")
@signed_in
def receipt(token: str) -> Any:
    now = clock.now()
    attempt, exam = access.own_attempt_or_404(token)
    if attempt.state == "created" or guards.is_open(attempt.state, attempt.refused_after, now):
        return redirect(url_for(".paper", token=token), 303)
    if attempt.rehearsal:
        return rehearsal_views.rehearsed(attempt, exam)
    template = "attempts/halls/receipt.html" if confined.is_confined() else "attempts/receipt.html"
    sat = sittings.sitting(attempt, exam, now)
    return render_template(
        template,
        sat=sat,
        exam=exam,
        seconds_left=leaving.seconds_left(now),
        late=late.told(attempt.id),
        acted=interventions.told(attempt.id),
        own=_certificates(sat, now),
    )


@bp.get("/attempts/<token>/result")
@signed_in
def result(token: str) -> Any:
    now = clock.now()
    attempt, exam = access.own_attempt_or_404(token)
    sat = sittings.sitting(attempt, exam, now)
    if sat.closing is None or attempt.rehearsal:
        return redirect(url_for(".receipt", token=token), 303)
    if sat.shown.right and queries.exam_running(current_user.id, now):
        raise Refused("locked", "考试进行中，不能查看各题对错、答案和解析。", "交卷后可以继续。", status=403)
    answers = sittings.answers(sat) if sat.shown.right else []
    cells = [
        {
            "number": n,
            "url": f"#q{n}",
            "state": "" if one.left_out else "right" if one.right else "wrong",
            "answered": bool(one.question.chosen),
        }
        for n, one in enumerate(answers, 1)
    ]
    return render_template(
        "attempts/result.html",
        sat=sat,
        exam=exam,
        answers=answers,
        cells=cells,
        appeals=appeals.own(attempt, exam, sat.shown, now) if not attempt.trial else None,
        late=late.told(attempt.id),
        acted=interventions.told(attempt.id),
        states=STATES,
        own=_certificates(sat, now),
    )


def _certificates(sat: sittings.Sitting, now: datetime) -> Own | None:
    """What the exam offers of certificates once the score shows; nothing for a trial."""
    candidate_id = sat.attempt.candidate_id
    if candidate_id is None or not sat.shown.score:
        return None
    return certificates.own([candidate_id], now).get(candidate_id)


@bp.route("/attempts/<token>/result/<int:number>/report", methods=["GET", "POST"])
@signed_in
def report(token: str, number: int) -> Any:
    """纠错 of one question, once its key is shown."""
    attempt, exam = access.own_attempt_or_404(token)
    sat = sittings.sitting(attempt, exam, clock.now())
    places = layouts.from_text(attempt.layout)
    if sat.closing is None or attempt.rehearsal or not sat.shown.key or not 1 <= number <= len(places):
        not_found()
    back = url_for(".result", token=token, _anchor=f"q{number}")
    return report_views.form_page(places[number - 1].revision_id, back=back)
