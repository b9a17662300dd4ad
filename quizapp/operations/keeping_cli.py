"""Commands that keep and move data: backup, restore, db copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.exc import DBAPIError

from quizapp import addresses, audit, clock, dates
from quizapp.db import db
from quizapp.operations import backing_up, copying, private_keys, restoring
from quizapp.operations.backup_file import Backup, open_backup
from quizapp.operations.loading import Advance
from quizapp.operations.pages import bp

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="文件")


@contextmanager
def _progress(words: str, total: int) -> Iterator[Advance]:
    """A bar on a terminal, one line elsewhere."""
    with click.progressbar(length=max(total, 1), label=words) as bar:
        yield bar.update
        bar.update(max(total, 1))


@bp.cli.command("backup")
@FILE
@click.option(
    "--with-secret-key",
    is_flag=True,
    help="把签名密钥（登录和合格证的）也放进备份文件；此后须像保管密钥一样保管它。",
)
@click.option("--no-drill", is_flag=True, help="只写文件，不做恢复演练。")
def backup(file: Path, with_secret_key: bool, no_drill: bool) -> None:
    """备份全部数据到一个文件，并立即恢复到临时数据库核对；系统可以照常运行。"""
    url = current_app.config["DATABASE_URL"]
    key = current_app.config["SECRET_KEY"] if with_secret_key else None
    signer, told = private_keys.of_certificates() if with_secret_key else (None, "")
    with _progress("正在备份", backing_up.size(url)) as advance:
        made = backing_up.back_up(
            url, file, now=clock.now(), key=key, certificate_key=signer, advance=advance
        )
    click.echo(f"已备份{len(made.tables)}个数据表、{made.total}行，文件：{file}（{_size(file)}）。")
    if with_secret_key:
        click.echo(f"文件中含有签名密钥，请严格保管。{told}")
    else:
        click.echo("文件中不含签名密钥（secret_key、certificate_key），请另行保管。")
    _note("operations.backed_up", made)
    if not no_drill:
        _drill(made)


@bp.cli.command("restore")
@FILE
@click.option("--replace", is_flag=True, help="替换数据库中现有的内容；现有内容另外保留。请先停止系统。")
@click.option("--drill", is_flag=True, help="恢复演练：恢复到临时数据库，核对后删除，不动现有数据。")
def restore(file: Path, replace: bool, drill: bool) -> None:
    """从备份文件恢复全部数据；数据库须是空的，或者加上--replace。"""
    if not file.is_file():
        raise click.ClickException(f"没有找到文件{file}。")
    found = open_backup(file)
    click.echo(f"备份时间：{_when(found)}，{len(found.tables)}个数据表、{found.total}行。")
    if drill:
        _drill(found)
        return
    url = current_app.config["DATABASE_URL"]
    db.engine.dispose()
    with _progress("正在恢复", 2 * found.total) as advance:
        said = restoring.restore(found, url, replace=replace, now=clock.now(), advance=advance)
    _note("operations.restored", found)
    click.echo(f"已恢复，各表行数和内容与备份一致。{said}")
    click.echo("备份之后的改动不在其中；正在考试的页面会自动把本机保存的答案补传。")
    for sentence in private_keys.put_back(found, clock.now()):
        click.echo(sentence)


def _drill(found: Backup) -> None:
    config = current_app.config
    folder = Path(config["INSTANCE_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    with _progress("正在恢复演练", 2 * found.total) as advance:
        restoring.drill(found, config["DATABASE_URL"], folder, advance)
    _note("operations.drilled", found)
    click.echo("恢复演练通过：各表行数和内容与备份一致。")


def _note(action: str, found: Backup) -> None:
    """Leave a row for whoever asks later (quizapp doctor); a database that takes none keeps the work from nobody."""
    facts = {"taken_at": found.manifest["taken_at"], "rows": found.total, "file": found.path.name}
    facts["certificate_key"] = found.manifest.get("certificate_key", "")  # its id
    try:
        audit.record(action, ("backup", found.seal[:16]), actor_id=None, **facts)
        db.session.commit()
    except DBAPIError:
        db.session.rollback()
        click.echo("数据库当前不能写入，未留下操作记录，其他不受影响。", err=True)


def _when(found: Backup) -> str:
    return dates.minute(datetime.fromisoformat(found.manifest["taken_at"]))


def _size(file: Path) -> str:
    return f"{file.stat().st_size / 1024**2:.1f}兆字节"


def copy(source: str, target: str) -> None:
    """把全部数据从一个数据库复制到另一个空的数据库（SQLite、PostgreSQL均可），逐表核对。"""
    source, target = addresses.for_sqlalchemy(source), addresses.for_sqlalchemy(target)
    copying.check(source, target)
    with _progress("正在复制", 2 * backing_up.size(source)) as advance:
        sums = copying.copy(source, target, advance)
    for each in sums:
        click.echo(f"{each.table.name}\t{each.count}行\t{each.digest[:16]}")
    click.echo(
        f"已复制{len(sums)}个数据表、{sum(each.count for each in sums)}行，行数和内容逐表核对一致。"
        "源数据库没有改动；请停止系统，把QUIZAPP_DATABASE_URL改为新地址后启动。"
    )
