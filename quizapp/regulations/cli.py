"""Commands for administrators: which regulations are there, and a new one."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations import actions, documents, foreseeing, importing, queries
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
@click.option(
    "--slug", help="法规在网址中的标识；不填时用同名法规的，regulation.md用所在文件夹的名称，其余用拼音。"
)
@click.option("--title", help="名称；不填时用文中的名称。")
@click.option("--effective-on", type=click.DateTime(["%Y-%m-%d"]), help="施行日期；不填时用文中写明的。")
@click.option("--issued-by", help="制定机关；不填时用文中写明的。")
@click.option("--accept-doubts", is_flag=True, help="已核对全部疑问，照样导入。")
@click.option("--check", is_flag=True, help="只检查，不导入。")
def import_file(
    file: Path,
    slug: str | None,
    title: str | None,
    effective_on: datetime | None,
    issued_by: str | None,
    accept_doubts: bool,
    check: bool,
) -> None:
    """从文件（.docx、.txt或.md）导入一部法规的一个版本。

    编、章、节、条、款、项从文字中识别；有疑问时逐条列出，核对后可加--accept-doubts。
    同一文本再次导入不产生新的版本。
    """
    try:
        document = documents.read(file.read_bytes(), file.name)
    except Refused as refused:
        raise click.ClickException(refused.sentence + refused.advice) from None
    read_so = read(document.text)
    own = importing.proposed(read_so, "")
    said = replace(
        own,
        title=title or own.title,
        issued_by=issued_by or own.issued_by,
        effective_on=effective_on.date() if effective_on else own.effective_on,
    )
    said = replace(said, slug=slug or _slug(file, said.title))
    parsed = importing.confirmed(read_so, said)
    doubts = [*document.told, *parsed.doubts]
    for doubt in doubts:
        click.echo(f"{file.name}:{doubt.line} {doubt.sentence}", err=True)
    click.echo(f"《{parsed.title}》，共{parsed.count('article')}条，{len(doubts)}处疑问。")
    if not any(doubt.serious for doubt in doubts):
        _tell(foreseeing.foreseen(document.text, parsed, said, clock.now()))
    if check:
        return
    for sentence in foreseeing.wrong(said, document.text).values():
        raise click.ClickException(sentence)
    try:
        edition = actions.import_edition(
            document.text,
            slug=said.slug,
            now=clock.now(),
            actor_id=None,
            despite_doubts=accept_doubts,
            said=said,
            told=document.told,
        )
    except Refused as refused:
        raise click.ClickException(refused.sentence) from None
    day, state = edition.effective_on.isoformat(), "现行" if edition.in_force else "未在施行"
    db.session.commit()
    click.echo(f"已导入：{day}起施行的版本（{state}），标识{said.slug}。")


def _slug(file: Path, title: str) -> str:
    known = foreseeing.known(title)
    if known is not None:
        return known.slug
    return file.resolve().parent.name if file.name == "regulation.md" else importing.slug_for(title)


def _tell(foreseen: foreseeing.Foreseen) -> None:
    """What a new edition changes."""
    changes = foreseen.changes
    if changes is None or foreseen.same is not None:
        return
    counts = f"修改{len(changes.changed)}条，新增{len(changes.added)}条，删除{len(changes.removed)}条"
    moved = f"，条号变化{len(changes.moved)}条" if changes.moved else ""
    click.echo(f"与现行版本相比：{counts}{moved}；{foreseen.stops}道已发布的试题引文有改动。")
