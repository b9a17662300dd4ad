"""Commands for administrators: which regulations are there, and a new one."""

from pathlib import Path

import click

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations import actions, queries
from quizapp.regulations.pages import bp
from quizapp.regulations.structure import read

bp.cli.help = "法规：查看、导入。"


@bp.cli.command("list")
def show_list() -> None:
    """列出已导入的法规和现行版本。"""
    rows = queries.shelf()
    for row in rows:
        day = row.edition.effective_on.isoformat()
        click.echo(f"{row.slug}\t《{row.title}》\t{row.articles}条\t{day}起施行")
    if not rows:
        click.echo("还没有法规。")


@bp.cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", help="法规在网址中的标识；不填时用文件所在文件夹的名称。")
@click.option("--accept-doubts", is_flag=True, help="已核对全部疑问，照样导入。")
@click.option("--check", is_flag=True, help="只检查，不导入。")
def import_file(file: Path, slug: str | None, accept_doubts: bool, check: bool) -> None:
    """从文本文件（.md或.txt）导入一部法规的一个版本。

    编、章、节、条、款、项从文字中识别；有疑问时逐条列出，核对后可加--accept-doubts。
    同一文本再次导入不产生新的版本。
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException("文件不是UTF-8编码的文本，未导入。") from None
    parsed = read(text)
    for doubt in parsed.doubts:
        click.echo(f"{file.name}:{doubt.line} {doubt.sentence}", err=True)
    articles = sum(provision.kind == "article" for provision in parsed.provisions)
    click.echo(f"《{parsed.title}》，共{articles}条，{len(parsed.doubts)}处疑问。")
    if check:
        return
    try:
        edition = actions.import_edition(
            text,
            slug=slug or file.resolve().parent.name,
            now=clock.now(),
            actor_id=None,
            despite_doubts=accept_doubts,
        )
    except Refused as refused:
        raise click.ClickException(refused.sentence) from None
    day, state = edition.effective_on.isoformat(), "现行" if edition.in_force else "未在施行"
    db.session.commit()
    click.echo(f"已导入：{day}起施行的版本（{state}）。")
