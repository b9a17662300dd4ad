"""Commands for administrators: which exams there are, one of them, publishing, closing and releasing it."""

import click

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import (
    actions,
    assembling,
    assembly_job,
    blueprint,
    checks,
    drawing,
    early_closing,
    queries,
    windows,
)
from quizapp.exams.models import PURPOSES, Exam
from quizapp.exams.pages import bp
from quizapp.figures import mean_points, percent, points

bp.cli.help = "考试：查看、发布、提前结束、公布答案。"
SIGNS = {"ok": "通过", "warn": "提示", "bad": "不符"}


def _exam(exam_id: int) -> Exam:
    exam = db.session.get(Exam, exam_id)
    if exam is None:
        raise click.ClickException(f"没有编号为{exam_id}的考试。")
    return exam


@bp.cli.command("list")
def show_list() -> None:
    """列出全部考试：编号、状态、名称、结束时间、应考和实考人数。"""
    now = clock.now()
    rows = queries.all_exams()
    for row in rows:
        state = windows.STATES[windows.state_of(row.exam, now)]
        until = (
            row.exam.closes_at.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M")
            if row.exam.closes_at
            else "未定"
        )
        click.echo(
            f"{row.exam.id}\t{state}\t{row.exam.title}\t{row.unit}\t{until}\t应考{row.expected}人\t实考{row.submitted}人"
        )
    if not rows:
        click.echo("还没有考试。")


@bp.cli.command("show")
@click.argument("exam_id", type=int, metavar="编号")
def show(exam_id: int) -> None:
    """显示一次考试：草稿列出发布前的检查，已发布的列出完成情况。"""
    exam, now = _exam(exam_id), clock.now()
    state = windows.state_of(exam, now)
    click.echo(f"{exam.title}（{PURPOSES[exam.purpose]}，{windows.STATES[state]}）")
    rows = blueprint.read(exam.blueprint)
    total = blueprint.total(rows, exam.points)
    click.echo(f"每份试卷{blueprint.questions(rows)}题，{points(total)}分，作答{exam.minutes}分钟")
    if state == "draft":
        for check in checks.checks(exam, queries.facts(exam, now, by_id=None), now):
            click.echo(f"[{SIGNS[check.tone]}] {check.text}")
        return
    sums = queries.sums(exam.id)
    click.echo(
        f"应考{sums['expected']}人（名册{sums['listed']}人，免考{sums['exempt']}人，缓考{sums['deferred']}人），"
        f"实考{sums['submitted']}人，参考率{percent(sums['submitted'], sums['expected'])}，"
        f"合格率{percent(sums['passed'], sums['submitted'])}，平均分{mean_points(sums['points'], sums['submitted'])}"
    )


@bp.cli.command("publish")
@click.argument("exam_id", type=int, metavar="编号")
def publish(exam_id: int) -> None:
    """发布一次考试：固定试题版本和考生名单，此后规则不能修改。"""
    exam = _exam(exam_id)
    try:
        frozen = actions.publish(exam, clock.now(), actor_id=None)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from None
    db.session.commit()
    click.echo(f"已发布：考生{frozen.candidates}人，可抽试题{frozen.questions}题。")


@bp.cli.command("close")
@click.argument("exam_id", type=int, metavar="编号")
@click.option("--reason", required=True, metavar="原因", help="提前结束的原因，记入日志。")
@click.option("--force", is_flag=True, help="还有人正在答题也结束：不能再开始，已开始的按原定时间交卷。")
def close(exam_id: int, reason: str, force: bool) -> None:
    """提前结束一次进行中的考试：此后不能再开始，记入日志，不能撤回。"""
    exam = _exam(exam_id)
    try:
        closed = early_closing.close(exam, reason, clock.now(), force=force, actor_id=None)
    except Refused as refused:
        raise click.ClickException(f"{refused.sentence}{refused.advice}") from None
    db.session.commit()
    end = closed.closes_at.astimezone(clock.CHINA).strftime("%Y-%m-%d %H:%M")
    click.echo(f"考试已提前结束，{closed.waiting}人尚未开始，按缺考处理。")
    if closed.answering:
        click.echo(f"{closed.answering}人正在答题，各按原定时间交卷，最迟{end}；在此之前不显示答案。")


@bp.cli.command("release")
@click.argument("exam_id", type=int, metavar="编号")
def release(exam_id: int) -> None:
    """公布一次考试的答案和依据；须在全部考生结束之后。"""
    exam = _exam(exam_id)
    try:
        actions.release(exam, clock.now(), actor_id=None)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from None
    db.session.commit()
    click.echo("答案已公布。")


@bp.cli.command("forms")
@click.argument("exam_id", type=int, metavar="编号")
@click.option("--check", is_flag=True, help="按种子重做，核对试卷与保存的一致。")
def forms(exam_id: int, check: bool) -> None:
    """列出一次考试的试卷；--check核对试卷能否按种子重做、内容是否被改动。不一致时返回1。"""
    exam = _exam(exam_id)
    made = queries.source(exam).forms
    for form in made:
        drawn = sum(entry["count"] for entry in form.plan) if form.plan is not None else len(form.slots)
        name = "抽题方案" if form.plan is not None else assembling.form_name(form.number)
        click.echo(f"{name}\t{drawn}题\t共{len(form.slots)}题可用\t{drawing.fingerprint(form.slots)[:12]}")
    if not made:
        click.echo("还没有组卷。")
    if check:
        _say_check(exam)


def _say_check(exam: Exam) -> None:
    wrong = [assembling.form_name(number) for number in queries.altered_forms(exam)]
    if wrong:
        raise click.ClickException(f"{'、'.join(wrong)}与发布时不一致。")
    if exam.published_at is not None:
        click.echo("试卷与发布时一致。")
    if exam.assembled and exam.state == "draft":
        same = assembly_job.check(exam)
        if same is False:
            raise click.ClickException("按种子重做的试卷与保存的不一致。")
        click.echo("按种子重做，试卷一致。" if same else "组卷之后题库或试题的使用情况有变动，不能重做核对。")
