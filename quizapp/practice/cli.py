"""Commands for administrators: how well the daily quiz foretells answers."""

import click

from quizapp import clock, dates
from quizapp.db import db
from quizapp.practice import calibrating, calibration
from quizapp.practice.pages import bp

bp.cli.help = "练习：核对预测。"


@bp.cli.command("calibration")
@click.option("--keep", is_flag=True, help="保存本次结果，用于页面；不加时只显示。")
def show_calibration(keep: bool) -> None:
    """用一半人员的作答核对预测：各档预计答对率和实际答对率、布赖尔分数。

    预测只用作答之前已知的情况；另一半人员的作答用于估计，不参加核对。
    """
    judged = calibrating.refresh(clock.now())
    report = judged.report
    click.echo(f"截至{dates.minute(judged.made_at)}，核对{report.people}人的{report.answers}次作答。")
    click.echo("预计答对率\t作答\t预计\t实际")
    for one in report.bins:
        width = f"{one.low:.1f}至{one.low + 1 / calibration.BINS:.1f}"
        click.echo(f"{width}\t{one.answers}\t{one.predicted:.3f}\t{one.seen:.3f}")
    click.echo(f"布赖尔分数\t{report.brier:.4f}（始终按平均答对率预测：{report.base:.4f}）")
    click.echo(f"平均差距\t{report.distance:.4f}（不超过{calibration.WIDEST:.2f}为准确）")
    click.echo(f"人员差异\t{report.spread:.4f}")
    click.echo(f"预测范围\t{report.covered_of}人中{report.covered}人落在范围内")
    click.echo(f"结论\t{in_words(report)}")
    if keep:
        db.session.commit()
    else:
        db.session.rollback()


def in_words(report: calibration.Report) -> str:
    """What follows from a report."""
    if not report.is_enough:
        return f"作答不足：至少需要{calibration.FEWEST}人的{calibration.ENOUGH}次作答才能判断，暂不显示考试预测。"
    return "预测准确，显示考试预测。" if report.is_good else "预测不够准确，不显示考试预测。"
