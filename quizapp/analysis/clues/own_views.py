"""与我有关的核查线索: the facts about one's own attempt, whether a person looked, the outcome, and one's own words.

Whom a similarity is with is not told here, and how much was wrong only once the exam shows right and wrong.
"""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.analysis.clues import actions, facts, queries
from quizapp.analysis.clues.forms import StatementForm
from quizapp.analysis.pages import bp
from quizapp.attempts import over
from quizapp.attempts import queries as attempts
from quizapp.attempts.access import own_exam_or_404
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams.models import Candidate, Exam
from quizapp.people.access import signed_in


@bp.get("/my-exams/<int:exam_id>/clues")
@signed_in
def own_clues(exam_id: int) -> Any:
    return _shown(*own_exam_or_404(exam_id), StatementForm(formdata=None))


def _shown(exam: Exam, candidate: Candidate, form: StatementForm) -> Any:
    now = clock.now()
    waiting = over.waiting(exam, now)
    wrong = attempts.my_exam(exam, candidate, now).shown.right
    return render_template(
        "analysis/own_clues.html",
        exam=exam,
        waiting=waiting,
        run=None if waiting else queries.run_of(exam.id),
        told=[] if waiting else queries.told(exam.id, person_id=current_user.id, wrong=wrong),
        counted=facts.COUNTED,
        form=form,
        most=actions.MOST_STATEMENTS,
    )


@bp.post("/my-exams/<int:exam_id>/clues/<int:attempt_id>")
@signed_in
def own_clues_say(exam_id: int, attempt_id: int) -> Any:
    exam, candidate = own_exam_or_404(exam_id)
    found = queries.told(exam.id, attempt_id=attempt_id, person_id=current_user.id)
    if not found or over.waiting(exam, clock.now()):
        not_found()
    form = StatementForm()
    if not form.validate_on_submit():
        return _shown(exam, candidate, form), 422
    actions.say(found[0].attempt, form.text.data, now=clock.now())
    db.session.commit()
    flash("说明已提交，考务管理员可以看到。", "ok")
    return redirect(url_for("analysis.own_clues", exam_id=exam.id), 303)
