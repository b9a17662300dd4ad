"""`quizapp analysis similarity`: the index for an exam, and how often it names people who answered alone."""

import time

import click

from quizapp.analysis import reading as sheets_of
from quizapp.analysis.clues import facts, finding
from quizapp.analysis.pages import bp
from quizapp.db import db, reading
from quizapp.exams.models import Exam
from quizapp.figures import percent


@bp.cli.command("similarity")
@click.argument("exam_id", type=int, metavar="编号")
@click.option("--all", "everybody", is_flag=True, help="比较全部考生，不限同一单位和同一场次。")
@click.option(
    "--simulate", "rounds", type=click.IntRange(1, 1000), help="模拟这么多场没有抄袭的考试，测算误报率。"
)
@click.option("--seed", type=int, default=finding.SEED, show_default=True, help="模拟用的随机数种子。")
def similarity(exam_id: int, everybody: bool, rounds: int | None, seed: int) -> None:
    """作答相似（GBT指数）：列出线索，不含姓名，不改动任何数据。"""
    exam = db.session.get(Exam, exam_id)
    if exam is None or exam.published_at is None:
        raise click.ClickException(f"没有编号为{exam_id}的已发布考试。")
    began = time.monotonic()
    with reading():
        sheets = sheets_of.of_exam(exam_id)
        compared, groups = finding.compare(sheets, everybody=everybody)
    click.echo(f"{sheets.size}份答卷，比较{compared.pairs}对，用时{time.monotonic() - began:.1f}秒。")
    for pair in compared.hints():
        ids = (
            [int(sheets.attempts[at]) for at in (pair.first, pair.second)]
            if sheets.attempts is not None
            else []
        )
        click.echo(
            f"答卷{ids[0]}和{ids[1]}：共同{pair.common}题，相同{pair.same}题（预计{pair.expected:.1f}题），"
            f"错得相同{pair.same_wrong}题，可能性{facts.small(pair.p)}"
        )
    if rounds:
        rates = finding.simulate(sheets, groups, rounds=rounds, seed=seed)
        click.echo(
            f"模拟{rates.rounds}场、{rates.pairs}对：p不大于{rates.nominal:g}的{rates.below}对"
            f"（{percent(rates.below, rates.pairs)}），有误报的{rates.named}场。"
        )
