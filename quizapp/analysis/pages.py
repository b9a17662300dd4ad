"""What the pages and commands of this area share: the blueprint."""

from flask import Blueprint

bp = Blueprint("analysis", __name__, cli_group="analysis")
bp.cli.help = "试题分析：考试或成绩表的试题和试卷统计。"
