"""`quizapp bank …`: the same reading, checking and storing as the pages.

Exit status: 0 nothing is wrong, 1 some question has errors (the others are still printed or imported), 2 the file
cannot be read or the bank does not exist.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy import literal, select, true
from sqlalchemy.exc import OperationalError, ProgrammingError

from quizapp import clock, figures
from quizapp.bank import actions, catalogue, folders, formats
from quizapp.bank.checking import Laws, check
from quizapp.bank.desk import summary
from quizapp.bank.drafts import KIND_WORDS, SEVERITIES, USE_WORDS, Problem, Reading
from quizapp.bank.formats.records import write as as_json
from quizapp.bank.models import Bank, ImportBatch
from quizapp.bank.pages import bp
from quizapp.bank.profile import Profile, profile
from quizapp.bank.queries import shelf
from quizapp.bank.storing import prepared, preview
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations.models import Regulation
from quizapp.regulations.numerals import label

bp.cli.help = "题库：检查、导入、转换、撤销导入。"  # shown by `quizapp --help`
_path = click.Path(exists=True, path_type=Path)


def _unreadable(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


def _read(path: Path, kind: str | None = None) -> tuple[Reading, bytes]:
    """The questions of a file or of a bank's folder, and the bytes they were read from."""
    try:
        if folders.is_folder(path):
            return folders.read_questions(path), b""
        if path.is_dir():
            _unreadable(f"{path}不是题库文件夹：其中没有bank.toml。")
        data = path.read_bytes()
        return formats.read(data, path.name, kind or ""), data
    except Refused as refused:
        _unreadable(f"{path}：{refused.sentence}")
    except OSError:
        _unreadable(f"{path}不能读取。")


def _laws(path: Path) -> Laws | None:
    """The law to check against: the folder's own, else the only regulation in the database, else none."""
    try:
        law = folders.read(path).law if folders.is_folder(path) else folders.regulation_beside(path)
    except Refused as refused:
        _unreadable(f"{path}：{refused.sentence}")
    if law is not None:
        return {"": law, law.title: law}
    try:
        ids = list(db.session.scalars(select(Regulation.id)))
        return shelf(Bank(regulation_id=ids[0])).laws if len(ids) == 1 else None
    except (OperationalError, ProgrammingError):  # no database, or none with tables yet
        db.session.rollback()
        return None


def _bank(slug: str) -> Bank:
    bank = db.session.scalars(select(Bank).where(Bank.slug == slug)).one_or_none()
    if bank is None:
        _unreadable(f"没有地址为“{slug}”的题库。可以用bank list查看。")
    return bank


def _say(problems: Iterable[Problem]) -> None:
    for problem in problems:
        place = f"{problem.source}:{problem.line}" if problem.line else problem.source
        words = f"[{problem.column}] {SEVERITIES[problem.severity]}：{problem.message}"
        click.echo(f"{place} {words}".strip(), err=True)


def _status(reading: Reading) -> int:
    return int(any(problem.severity == "error" for problem in reading.all_problems()))


@bp.cli.command("check")
@click.argument("path", type=_path)
@click.option("--json", "json_form", is_flag=True, help="以JSON列出每一题及其问题。")
def check_questions(path: Path, json_form: bool) -> None:
    """检查试题文件或题库文件夹PATH，列出全部问题和统计数字。不写入任何内容。"""
    reading, _ = _read(path)
    laws = _laws(path)
    reading.drafts = check(reading.drafts, laws)
    if laws is None:
        click.echo("没有找到法规原文，没有核对依据。", err=True)
    if json_form:
        _say(reading.problems)
        click.echo(as_json(reading.drafts), nl=False)
    else:
        _say(reading.all_problems())
        click.echo(summary(reading.drafts))
        _print(profile(reading.drafts, laws))
    sys.exit(_status(reading))


def _print(counts: Profile) -> None:
    def line(name: str, pairs: Iterable[tuple[str, int]]) -> None:
        click.echo(f"{name}：" + "，".join(f"{word}{count}" for word, count in pairs))

    line("题型", ((KIND_WORDS[kind], count) for kind, count in counts.kinds.items()))
    line("用途", ((USE_WORDS[use], count) for use, count in counts.uses.items()))
    click.echo(f"仅供模拟卷：{counts.mock_only}题")
    line("难度", ((f"{level}级", count) for level, count in counts.difficulties.items()))
    singles = counts.singles
    shares = (
        f"{key} {count}（{figures.percent(count, singles)}）" for key, count in counts.positions.items()
    )
    click.echo("单选题答案位置：" + "，".join(shares))
    click.echo(f"单选题答案是最长选项：{counts.longest}题（{figures.percent(counts.longest, singles)}）")
    judges = counts.kinds["judge"]
    click.echo(f"判断题答案为正确：{counts.judge_right}题（{figures.percent(counts.judge_right, judges)}）")
    if counts.tags:
        line("标签", ((f"{tag} ", count) for tag, count in counts.tags.items()))
    if counts.telling:
        pairs = "，".join(f"{code}（答案见{teller}题干）" for code, teller in counts.telling)
        click.echo(f"不宜放在同一份试卷的试题：{pairs}")
    for sentence in counts.flaws:
        click.echo(f"整体情况：{sentence}")
    if counts.articles:
        line("条文", ((f"{label(number, '条')} ", count) for number, count in counts.articles.items()))
        missing = "、".join(label(number, "条") for number in counts.uncovered)
        click.echo(f"没有试题的条文：{missing or '无'}")


@bp.cli.command("import")
@click.argument("path", type=_path)
@click.option("--bank", "slug", required=True, help="题库的地址。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@click.option("--json", "json_form", is_flag=True, help="以JSON列出每一题及其问题。")
def import_questions(path: Path, slug: str, dry_run: bool, json_form: bool) -> None:
    """把试题文件或题库文件夹PATH导入题库，作为草稿。有错误的题不导入；再次导入没有变化的题不产生新版本。"""
    reading, data = _read(path)
    bank = _bank(slug)
    ready = prepared(reading.drafts, bank)
    counts = preview(ready)
    whole = Reading(ready.drafts, reading.problems)
    _say(reading.problems if json_form else whole.all_problems())
    if json_form:
        click.echo(as_json(ready.drafts), nl=False)
    click.echo(summary(ready.drafts), err=json_form)
    if dry_run:
        words = f"将新增{counts.new}题，更新{counts.changed}题，未变{counts.same}题。没有写入任何内容。"
    else:
        batch, outcome = actions.accept(
            reading.drafts, bank, file_name=path.name, data=data, by_id=None, now=clock.now(), ready=ready
        )
        words = (
            f"批次{batch.id}：新增{len(outcome.new)}题，更新{len(outcome.changed)}题，未变{outcome.same}题。"
        )
        db.session.commit()
    click.echo(words, err=json_form)
    sys.exit(_status(whole))


@bp.cli.command("convert")
@click.argument("source", metavar="IN", type=_path)
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--from", "from_kind", type=click.Choice(formats.READABLE), help="IN的格式，默认按内容识别。")
@click.option("--title", default="", help="写在文件开头的标题。")
@click.option("--to", "to_kind", type=click.Choice(formats.WRITABLE), help="OUT的格式，默认按文件名。")
def convert(source: Path, target: Path, from_kind: str | None, to_kind: str | None, title: str) -> None:
    """把试题文件或题库文件夹IN转换为OUT。OUT为-时输出到屏幕，此时用--to说明格式。"""
    kind = to_kind or formats.for_ending(target.name)
    if kind is None:
        _unreadable(f"从文件名看不出OUT的格式，请用--to说明：{'、'.join(formats.WRITABLE)}。")
    reading, _ = _read(source, from_kind)
    data = formats.write(reading.drafts, kind, title)
    if str(target) == "-":
        click.echo(data, nl=False)
    else:
        target.write_bytes(data)
    _say(reading.all_problems())
    click.echo(f"已转换{len(reading.drafts)}题。", err=True)
    if lost := formats.losses(reading.drafts, kind):
        click.echo(f"{formats.BY_NAME[kind].word}不能保存：{'，'.join(lost)}。", err=True)
    sys.exit(_status(reading))


@bp.cli.command("undo")
@click.argument("batch_id", metavar="BATCH", type=int)
def undo(batch_id: int) -> None:
    """撤销一次导入的全部试题。已有试题发布时不能撤销。"""
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        _unreadable(f"没有批次{batch_id}。")
    try:
        count = actions.undo(batch, by_id=None, now=clock.now())
    except Refused as refused:
        _unreadable(refused.sentence)
    db.session.commit()
    click.echo(f"已撤销批次{batch_id}，删除{count}题。")


@bp.cli.command("list")
@click.option("--json", "json_form", is_flag=True, help="以JSON输出。")
def list_banks(json_form: bool) -> None:
    """列出全部题库及其题数。"""
    rows = catalogue.banks(true(), literal(""))
    if json_form:
        click.echo(json.dumps([vars(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        sealed = "，封闭" if row.sealed else ""
        counts = f"{row.questions}题，已发布{row.published}题，待审{row.waiting}题"
        click.echo(f"{row.slug}  {row.title}  {counts}{sealed}")
