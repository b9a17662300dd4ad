"""考前演练 from the rules page, and what is said when it is over."""

from typing import Any

from flask import render_template

from quizapp import clock
from quizapp.attempts import access, closing, rehearsing, start_views
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt
from quizapp.attempts.pages import bp
from quizapp.exams.models import Exam
from quizapp.people.access import signed_in


@bp.post("/my-exams/<int:exam_id>/rehearsal")
@signed_in
def rehearse(exam_id: int) -> Any:
    now = clock.now()
    exam, candidate = access.own_exam_or_404(exam_id)
    return start_views.begin(rehearsing.start(exam, candidate, now=now), now)


def rehearsed(attempt: Attempt, exam: Exam) -> Any:
    """演练完成: the page that stands where an exam has its receipt."""
    found = rehearsing.done(attempt)
    return render_template(
        "attempts/rehearsed.html",
        attempt=attempt,
        exam=exam,
        done=found,
        right=sum(one.as_asked for one in found),
        answered=sheets.answered(attempt.sheet),
        receipt=closing.newest(attempt.id),
    )
