"""`quizapp attempts`: the same actions as the minute's tick, and the whole story of one attempt."""

import click

from quizapp import clock
from quizapp.attempts import history, jobs, receipts, records
from quizapp.attempts.pages import bp
from quizapp.clock import CHINA


@bp.cli.command("sweep")
def sweep() -> None:
    """立即为时间已到的答卷办理自动交卷。后台每分钟也会做，重复执行没有影响。"""
    moment = clock.now()
    click.echo(f"已自动交卷{jobs.sweep(moment)}份，清除过期试考{jobs.forget_trials(moment)}份。")


@bp.cli.command("show")
@click.argument("token_or_receipt")
def show(token_or_receipt: str) -> None:
    """按答卷编号或交卷回执，列出一份答卷的全部保存记录，并重新计算校验码。"""
    found = records.record(token_or_receipt)
    if found is None:
        raise click.ClickException("没有找到这份答卷。")
    attempt = found.attempt
    click.echo(f"{found.exam.title}　{found.person}　第{attempt.number}次考试　状态：{attempt.state}")
    click.echo(f"答卷编号：{attempt.token}")
    click.echo(f"试卷校验码：{attempt.layout_hash}")
    for line in history.lines(found.events, attempt.closes_at):
        at = line.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        click.echo(f"{at}　{line.what}　{line.epoch}.{line.revision}　{line.sheet}")
    for sheet in found.held:
        click.echo(f"未计入　{sheet.epoch}.{sheet.revision}　{sheet.sheet}　原因：{sheet.reason}")
    for closing in found.closings:
        again = receipts.digest(attempt.token, attempt.layout_hash, closing.sheet)
        verdict = "一致" if again == closing.digest else "不一致"
        withdrawn = "（已撤回）" if closing.withdrawn_at else ""
        click.echo(f"回执：{closing.receipt}{withdrawn}　{closing.digest}　重新计算：{verdict}")
