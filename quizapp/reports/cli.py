"""`quizapp reports`: the figures of the pages on the command line."""

from datetime import timedelta

import click
from sqlalchemy import select

from quizapp import clock, config
from quizapp.db import db, reading
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people.models import Unit
from quizapp.reports import completion, daily, queries, reconciling
from quizapp.reports.pages import bp
from quizapp.reports.study import reconciling as study
from quizapp.spreadsheets import csv_bytes


@bp.cli.command("exam")
@click.argument("exam_id", type=int)
@click.option("--unit", "code", default=None, help="单位编码；不填时为主办单位。")
def exam(exam_id: int, code: str | None) -> None:
    """一场考试的完成情况：该单位合计和各下级单位。"""
    found = db.session.get(Exam, exam_id)
    if found is None or found.published_at is None:
        raise click.ClickException(f"没有编号为{exam_id}的已发布考试。")
    wanted = select(ExamUnit).where(ExamUnit.exam_id == exam_id).order_by(ExamUnit.lft).limit(1)
    if code is not None:
        wanted = wanted.join(Unit, Unit.id == ExamUnit.unit_id).where(Unit.code == code)
    unit = db.session.scalar(wanted)
    if unit is None:
        raise click.ClickException(f"这场考试中没有编码为{code}的单位。")
    whole, parts = queries.unit_rows(exam_id, unit)
    spread = queries.spread_of(exam_id, unit)
    middle = spread.middle if spread else None
    total = completion.UnitRow(unit.unit_id, f"{unit.name}（合计）", False, False, whole, middle)
    _print(completion.HEADINGS, completion.sheet_rows([total, *parts]))


@bp.cli.command("daily")
@click.option("--unit", "code", default=None, help="单位编码；不填时为最上级单位。")
@click.option("--days", default=30, show_default=True, help="截至今天的天数。")
def daily_quizzes(code: str | None, days: int) -> None:
    """日常测验的参加率、答对率和掌握度；人数不足的单位不显示。"""
    wanted = select(Unit).order_by(Unit.lft).limit(1)
    unit = db.session.scalar(wanted if code is None else wanted.where(Unit.code == code))
    if unit is None:
        raise click.ClickException(f"没有编码为{code}的单位。" if code else "还没有单位。")
    now, smallest = clock.now(), config.value("SMALLEST_GROUP")
    last = clock.today(now)
    first = last - timedelta(days=max(days, 1) - 1)
    report = queries.daily_rows(unit, first, last, now, smallest=smallest)
    _print(daily.HEADINGS, daily.sheet_rows([report.whole, *report.parts], smallest))


@bp.cli.command("reconcile")
def reconcile() -> None:
    """按考生成绩重新核算各单位的统计，逐项列出不一致之处；有不一致时以状态1退出，不改动任何数据。"""
    with reading():  # takes no writer's turn: an exam may be running
        found = reconciling.reconcile()
    for difference in found.differences:
        click.echo(difference.sentence)
    if found.wrong:
        raise click.ClickException(
            f"{found.wrong}个单位的统计与成绩不一致。成绩不受影响，没有改动任何数据。请保留现场，联系开发人员。"
        )
    click.echo(f"已核对{found.exams}场考试、{found.units}个单位的统计，与成绩一致。")
    _reconcile_study()


def _reconcile_study() -> None:
    """The figures of learning, once the job has kept some."""
    with reading():
        compared, wrong = study.differing(clock.now())
    for name in wrong:
        click.echo(f"{name}：学习统计与答题记录不一致。")
    if wrong:
        raise click.ClickException(
            f"{len(wrong)}个单位的学习统计与答题记录不一致。答题记录不受影响，没有改动任何数据；每天0时以后全部重新统计。"
        )
    if compared:
        click.echo(f"已核对{compared}个单位的学习统计，与答题记录一致。")


def _print(header: list[str], rows: list) -> None:
    click.echo(csv_bytes(header, rows).decode("utf-8-sig"), nl=False)
