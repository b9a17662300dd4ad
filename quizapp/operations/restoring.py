"""Putting a backup back: it is filled in beside the old database, compared, and takes its place only when it is whole.

On SQLite the old file stays beside the new one under another name; on PostgreSQL the old tables stay in a schema of
their own. Whoever is still in an exam loses nothing that the own page knows: pages bring it back by the protocol.
"""

import contextlib
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from quizapp.clock import CHINA
from quizapp.errors import Refused
from quizapp.operations import loading, rows, transactions
from quizapp.operations.backup_file import Backup
from quizapp.operations.loading import Advance

QUEUE = "huey_"  # tables of the job queue begin with it


class _Rehearsed(Exception):
    """Ends the transaction of a drill: everything in it is thrown away."""


def check_version(backup: Backup) -> None:
    """Refuse a backup of tables that this program does not know."""
    if not transactions.is_known(backup.revision):
        raise Refused(
            "newer",
            f"备份来自更新版本的程序（{backup.manifest['program']}，数据版本{backup.revision}），"
            f"本程序只认识到数据版本{transactions.newest()}，没有改动任何内容。",
            "请先升级程序，再恢复。",
        )


def _fill(connection: Connection, backup: Backup, advance: Advance) -> None:
    backup.check(loading.load(connection, backup, advance))


def drill(backup: Backup, url: str, folder: Path, advance: Advance) -> None:
    """Restore into a scratch database of the same kind as `url`, compare everything, and throw it away.

    folder: where there is room for an SQLite file. Raises Refused when the backup cannot be restored.
    """
    check_version(backup)
    if transactions.sqlite_path(url) is not None:
        with tempfile.TemporaryDirectory(dir=folder, prefix="drill-") as scratch:
            with transactions.filling(f"sqlite:///{Path(scratch) / 'drill.db'}") as connection:
                _fill(connection, backup, advance)
        return
    schema = f"quizapp_drill_{os.getpid()}"
    try:
        with transactions.filling(url, schema) as connection:
            connection.execute(sa.schema.CreateSchema(schema))
            _fill(connection, backup, advance)
            raise _Rehearsed
    except _Rehearsed:
        return


def restore(backup: Backup, url: str, *, replace: bool, now: datetime, advance: Advance) -> str:
    """Make the database at `url` what the backup holds. Gives a sentence that says where the old one is, or nothing.

    replace: whether a database that holds anything may give way. Raises Refused, and then nothing has changed.
    """
    check_version(backup)
    stamp = f"{now.astimezone(CHINA):%Y%m%d_%H%M%S}"
    path = transactions.sqlite_path(url)
    if path is None:
        return _restore_postgresql(backup, url, stamp, replace=replace, advance=advance)
    return _restore_sqlite(backup, path, stamp, replace=replace, advance=advance)


def _not_empty() -> Refused:
    return Refused(
        "not_empty",
        "数据库中已有内容，没有恢复。",
        "确认要用备份替换现有内容时，请先停止系统，再加上--replace重新执行；现有内容会另外保留。",
    )


def _restore_sqlite(backup: Backup, path: Path, stamp: str, *, replace: bool, advance: Advance) -> str:
    there = path.exists()
    if there and not replace and not _is_empty_file(path):
        raise _not_empty()
    if there:
        _ask_others_out(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="restoring-") as scratch:
        made = Path(scratch) / path.name
        with transactions.filling(f"sqlite:///{made}") as connection:
            _fill(connection, backup, advance)
        kept = path.with_name(f"{path.name}.before-{stamp}")
        if there:
            _ask_others_out(path)
            for end in ("-wal", "-shm", ""):
                if Path(f"{path}{end}").exists():
                    Path(f"{path}{end}").rename(f"{kept}{end}")
        _give_to_the_same(made, kept if there else path.parent)
        made.rename(path)
    _sync(path.parent)
    return f"原来的数据库文件保留为{kept}。" if there else ""


def _is_empty_file(path: Path) -> bool:
    try:
        with transactions.snapshot(f"sqlite:///{path}") as connection:
            return _is_empty(connection)
    except sa.exc.DatabaseError:  # damaged, and so the very thing that a backup is for: but it is not empty
        return False


def _is_empty(connection: Connection) -> bool:
    return not any(rows.count(connection, table) for table in rows.tables(connection))


def _ask_others_out(path: Path) -> None:
    """Refuse while anybody is connected to the file; afterwards it is complete without its log."""
    engine = sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool, connect_args={"timeout": 1})
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    except sa.exc.DatabaseError as error:
        if "locked" in str(error.orig):
            raise transactions.in_use(path) from error
    finally:  # a damaged file is kept as it is, log included
        engine.dispose()


def _give_to_the_same(made: Path, like: Path) -> None:
    """Let the new file belong to whom the old one did: root may restore what another user serves."""
    made.chmod(0o600 if like.is_dir() else like.stat().st_mode & 0o777)
    with contextlib.suppress(OSError):
        shutil.chown(made, like.stat().st_uid, like.stat().st_gid)


def _sync(folder: Path) -> None:
    """The renamings themselves onto the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _restore_postgresql(backup: Backup, url: str, stamp: str, *, replace: bool, advance: Advance) -> str:
    new, old = f"restoring_{stamp}", f"before_{stamp}"
    with transactions.snapshot(url) as connection:
        home = connection.execute(sa.text("SELECT current_schema()")).scalar_one()
        there, empty = bool(_ours(connection, home)), _is_empty(connection)
    if not empty and not replace:
        raise _not_empty()
    with transactions.filling(url, new) as connection:
        connection.execute(sa.schema.CreateSchema(new))
        _fill(connection, backup, advance)
        if there:
            connection.execute(sa.schema.CreateSchema(old))
            _move(connection, home, old)
        _move(connection, new, home)
        connection.execute(sa.schema.DropSchema(new))
        if there and empty:
            connection.execute(sa.schema.DropSchema(old, cascade=True))
    return (
        f"原来的数据表保留在模式{old}中，确认不再需要后可以删除（DROP SCHEMA {old} CASCADE）。"
        if not empty
        else ""
    )


def _ours(connection: Connection, schema: str) -> list[str]:
    """Tables of the app in a schema; the queue's are not part of a backup and stay where they are."""
    names = sa.inspect(connection).get_table_names(schema=schema)
    return [name for name in names if not name.startswith(QUEUE)]


def _move(connection: Connection, source: str, target: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    for name in _ours(connection, source):
        connection.execute(sa.DDL(f"ALTER TABLE {quoted(source)}.{quoted(name)} SET SCHEMA {quoted(target)}"))
