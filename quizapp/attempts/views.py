"""The pages of this area: what they share. The pages themselves stand in the modules imported at the end."""

from typing import cast

from flask import Blueprint, Flask

from quizapp.attempts import durable, exceptions, runs
from quizapp.exams import actions as exam_actions

bp = Blueprint("attempts", __name__, cli_group="attempts")
bp.record_once(lambda state: durable.init_app(cast(Flask, state.app)))
bp.cli.help = "考试答卷：到时自动交卷，查一份答卷的全部记录。"

exam_actions.on_publish.append(runs.first_run)
exam_actions.on_exception.append(exceptions.time_granted)

from quizapp.attempts import (  # noqa: E402 - they hang their pages, commands and the minute's work in
    cli,  # noqa: F401
    jobs,  # noqa: F401
    paper_views,  # noqa: F401
    result_views,  # noqa: F401
    script_views,  # noqa: F401
    start_views,  # noqa: F401
)
