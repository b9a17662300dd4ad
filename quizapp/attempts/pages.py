"""What the pages and commands of this area share: the blueprint."""

from typing import cast

from flask import Blueprint, Flask

from quizapp.attempts import durable

bp = Blueprint("attempts", __name__, cli_group="attempts")
bp.record_once(lambda state: durable.init_app(cast(Flask, state.app)))
bp.cli.help = "考试答卷：到时自动交卷，查一份答卷的全部记录。"
