"""`quizapp people …`: units, the roster, passwords and grants from the command line, by the same actions."""

from pathlib import Path

import click

from quizapp import clock, spreadsheets, uploads
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, applying, importing, queries
from quizapp.people.models import ROLES, Person, Unit
from quizapp.people.pages import bp
from quizapp.people.plans import Plan
from quizapp.people.sign_in import plain_login

bp.cli.help = "单位、人员名册、口令和授权。"
bp.cli.short_help = "单位、人员名册、口令和授权"
SHEET = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")


def _everywhere() -> list[tuple[int, int]]:
    return [
        (unit.lft, unit.rgt) for unit in db.session.scalars(db.select(Unit).where(Unit.parent_id.is_(None)))
    ]


def _person(login: str) -> Person:
    person = queries.person_called(plain_login(login))
    if person is None:
        raise click.ClickException(f"没有学法账号、工号或手机号为“{login}”的人员。")
    return person


def _unit(code: str) -> Unit:
    unit = db.session.scalars(db.select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        raise click.ClickException(f"没有编码为“{code}”的单位。")
    return unit


@bp.cli.command("list")
@click.option("--unit", "code", metavar="单位编码", help="只列这个单位和它的下级单位。")
@click.option(
    "--find", "words", default="", metavar="文字", help="按姓名、拼音首字母、学法账号、工号或手机尾号查找。"
)
def list_people(code: str | None, words: str) -> None:
    """列出人员：学法账号、姓名、单位、口令状态。"""
    where = [(unit.lft, unit.rgt)] if code and (unit := _unit(code)) else _everywhere()
    rows, total = queries.people_page(where, clock.today(), words=words, size=spreadsheets.ROWS)
    states = {"none": "未发口令", "slip": "口令条待用", "own": "已设口令"}
    for row in rows:
        click.echo(
            f"{row.account}\t{row.name}\t{row.unit_name}\t{'已停用' if row.disabled else states[row.state]}"
        )
    click.echo(f"共{total}人。", err=True)


@bp.cli.command("add")
@click.argument("name", metavar="姓名")
@click.argument("code", metavar="单位编码")
@click.option("--number", default="", metavar="工号", help="工号，可以用来登录。")
@click.option("--phone", default="", metavar="手机号", help="手机号，可以用来登录。")
@click.option("--post", default="", metavar="职务", help="职务。")
@click.option("--category", default="", metavar="类别", help="人员类别。")
def add(name: str, code: str, number: str, phone: str, post: str, category: str) -> None:
    """添加一名人员，并给出一次性口令。检查规则与名册导入相同。"""
    header = ["姓名", "单位编码", "工号", "手机号", "职务", "人员类别"]
    rows = [spreadsheets.Row(1, header), spreadsheets.Row(2, [name, code, number, phone, post, category])]
    planned = importing.plan_people(rows, _all_units(), clock.now())
    _stop_at_problems(planned, "命令")
    for doubt in planned.doubts:
        raise click.ClickException(
            f"{doubt.reason}，没有添加。确是另一人的，请加工号，或在网页上导入并选择。"
        )
    if not planned.new:
        raise click.ClickException("系统中已有这名人员，没有改动任何内容。")
    ids = applying.apply_people(planned, clock.now(), actor_id=None)
    _print_slips(ids)
    db.session.commit()


def _all_units() -> set[int]:
    return {unit.id for unit in queries.known_units()}


def _stop_at_problems(planned, name: str) -> None:
    for problem in planned.problems:
        place = f"第{problem.row}行 " if problem.row else ""
        click.echo(f"{name}: {place}[{problem.column}] {problem.message}", err=True)
    if planned.problems:
        raise click.ClickException(f"{len(planned.problems)}处问题，没有导入任何内容。")


def _tell(done: int, total: int) -> None:
    """How far a long import is."""
    if total > applying.AT_ONCE:
        click.echo(f"正在导入：已完成{done}/{total}人……", err=True)


def _tell_undecided(planned: Plan, name: str) -> None:
    """What only a person can decide, and so only on the page."""
    for doubt in planned.doubts:
        told = f"{doubt.entry.name}：{doubt.reason}，没有导入；请在网页上导入并选择。"
        click.echo(f"{name}: 第{doubt.entry.row}行 {told}", err=True)
    kept = len(planned.missing) - len(planned.endings)
    if kept:
        click.echo(f"{name}: 系统中有、表中没有的{kept}项保持不变。", err=True)


def _import(kind: str, file: Path) -> None:
    data = file.read_bytes()
    try:
        rows = spreadsheets.read(data, file.name)
        planned = importing.plan(kind, rows, _all_units(), clock.now())
    except Refused as refused:
        raise click.ClickException(f"{file.name}：{refused.sentence}{refused.advice}") from refused
    for warning in planned.warnings:
        click.echo(f"{file.name}: 第{warning.row}行 [{warning.column}] 请核对：{warning.message}", err=True)
    _stop_at_problems(planned, file.name)
    if isinstance(planned, Plan):
        _tell_undecided(planned, file.name)
    if planned.changes_nothing:
        click.echo("内容与系统中的一致，没有改动。")
        return
    file_hash = uploads.content_hash(data)
    importing.apply(kind, planned, file.name, file_hash, clock.now(), actor_id=None, report=_tell)
    db.session.commit()
    click.echo(f"导入完成：新增{len(planned.new)}，更新{planned.changed}，未变{planned.unchanged}。")


@bp.cli.command("import")
@SHEET
def import_people(file: Path) -> None:
    """导入人员名册（.xlsx、.xls或.csv）：全部导入，或者一行也不导入。"""
    _import("people", file)


@bp.cli.command("units-import")
@SHEET
def import_units(file: Path) -> None:
    """导入单位（.xlsx、.xls或.csv）：全部导入，或者一行也不导入。"""
    _import("units", file)


@bp.cli.command("reset")
@click.argument("logins", nargs=-1, required=True, metavar="账号…")
def reset(logins: tuple[str, ...]) -> None:
    """重置口令：给出一次性口令，原口令和已有登录立即失效。"""
    ids = [_person(login).id for login in logins]
    _print_slips(ids)
    db.session.commit()


def _print_slips(ids: list[int]) -> None:
    for slip in actions.issue_slips(ids, clock.now()):
        until = slip.expires_at.astimezone(clock.CHINA)
        click.echo(
            f"{slip.name}\t学法账号 {slip.account}\t一次性口令 {slip.one_time_password}\t有效期至{until:%Y-%m-%d}"
        )


@bp.cli.command("grant")
@click.argument("login", metavar="账号")
@click.argument("role", type=click.Choice(list(ROLES)), metavar="角色")
@click.argument("code", metavar="单位编码")
def grant(login: str, role: str, code: str) -> None:
    """授予角色，范围是该单位及其全部下级单位。

    \b
    角色：
      administrator       系统管理员
      unit_administrator  单位管理员
      leader              单位负责人
      writer              命题人员
      reviewer            审题人员
      exam_administrator  考务管理员
      invigilator         监考人员
    """
    person, unit = _person(login), _unit(code)
    actions.grant(person, role, unit, now=clock.now(), actor_id=None)
    told = f"已授权{person.name}为“{unit.name}”及下级单位的{ROLES[role]}。"
    db.session.commit()
    click.echo(told)


@bp.cli.command("first-admin")
def first_admin() -> None:
    """系统中还没有人员时，创建第一名系统管理员，并给出一次性口令。"""
    made = actions.first_administrator(clock.now())
    if made is None:
        raise click.ClickException("系统中已有人员。忘记口令的，请用 quizapp people reset 学法账号。")
    db.session.commit()
    click.echo(f"学法账号 {made[0]}\t一次性口令 {made[1]}")
