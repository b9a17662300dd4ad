"""What the pages and commands of this area share: the blueprint."""

from flask import Blueprint

bp = Blueprint("attempts", __name__, cli_group="attempts")
bp.cli.help = "考试答卷：到时自动交卷，查一份答卷的全部记录。"
