"""What the pages of this area share: the blueprint, and who may use them."""

from flask import Blueprint
from flask_login import current_user

from quizapp.analysis import access
from quizapp.bank.access import no_exam_running
from quizapp.people.access import acting_as

bp = Blueprint("analysis", __name__, cli_group="analysis")
bp.cli.help = "试题分析：考试或成绩表的试题和试卷统计。"
makers = acting_as(*access.MAKERS)


@bp.before_request
def _closed_while_sitting() -> None:
    """Who makes exams sits them too; meanwhile whatever may speak of a question or a key is closed (hazard H37)."""
    if current_user.is_authenticated:
        no_exam_running()
