"""`quizapp people token …`: the tokens of the JSON API from the command line, by the same actions."""

import click

from quizapp import clock, dates
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Unit
from quizapp.people.pages import bp
from quizapp.people.tokens import actions, queries, rules
from quizapp.people.tokens.models import ApiToken


@bp.cli.group("token", short_help="接口令牌")
def token() -> None:
    """接口令牌：制作、列出、撤销。"""


@token.command("make")
@click.argument("label", metavar="用途")
@click.argument("code", metavar="单位编码")
@click.argument("scopes", nargs=-1, required=True, type=click.Choice(list(rules.SCOPES)), metavar="权限…")
@click.option(
    "--days", default=180, show_default=True, type=click.IntRange(1, rules.LONGEST), help="有效天数。"
)
def make(label: str, code: str, scopes: tuple[str, ...], days: int) -> None:
    """制作一个令牌并显示，只显示这一次。

    \b
    权限：
      units:read         单位
      people:read        人员（不含手机号）
      people.phone:read  人员的手机号
      completion:read    考试完成情况
      results:read       已公布考试的成绩
    """
    unit = db.session.scalars(db.select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        raise click.ClickException(f"没有编码为“{code}”的单位。")
    try:
        made, secret = actions.make(unit, label, scopes, days, now=clock.now(), actor_id=None)
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused
    until = dates.closing(made.expires_at)
    db.session.commit()
    click.echo(secret)
    click.echo(f"有效期至{until}。令牌只显示这一次，请妥善保存。", err=True)


@token.command("list")
def list_tokens() -> None:
    """列出令牌：编号、用途、单位、权限、有效期、最近使用。"""
    roots = db.session.execute(db.select(Unit.lft, Unit.rgt).where(Unit.parent_id.is_(None))).all()
    for row in queries.listed([(lft, rgt) for lft, rgt in roots], clock.now()):
        one = row.token
        used = dates.minute(one.last_used_at) if one.last_used_at else "没有使用过"
        state = {"token_revoked": "已撤销", "token_expired": "已过期"}.get(
            row.state, f"有效期至{dates.closing(one.expires_at)}"
        )
        click.echo(f"{one.id}\t{one.label}\t{row.unit}\t{row.scopes}\t{state}\t{used}")


@token.command("revoke")
@click.argument("number", type=int, metavar="编号")
def revoke(number: int) -> None:
    """撤销一个令牌，立即生效。"""
    found = db.session.get(ApiToken, number)
    if found is None:
        raise click.ClickException(f"没有编号为{number}的令牌。")
    actions.revoke(found, now=clock.now(), actor_id=None)
    told = f"已撤销“{found.label}”。"
    db.session.commit()
    click.echo(told)
