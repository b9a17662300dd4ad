"""What an administrator should know before the day of the exam: one finding for each question, with what to do."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version as version_of
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from quizapp import clock, dates
from quizapp.attempts.certificates import keys as certificate_keys
from quizapp.attempts.models import Attempt
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Exam
from quizapp.jobs import Job
from quizapp.operations import certificate, metrics, transactions

FINE, WATCH, BROKEN = "正常", "注意", "故障"
LITTLE, NEARLY_NONE = 0.20, 0.05  # free space of a disk (hazard H48)
LONG_LOG = 64 * 1024**2  # bytes: an SQLite log that nobody could fold into the file for long (hazard H47)
IDLE = timedelta(minutes=5)  # jobs and overdue sheets are looked at every minute
OLD_BACKUP, OLD_DRILL = timedelta(days=1), timedelta(days=90)
CERTIFICATE = timedelta(days=30)  # before its end somebody should have ordered the next
FAR_AWAY = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"}  # locks and syncs are not dependable there
SHORT_KEY = 32  # characters


@dataclass(frozen=True)
class Finding:
    """One answer. level: FINE, WATCH or BROKEN; advice: what to do, nothing when all is well."""

    area: str
    level: str
    sentence: str
    advice: str = ""


Check = Callable[[datetime], Iterator[Finding]]


def examine(now: datetime, certificate_file: Path | None = None) -> list[Finding]:
    """Everything, in the order in which one would look. Without its database or tables there is little more to say."""
    if hindrance := _no_database():
        return [hindrance, *_disks(now)]
    checks: list[Check] = [_versions, _settings, _disks, _migrations, _clock, _durability, _jobs, _overdue]
    checks += [_counters, _log, _backup, _drill, _certificate_key]
    found = [finding for check in checks for finding in check(now)]
    return found + (list(_certificate(certificate_file, now)) if certificate_file else [])


def _no_database() -> Finding | None:
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
    except DBAPIError as error:
        db.session.rollback()
        reason = str(error.orig).splitlines()[0]
        return Finding(
            "数据库",
            BROKEN,
            f"不能连接，或还没有数据表（{reason}）",
            "请检查数据库是否运行，或执行quizapp db upgrade。",
        )
    return None


def _versions(_now: datetime) -> Iterator[Finding]:
    server = func.sqlite_version() if _is_sqlite() else func.current_setting("server_version")
    kind = "SQLite" if _is_sqlite() else "PostgreSQL"
    number = db.session.scalar(select(server))
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("版本", FINE, f"程序{version_of('quizapp')}，Python {python}，{kind} {number}")


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _settings(_now: datetime) -> Iterator[Finding]:
    config, wrong = current_app.config, []
    if len(config["SECRET_KEY"]) < SHORT_KEY:
        wrong.append(("签名密钥过短", f"请换成{SHORT_KEY}个字符以上的随机文本，更换后所有人须重新登录。"))
    if config["TRUSTED_PROXY"] and not config["SECURE_COOKIES"]:
        wrong.append(
            (
                "前面有反向代理，但登录信息没有限定只经HTTPS发送",
                "请设置QUIZAPP_SECURE_COOKIES=1（用serve启动时自动打开）。",
            )
        )
    if not _is_sqlite() and not config["JOBS_URL"]:
        wrong.append(
            (
                "后台任务队列在本机文件中",
                "只有一台服务器时可以不管；多台时请设置QUIZAPP_JOBS_URL。",
            )
        )
    for sentence, advice in wrong:
        yield Finding("设置", WATCH, sentence, advice)
    if not wrong:
        yield Finding("设置", FINE, "没有发现问题")


def _disks(_now: datetime) -> Iterator[Finding]:
    folder = Path(current_app.config["INSTANCE_DIR"])
    places = {folder if folder.is_dir() else folder.parent}
    if path := transactions.sqlite_path(current_app.config["DATABASE_URL"]):
        places.add(path.parent)
    for place in sorted(places):
        usage = shutil.disk_usage(place)
        yield _disk(place, usage.free, usage.total)


def _disk(place: Path, free: int, total: int) -> Finding:
    level = BROKEN if free < NEARLY_NONE * total else WATCH if free < LITTLE * total else FINE
    advice = "请清理或扩容；磁盘写满后答卷不能保存，系统会答复503，考生页面会等待重试。"
    sentence = f"{place}可用{free / 1024**3:.1f}吉字节（{100 * free // total}%）"
    return Finding("磁盘", level, sentence, "" if level == FINE else advice)


def _migrations(_now: datetime) -> Iterator[Finding]:
    stands = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if stands == transactions.newest():
        yield Finding("数据库版本", FINE, f"{stands}，与程序一致")
    elif transactions.is_known(stands):
        yield Finding(
            "数据库版本", BROKEN, f"{stands}，程序需要{transactions.newest()}", "请执行quizapp db upgrade。"
        )
    else:
        yield Finding("数据库版本", BROKEN, f"{stands}，比程序新", "请换用与数据库相应的程序版本。")


def _clock(_now: datetime) -> Iterator[Finding]:
    if _is_sqlite():
        yield Finding("时间", FINE, f"数据库在本机，现在是{dates.minute(clock.now())}，请与标准时间核对")
        return
    lag = clock.measure(db.engine)
    sentence = f"与数据库服务器相差{abs(lag.total_seconds()):.2f}秒"
    level = FINE if clock.is_trusted() else BROKEN
    yield Finding("时间", level, sentence, "" if level == FINE else "请用NTP校准本机和数据库服务器的时间。")


def _durability(_now: datetime) -> Iterator[Finding]:
    """Whether a commit that returned is on a disk."""
    if path := transactions.sqlite_path(current_app.config["DATABASE_URL"]):
        kind = file_system(path, Path("/proc/mounts"))
        if kind in FAR_AWAY:
            advice = "请把数据目录移到本机磁盘，或改用PostgreSQL。"
            yield Finding(
                "落盘", BROKEN, f"数据库文件在网络文件系统（{kind}）上，断电或断网可能丢失答卷", advice
            )
        else:
            yield Finding("落盘", FINE, f"提交即落盘；文件系统{kind or '未知'}")
        return
    off = [
        name
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if db.session.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar() == "off"
    ]
    if off:
        yield Finding(
            "落盘",
            BROKEN,
            f"PostgreSQL的{'、'.join(off)}已关闭，断电会丢失已确认的答卷",
            "请在postgresql.conf中打开。",
        )
        return
    standby = db.session.execute(text("SELECT current_setting('synchronous_standby_names')")).scalar()
    yield Finding("落盘", FINE, f"同步备库：{standby}" if standby else "提交即落盘；没有同步备库")


def file_system(path: Path, mounts: Path) -> str:
    """The kind of file system on which a file stands, from the system's list of mounts; nothing where there is none."""
    if not mounts.exists():
        return ""
    lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    above = [(len(line[1]), line[2]) for line in lines if path.resolve().is_relative_to(line[1])]
    return max(above)[1] if above else ""


def _jobs(now: datetime) -> Iterator[Finding]:
    oldest, number = db.session.execute(
        select(func.min(Job.created_at), func.count()).where(Job.state == "waiting")
    ).one()
    if oldest is not None and now - oldest > IDLE:
        yield Finding(
            "后台任务",
            BROKEN,
            f"{number}个任务等待，最早的从{dates.minute(oldest)}起",
            "后台任务没有运行：请检查serve或quizapp worker是否在运行，并查看日志。",
        )
    else:
        yield Finding("后台任务", FINE, f"{number}个任务等待")


def _overdue(now: datetime) -> Iterator[Finding]:
    late = db.session.scalar(
        select(func.count()).where(Attempt.state == "in_progress", Attempt.refused_after < now - IDLE)
    )
    if late:
        yield Finding(
            "到时交卷",
            WATCH,
            f"{late}份答卷已到时间而尚未自动交卷（成绩和交卷时间不受影响）",
            "请检查后台任务是否在运行。",
        )
    else:
        yield Finding("到时交卷", FINE, "没有积压")


def _counters(_now: datetime) -> Iterator[Finding]:
    exams = db.session.scalars(select(Exam).where(Exam.state == "published").order_by(Exam.id)).all()
    found = tallies.all_faults(select(Exam.id).where(Exam.state == "published"))
    wrong = [exam.title for exam in exams if exam.id in found]
    if wrong:
        yield Finding(
            "人数统计",
            BROKEN,
            f"与考生名单不一致：{'、'.join(wrong)}",
            "成绩不受影响，统计数字不可用；请保留现场，联系开发人员。",
        )
    else:
        yield Finding("人数统计", FINE, f"{len(exams)}场考试的统计与名单一致")


def _log(_now: datetime) -> Iterator[Finding]:
    if _is_sqlite():
        size = metrics.wal_bytes()
        words = f"数据库日志文件{size / 1024**2:.1f}兆字节"
        advice = "有长时间不结束的读取占用：请结束长时间的导出或备份，或重新启动系统。"
        yield Finding(
            "日志文件", WATCH if size > LONG_LOG else FINE, words, advice if size > LONG_LOG else ""
        )


def last(action: str) -> datetime | None:
    """When something of this kind was last recorded."""
    return db.session.scalar(select(func.max(AuditEvent.at)).where(AuditEvent.action == action))


def _backup(now: datetime) -> Iterator[Finding]:
    yield _recent(
        "备份",
        last("operations.backed_up"),
        now,
        OLD_BACKUP,
        "请执行quizapp backup，并把文件存到另一台机器。",
    )


def _drill(now: datetime) -> Iterator[Finding]:
    yield _recent(
        "恢复演练", last("operations.drilled"), now, OLD_DRILL, "请执行quizapp restore --drill 备份文件。"
    )


def _certificate_key(_now: datetime) -> Iterator[Finding]:
    """Whether this machine signs certificates with the key that the others use."""
    known, own = certificate_keys.current(), certificate_keys.on_this_machine()
    if known is None:
        if own is not None or not certificate_keys.place().exists():
            yield Finding("合格证密钥", FINE, "还没有颁发过合格证，首次颁发时生成")
            return
    elif own is not None and own.key_id == known.id:
        at = _kept_with_a_backup(known.id)
        told = f"最近随备份保存：{dates.minute(at)}" if at else "没有随备份保存过，请与签名密钥一同保管"
        yield Finding("合格证密钥", FINE, f"{known.id}，{told}")
        return
    there = "本机没有密钥文件" if not certificate_keys.place().exists() else "本机的密钥文件不是现用的密钥"
    yield Finding(
        "合格证密钥", BROKEN, f"{there}，不能颁发合格证，成绩和查验不受影响", certificate_keys.ADVICE
    )


def _kept_with_a_backup(key_id: str) -> datetime | None:
    """When this key of certificates was last put into a backup: see `backup --with-secret-key`."""
    held = AuditEvent.detail["certificate_key"].as_string() == key_id
    made = select(func.max(AuditEvent.at)).where(AuditEvent.action == "operations.backed_up", held)
    return db.session.scalar(made)


def _recent(area: str, at: datetime | None, now: datetime, span: timedelta, advice: str) -> Finding:
    if at is None:
        return Finding(area, WATCH, "没有记录", advice)
    sentence = f"最近一次：{dates.minute(at)}"
    return Finding(area, FINE, sentence) if now - at <= span else Finding(area, WATCH, sentence, advice)


def _certificate(file: Path, now: datetime) -> Iterator[Finding]:
    try:
        end = certificate.ends_at(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        yield Finding("证书", BROKEN, f"不能读取{file}", "请检查文件是否为PEM格式的证书。")
        return
    level = BROKEN if end <= now else WATCH if end - now < CERTIFICATE else FINE
    words = "已于" if end <= now else "将于"
    advice = "请更换证书，再重新启动系统。" if level != FINE else ""
    yield Finding("证书", level, f"{words}{dates.minute(end)}到期", advice)
