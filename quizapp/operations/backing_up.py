"""Taking a backup while the system runs: all tables as they were at one moment, in one file, tried out at once."""

import sqlite3
from datetime import datetime
from importlib.metadata import version as version_of
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from quizapp.attempts.certificates.signing import Signer
from quizapp.errors import Refused
from quizapp.operations import rows, transactions
from quizapp.operations.backup_file import CERTIFICATE_KEY, Backup, Draft, open_backup
from quizapp.operations.loading import Advance, told
from quizapp.operations.rows import Table


def back_up(
    url: str,
    out: Path,
    *,
    now: datetime,
    key: str | None,
    certificate_key: Signer | None = None,
    advance: Advance,
) -> Backup:
    """Write all tables of the database at `url` into the file `out`, which must not exist.

    Readers and writers go on meanwhile. key, certificate_key: the secret key and that of certificates, where they shall
    be in the file.
    Raises Refused for a file that exists, a database without tables, and a damaged one.
    """
    if out.exists():
        raise Refused("exists", f"文件{out}已经存在，没有备份。", "请换一个文件名。")
    draft = None
    try:
        draft = Draft(out)
        with (
            transactions.frozen(url, out.absolute().parent) as now_still,
            transactions.snapshot(now_still) as connection,
        ):
            facts = _facts(connection, now, has_key=key is not None)
            facts["certificate_key"] = certificate_key.key_id if certificate_key else ""
            for table in rows.tables(connection):
                draft.add(table, told(rows.read(connection, table), advance))
        if key is not None:
            draft.add_key(key)
        if certificate_key is not None:
            draft.add_key(certificate_key.private, CERTIFICATE_KEY)
        draft.finish(facts)
    except (OSError, sqlite3.OperationalError) as error:  # no such folder, no right, no space left
        raise Refused("not_written", f"备份没有写成：{error}。没有留下任何文件。") from error
    except (sqlite3.DatabaseError, DatabaseError) as error:
        raise _damaged() from error
    finally:
        if draft is not None:
            draft.discard()
    return open_backup(out)


def _facts(connection: Connection, now: datetime, *, has_key: bool) -> dict[str, object]:
    revision = rows.version(connection)
    if revision is None:
        raise Refused("no_tables", "数据库中还没有数据表，没有备份。", "请先执行quizapp db upgrade。")
    dialect = connection.dialect.name
    if dialect == "sqlite" and connection.exec_driver_sql("PRAGMA quick_check").scalar() != "ok":
        raise _damaged()
    return {
        "program": version_of("quizapp"),
        "revision": revision,
        "dialect": dialect,
        "taken_at": now.isoformat(),
        "has_key": has_key,
    }


def _damaged() -> Refused:
    advice = "请保留现有文件，换用最近的备份恢复，并检查磁盘。"
    return Refused("damaged", "数据库不能完整读取，没有备份。", advice)


def size(url: str) -> int:
    """How many rows a backup will hold, as far as one can say before it begins."""
    with transactions.snapshot(url) as connection:
        return sum(rows.count(connection, table) for table in _tables(connection))


def _tables(connection: Connection) -> list[Table]:
    return rows.tables(connection) if rows.version(connection) else []
