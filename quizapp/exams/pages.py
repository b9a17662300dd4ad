"""What the pages and commands of this area share: the blueprint, who may use them, small forms."""

from typing import Any

from flask import Blueprint, current_app, url_for

from quizapp.errors import Refused
from quizapp.exams import access
from quizapp.exams.models import Exam
from quizapp.forms import problems
from quizapp.people.access import acting_as

bp = Blueprint("exams", __name__, cli_group="exams")
makers = acting_as(*access.ROLES)


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
