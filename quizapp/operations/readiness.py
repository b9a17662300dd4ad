"""Whether this node shall get people: its database answers, the clocks agree, tables are as the program needs, and
nobody has asked it to leave (`quizapp drain`), so that a proxy can send people elsewhere before a restart."""

import socket
from functools import cache
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from quizapp import clock
from quizapp.db import db
from quizapp.operations import transactions


def _mark() -> Path:
    """Of this machine alone: several may share the folder."""
    return Path(current_app.config["INSTANCE_DIR"]) / f"draining-{socket.gethostname()}"


def drain() -> None:
    """From now on /readyz of this node says no; what is under way goes on."""
    _mark().parent.mkdir(parents=True, exist_ok=True)
    _mark().touch()


def end_draining() -> None:
    """This node takes people again; starting it does so too."""
    _mark().unlink(missing_ok=True)


def is_draining() -> bool:
    return _mark().exists()


@cache
def _newest() -> str:
    """Read from the program's files once for each process."""
    return transactions.newest()


def hindrance() -> tuple[str, str] | None:
    """Why this node shall get nobody: a code and a sentence; none when it is ready. An unreachable database raises."""
    if is_draining():
        return "draining", "本机正准备停止或重启，不再接收新的访问。"
    stands = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if stands != _newest():
        return "migrations", f"数据库的版本是{stands}，本程序需要{_newest()}，请执行quizapp db upgrade。"
    if not clock.is_trusted():
        return "clock", "本机时间与数据库服务器相差超过1秒。"
    return None
