"""Taking a backup while the system runs: all tables as they were at one moment, in one file, tried out at once."""

from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path

from sqlalchemy import Connection

from quizapp.errors import Refused
from quizapp.operations import rows, transactions
from quizapp.operations.backup_file import Backup, Draft, open_backup
from quizapp.operations.loading import Advance, told
from quizapp.operations.rows import Table


def back_up(url: str, out: Path, *, now: datetime, key: str | None, advance: Advance) -> Backup:
    """Write all tables of the database at `url` into the file `out`, which must not exist.

    Readers and writers go on meanwhile. key: the secret key, where it shall be in the file.
    Raises Refused for a file that exists, a database without tables, and a damaged one.
    """
    if out.exists():
        raise Refused("exists", f"文件{out}已经存在，没有备份。", "请换一个文件名。")
    draft = Draft(out)
    try:
        with transactions.snapshot(url) as connection:
            facts = _facts(connection, now, has_key=key is not None)
            for table in rows.tables(connection):
                draft.add(table, told(rows.read(connection, table), advance))
        if key is not None:
            draft.add_key(key)
        draft.finish(facts)
    except OSError as error:
        raise Refused("not_written", f"备份文件没有写成：{error.strerror}。没有留下任何文件。") from error
    finally:
        draft.discard()
    return open_backup(out)


def _facts(connection: Connection, now: datetime, *, has_key: bool) -> dict[str, object]:
    revision = rows.version(connection)
    if revision is None:
        raise Refused("no_tables", "数据库中还没有数据表，没有备份。", "请先执行quizapp db upgrade。")
    dialect = connection.dialect.name
    if dialect == "sqlite" and connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok":
        raise Refused(
            "damaged", "数据库文件已损坏，没有备份。", "请保留现有文件，换用最近的备份恢复，并检查磁盘。"
        )
    return {
        "program": version_of("quizapp"),
        "revision": revision,
        "dialect": dialect,
        "taken_at": now.isoformat(),
        "has_key": has_key,
    }


def size(url: str) -> int:
    """How many rows a backup will hold, as far as one can say before it begins."""
    with transactions.snapshot(url) as connection:
        return sum(rows.count(connection, table) for table in _tables(connection))


def _tables(connection: Connection) -> list[Table]:
    return rows.tables(connection) if rows.version(connection) else []
