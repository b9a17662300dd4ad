"""Commands that run and look after the installation."""

import sys
from pathlib import Path

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup

from quizapp import addresses, clock
from quizapp.db import reading
from quizapp.operations import assessment, doctor, keeping_cli, metrics, readiness, server
from quizapp.operations.pages import bp


@bp.cli.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址；默认只有本机能访问。")
@click.option("--port", default=8000, show_default=True, help="监听的端口。")
@click.option("--tls-cert", type=click.Path(exists=True, path_type=Path), help="HTTPS证书文件（PEM）。")
@click.option("--tls-key", type=click.Path(exists=True, path_type=Path), help="HTTPS私钥文件（PEM）。")
@click.option("--workers", default=2, show_default=True, help="网页进程数，一般等于处理器核数。")
@click.option("--demo", is_flag=True, help="数据库为空时建立演示县，用于了解系统；正式使用时不要加。")
def serve(
    host: str, port: int, tls_cert: Path | None, tls_key: Path | None, workers: int, demo: bool
) -> None:
    """启动系统：准备数据库和题库，然后提供网页服务，并处理后台任务。"""
    place = server.Place(host, port, tls_cert, tls_key)
    server.check_place(place)
    for sentence in server.prepare():
        click.echo(sentence)
    if demo:
        from quizapp.demo.county import build_if_empty

        for sentence in build_if_empty(click.echo):
            click.echo(sentence)
    else:
        for sentence in server.greet_first_administrator():
            click.echo(sentence)
    readiness.end_draining()
    click.echo(f"网址：{place.url}/  （按Ctrl+C停止）")
    with metrics.shared():
        server.run(place, workers)


@bp.cli.command("worker")
@click.option("--parent", type=int, default=None, help="由哪个进程启动；该进程结束后自动退出。")
def worker(parent: int | None) -> None:
    """处理后台任务（导入、导出、到时自动交卷）；serve会自动启动一个。"""
    server.consume(parent)


@bp.cli.command("drain")
@click.option("--end", is_flag=True, help="取消，重新接收访问；重新启动也会取消。")
def drain(end: bool) -> None:
    """停止或重启前让反向代理把新的访问转到其他机器：/readyz改为答复503，正在进行的考试不受影响。"""
    if end:
        readiness.end_draining()
        click.echo("本机重新接收访问。")
    else:
        readiness.drain()
        click.echo("本机的/readyz已改为503；待反向代理不再转来访问后，再停止或重启。")


@bp.cli.command("demo")
@click.option(
    "--people",
    type=click.IntRange(1_000, 2_000_000),
    help="改为建立这么多人的演示省（21个市、183个县），用于检验大规模使用；建议使用PostgreSQL。",
)
def demo(people: int | None) -> None:
    """在空的数据库中建立演示县，并显示登录方法；正式使用时不要执行。"""
    from quizapp.demo import county, province

    for sentence in server.prepare():
        click.echo(sentence)
    told = county.build_if_empty(click.echo) if people is None else province.build(people, click.echo)
    for sentence in told:
        click.echo(sentence)


@bp.cli.command("doctor")
@click.option("--tls-cert", type=click.Path(path_type=Path), help="HTTPS证书文件（PEM），检查何时到期。")
@click.option("--report", is_flag=True, help="输出一页供检查评估用的报告（Markdown）。")
def check_up(tls_cert: Path | None, report: bool) -> None:
    """检查设置、磁盘、时间、数据库、后台任务、备份等是否正常；有故障时以状态1退出。"""
    now = clock.now()
    with reading():  # takes no writer's turn: an exam may be running
        found = doctor.examine(now, tls_cert)
        page = assessment.page(found, now) if report else ""
    if report:
        click.echo(page, nl=False)
    else:
        for each in found:
            click.echo(
                f"[{each.level}] {each.area}：{each.sentence}{'。' + each.advice if each.advice else ''}"
            )
    if any(each.level == doctor.BROKEN for each in found):
        sys.exit(1)


db_cli = AppGroup("db", help="数据库：升级表结构、查看版本。")
bp.cli.add_command(db_cli)


@db_cli.command("upgrade")
def upgrade() -> None:
    """把数据库升级到本程序所需的版本。升级前请先备份。"""
    Path(current_app.config["INSTANCE_DIR"]).mkdir(parents=True, exist_ok=True)
    flask_migrate.upgrade()
    click.echo("数据库已是最新版本。")


@db_cli.command("current")
def current() -> None:
    """显示数据库现在的版本。"""
    flask_migrate.current(verbose=False)


@db_cli.command("prepare")
def prepare() -> None:
    """升级数据库并载入随程序提供的题库，不启动服务。"""
    for sentence in server.prepare():
        click.echo(sentence)
    click.echo("已准备就绪。")


@db_cli.command("copy")
@click.argument("source", metavar="源地址")
@click.argument("target", metavar="目标地址")
def copy(source: str, target: str) -> None:
    """把全部数据从一个数据库复制到另一个空的数据库（SQLite、PostgreSQL均可），逐表核对。

    地址如sqlite:////opt/quizapp/instance/quizapp.db、postgresql://用户:口令@主机:5432/库名。
    """
    keeping_cli.copy(addresses.for_sqlalchemy(source), addresses.for_sqlalchemy(target))
