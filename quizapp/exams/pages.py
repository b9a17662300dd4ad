"""What the pages and commands of this area share: the blueprint, who may use them, small forms."""

from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_login import current_user

from quizapp.bank.access import no_exam_running
from quizapp.errors import Refused
from quizapp.exams import access
from quizapp.exams.models import Exam
from quizapp.forms import problems
from quizapp.people.access import acting_as

bp = Blueprint("exams", __name__, cli_group="exams")
makers = acting_as(*access.ROLES)

WITHOUT_QUESTIONS = {  # pages and acts that show no question: open to who sits an exam meanwhile
    *("index", "show", "cancel", "void", "void_confirmed", "calendar"),
    *("candidates", "candidate", "candidate_status", "candidate_time", "add_candidate"),
    *("candidate_attempts", "candidates_time", "exception_record", "exception_file", "extensions"),
    *("excuse_queue", "excuse_decide", "excuses", "excuses_ask", "excuses_withdraw"),
    *("duty_desk", "duty_named", "duty_remove", "duty_reset"),
    *("list_changes", "list_changes_apply", "people_of", "people_named", "people_pasted", "people_units"),
    *(
        "slots_page",
        "slots_spread",
        "slots_clear",
        "halls",
        "hall",
        "hall_edit",
        "hall_place",
        "hall_unplace",
    ),
    *("hall_appoint", "hall_dismiss", "hall_code", "hall_fill", "hall_remove"),
    *("holidays", "holidays_check", "holidays_confirm", "holidays_file", "holidays_import"),
}


@bp.before_request
def _papers_closed_while_sitting() -> None:
    """Who makes exams sits them too; meanwhile everything that may show a paper or a key is closed (hazard H37)."""
    here = (request.endpoint or "").removeprefix(f"{bp.name}.")
    if current_user.is_authenticated and here not in WITHOUT_QUESTIONS:
        no_exam_running()


def checked(form: Any) -> Any:
    """A small form of an exam's page; what is wrong with it is said in one sentence."""
    if not form.validate_on_submit():
        raise Refused(
            "form", f"{'；'.join(problems(form)).rstrip('。')}。", "请返回上一页修改后重新提交。", status=422
        )
    return form


def to(endpoint: str, exam: Exam) -> str | None:
    """The address of a page about an exam that an area to the right may offer."""
    return url_for(endpoint, exam_id=exam.id) if endpoint in current_app.view_functions else None
