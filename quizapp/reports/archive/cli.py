"""`quizapp exams archive`: the archive of an exam as a file, and the comparison of one with its list of hashes."""

from pathlib import Path

import click
from flask import g

from quizapp import clock
from quizapp.db import db, reading
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp
from quizapp.reports.archive import access, jobs, making, queries, verifying


@bp.cli.command("archive")
@click.argument("exam_id", type=int, metavar="编号", required=False)
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), metavar="文件.zip", required=False)
@click.option(
    "--verify",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="文件.zip",
    help="核对一个归档包，逐个指出被改动、缺少或多出的文件；有不符时以状态1退出。",
)
def archive(exam_id: int | None, path: Path | None, verify: Path | None) -> None:
    """制作一次考试的归档包，或用--verify核对一个归档包。考试结束后才能制作。"""
    if verify is not None:
        _verify(verify)
        return
    exam = db.session.get(Exam, exam_id) if exam_id is not None else None
    if path is None or exam is None or exam.published_at is None:
        raise click.ClickException("请写明已发布考试的编号和文件名，如：quizapp exams archive 3 归档.zip")
    if path.exists():
        raise click.ClickException(f"{path}已存在，没有覆盖。")
    access.may_make(exam, clock.now())
    db.session.rollback()
    jobs.up_to_date(exam.id)
    g.held = []  # nobody is signed in; who runs commands on this machine sees everything
    with reading():
        made = making.make(exam.id, path, now=clock.now(), hidden=set(), keys=True)
    making.note(exam.id, made, actor_id=None)
    db.session.commit()
    click.echo(f"已制作{path}，共{len(made.archive.files)}个文件，{made.size:,}字节。")
    click.echo(f"整包校验值：{made.archive.whole}")
    click.echo(f"ZIP文件SHA-256：{made.sha256}")


def _verify(path: Path) -> None:
    try:
        with path.open("rb") as file:
            verdict = verifying.verify(file)
    except verifying.NoArchive as error:
        raise click.ClickException(str(error)) from error
    for sentence in verdict.sentences:
        click.echo(sentence)
    click.echo(f"整包校验值：{verdict.whole}")
    known = queries.made_as(verdict.whole)
    if not verdict.sound:
        raise click.ClickException(f"归档包与校验清单不符，{len(verdict.sentences)}处。")
    click.echo(f"{verdict.files}个文件与校验清单一致。")
    if known is None:
        raise click.ClickException("本系统没有登记过这个整包校验值：归档包可能被整个替换，或由其他系统制作。")
    click.echo(f"与{clock.today(known[0].at)}由{known[0].by}制作时登记的整包校验值一致。")
