"""One page for whoever assesses the installation: what runs, how it is set, who has rights, what was tried out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.metadata import version as version_of
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from quizapp import addresses, config, dates
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.operations.doctor import Finding, last
from quizapp.people.models import ROLES, Grant, LoginSession, Person

UNUSED = timedelta(days=90)
HIDDEN = {"SECRET_KEY", "METRICS_TOKEN", "MAIL_PASSWORD"}  # told only as set or not
ADDRESSES = {"DATABASE_URL", "REPORTS_URL", "JOBS_URL"}  # may hold a password
LONGEST = 40  # characters of a setting's value
SECOND_PERSON = (
    "试题由编写、导入以外的审题人员审核后才能发布。",
    "更正答案重新评卷，须由另一人批准。",
    "作废、恢复和重开答卷，须由另一人批准并写明理由。",
    "本人提出的免考、缓考申请，须由另一人批准。",
)


def page(found: list[Finding], now: datetime) -> str:
    """The whole page as Markdown."""
    site = config.value("SITE_NAME")
    parts = [
        f"# {site}运行情况报告",
        f"生成时间：{dates.minute(now)}（北京时间）　程序版本：{version_of('quizapp')}",
        "## 一、检查结果",
        _table(("项目", "结果", "情况", "建议"), [(f.area, f.level, f.sentence, f.advice) for f in found]),
        "## 二、备份和恢复演练",
        _table(("事项", "最近一次"), _drills()),
        "## 三、管理权限和长期未用的账号",
        *_accounts(now),
        "## 四、须由两人办理的事项（程序强制执行）",
        "\n".join(f"- {rule}" for rule in SECOND_PERSON),
        f"本人审核本人编写试题的记录：{_own_reviews()}条（应为0）。",
        "## 五、设置",
        _table(("设置", "含义", "现值"), _settings()),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _drills() -> list[tuple[str, str]]:
    told = (("备份", "backed_up"), ("恢复演练", "drilled"), ("从备份恢复", "restored"))
    return [(words, _when(last(f"operations.{action}"))) for words, action in told]


def _when(moment: datetime | None) -> str:
    return dates.minute(moment) if moment else "没有记录"


def _accounts(now: datetime) -> list[str]:
    """Who holds roles, and when they last signed in; of the others only the number."""
    seen = (
        select(func.max(LoginSession.started_at)).where(LoginSession.person_id == Person.id).scalar_subquery()
    )
    unused = (func.coalesce(seen, Person.created_at) < now - UNUSED) & Person.disabled_at.is_(None)
    holders = db.session.execute(
        select(Person.account, Person.name, Grant.role, seen, sa.case((unused, True), else_=False))
        .join(Grant, Grant.person_id == Person.id)
        .order_by(Person.account, Grant.role)
    ).all()
    plain = ~Person.id.in_(select(Grant.person_id))
    others = db.session.scalar(select(func.count()).select_from(Person).where(unused, plain))
    rows = [
        (account, name, ROLES[role], _when(at), "90天未用，建议停用" if idle else "")
        for account, name, role, at, idle in holders
    ]
    table = _table(("学法账号", "姓名", "角色", "最近登录", "说明"), rows)
    return [table, f"没有管理角色、超过90天未登录的账号：{others}个。"]


def _own_reviews() -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                Revision.reviewed_by_id == Revision.author_id, Revision.author_id.is_not(None)
            )
        )
        or 0
    )


def _settings() -> list[tuple[str, str, str]]:
    return [(f"QUIZAPP_{s.name}", s.sentence, _shown(s.name, config.value(s.name))) for s in config.SETTINGS]


def _shown(name: str, value: Any) -> str:
    """A value without its secrets, cut where it is long."""
    if name in HIDDEN:
        return "已设置" if value else "未设置"
    if name in ADDRESSES and value:
        return sa.make_url(addresses.for_sqlalchemy(value)).render_as_string(hide_password=True)
    if isinstance(value, bool):
        return "是" if value else "否"
    words = str(value)
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}……"
