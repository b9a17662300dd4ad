"""Who may see and do corrections: who administers the exam, and sits none at the moment, since keys are shown."""

from functools import wraps
from typing import Any

from quizapp.attempts.corrections import queries
from quizapp.bank.access import no_exam_running
from quizapp.errors import not_found
from quizapp.exams import access as exam_access
from quizapp.exams.models import Exam
from quizapp.exams.pages import makers


def correcting(view: Any) -> Any:
    """For every page of corrections."""

    @makers
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        no_exam_running()
        return view(*args, **kwargs)

    return guarded


def correction_or_404(exam: Exam, run_id: int) -> queries.Told:
    """A correction of an exam that was loaded before."""
    return queries.one(exam.id, run_id) or not_found()


def told_or_404(exam_id: int, run_id: int) -> queries.Told:
    """The same, with its exam in the reach of the signed-in person."""
    return correction_or_404(exam_access.published_or_404(exam_id), run_id)
