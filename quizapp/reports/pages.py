"""What the pages and commands of this area share: the blueprint."""

from flask import Blueprint

bp = Blueprint("reports", __name__, cli_group="reports")
bp.cli.help = "完成情况：考试和日常测验的单位汇总，输出为CSV。"
