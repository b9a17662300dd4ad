"""What the pages and commands of this area share: the blueprint, who may use them, small forms."""

from typing import Any

from flask import Blueprint

from quizapp.errors import Refused
from quizapp.exams import access
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
