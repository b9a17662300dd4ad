"""Every setting in one place: its name, default, unit, one sentence, and whether administrators may edit it.

Order: default < environment (QUIZAPP_<NAME>) < table `setting` (editable ones) < overrides given to create_app.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_app_context
from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Mapped, mapped_column

from quizapp import addresses, jsonsql, replica
from quizapp.db import db, engine_options

DEFAULT_NOTICE = "本系统为非涉密系统，严禁录入、处理国家秘密和工作秘密。"
DEFAULT_PLEDGE = "本人承诺独立完成本次考试，不请他人代考，不传播试题和答案。"
DEFAULT_EXAM_NOTICE = (
    "一、请在规定时间内独立作答，到时系统自动交卷。\n"
    "二、每次作答都会自动保存；网络中断时可以继续作答，恢复后自动补传。\n"
    "三、更换设备或刷新页面后可以接着作答，考试时间不重新计算。\n"
    "四、交卷后不能修改，请保存交卷回执编号备查。"
)
DEFAULT_PRIVACY = (
    "一、本系统为组织学习和考试，处理您的姓名、单位、职务、学法账号，以及您自愿提供的工号、手机号码和电子邮箱；"
    "不收集身份证号码、位置和通讯录。\n"
    "二、系统记录您的答题和考试成绩。考试成绩由您本人和有权的管理人员查看；日常练习只用于您自己的学习安排，"
    "单位看到的是人数达到五人以上的汇总情况。您写的条文笔记、收藏的条文和试题、练习时选填的把握程度，只有您本人可以查看；"
    "笔记和收藏可以随时删除，把握程度可以随时停止填写。保存到手机的练习内容和还没有上传的答案，只存在您的手机上。\n"
    "三、合格证供他人核对。知道证书编号的人不用登录，就可以在查验页面看到证书的名称和编号、您的姓名（只显示姓氏）、单位"
    "（以证书所印为准）、考试和考试日期、成绩（只显示合格或优秀）、发证单位和发证日期，以及证书是否有效；不能按姓名或单位查找。\n"
    "四、信息保存在本系统的服务器上，除上述查验外不向其他方提供，法律、法规另有规定的除外。\n"
    "五、您可以查询、更正自己的信息，可以通过“投诉建议”提出意见。"
)


@dataclass(frozen=True)
class Setting:
    name: str
    default: Any
    unit: str
    sentence: str  # Chinese: shown to administrators and in the generated docs
    editable: bool = False
    long: bool = False  # edited in a text area


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "",
        "地址",
        "数据库地址；不填时使用本机的SQLite文件。PostgreSQL主备两台时写两个地址，用逗号分开，自动连接能写入的一台。",
    ),
    Setting("PGBOUNCER", False, "是否", "数据库地址是否指向按事务分配连接的PgBouncer。"),
    Setting("SECRET_KEY", "", "文本", "签名密钥；使用SQLite时首次启动自动生成，其他情况必须提供。"),
    Setting("INSTANCE_DIR", "instance", "目录", "数据文件所在目录。"),
    Setting("INSTALLATION", "quizapp", "名称", "本套系统的名称，用于区分同一域名下的多套系统的登录信息。"),
    Setting("URL_PREFIX", "", "路径", "系统所在的子路径，如/xuekao；放在根路径时留空。"),
    Setting("TRUSTED_PROXY", 0, "层", "前面有几层可信的反向代理；0表示没有，不采信转发的来源信息。"),
    Setting(
        "REQUEST_START_SECONDS",
        0,
        "秒",
        "收到请求的时间最多按反向代理写入的X-Request-Start提前多少秒；代理必须自己写入这一项。0表示不采信。",
    ),
    Setting("SECURE_COOKIES", False, "是否", "登录信息只经HTTPS发送；除本机回环地址外由启动命令自动打开。"),
    Setting(
        "REPORTS_URL",
        "",
        "地址",
        "统计报表读取的备用数据库；不填时读主数据库。作答、登录和其他页面始终使用主数据库。",
    ),
    Setting("JOBS_URL", "", "地址", "后台任务队列所用的PostgreSQL直连地址；不填时使用本机文件。"),
    Setting("CLOCK_CHECK_SECONDS", 30, "秒", "每隔多久核对一次本机与数据库服务器的时间；0表示不核对。"),
    Setting("UPLOAD_MAX_MB", 20, "兆字节", "上传文件的最大体积。"),
    Setting("IMPORT_UNPACKED_MB", 50, "兆字节", "导入的压缩格式（.xlsx、.docx、.zip）解压后的最大体积。"),
    Setting("IMPORT_ENTRIES", 2000, "个", "导入的压缩格式中最多包含的文件数。"),
    Setting("IMPORT_MEMORY_MB", 1024, "兆字节", "读取一个导入文件最多使用的内存。"),
    Setting("IMPORT_SECONDS", 20, "秒", "读取一个导入文件最多使用的处理器时间。"),
    Setting("ASSEMBLY_SECONDS", 60, "秒", "组一次平行试卷最多使用的时间，到时取已有的最好结果。"),
    Setting("ARGON2_TIME_COST", 2, "轮", "口令散列的轮数。"),
    Setting("ARGON2_MEMORY_KIB", 19456, "千字节", "口令散列使用的内存。"),
    Setting(
        "ACCESS_LOG", "slow", "slow、all或off", "日志记录哪些请求：slow为出错的和慢的，all为全部，off为不记。"
    ),
    Setting("SLOW_MILLISECONDS", 1000, "毫秒", "多长时间的请求算慢，记入日志。"),
    Setting(
        "INSTALLABLE",
        False,
        "是否",
        "浏览器是否可以把本系统安装为桌面应用；安装后可能属于需要备案的移动互联网应用程序，打开前请先办妥应用备案。离线练习与此无关，关闭时照常使用。",
    ),
    Setting(
        "METRICS_TOKEN", "", "文本", "从其他机器读取运行指标（/metrics）所用的令牌；不填时只有本机能读取。"
    ),
    Setting("MAIL_SERVER", "", "主机名", "发送提醒所用的邮件服务器；不填时不发邮件。"),
    Setting("MAIL_PORT", 465, "端口", "邮件服务器的端口。"),
    Setting(
        "MAIL_SECURITY",
        "tls",
        "tls或starttls",
        "与邮件服务器的加密方式：tls一般用465端口，starttls一般用587端口。",
    ),
    Setting("MAIL_SENDER", "", "邮箱地址", "提醒邮件的发件地址。"),
    Setting("MAIL_ACCOUNT", "", "文本", "登录邮件服务器的账号；不填时不登录。"),
    Setting("MAIL_PASSWORD", "", "文本", "登录邮件服务器的口令。"),
    Setting("MAIL_CA", "", "文件", "邮件服务器证书的签发证书（PEM）；不填时用操作系统的。"),
    Setting(
        "REMIND_HOSTS",
        "qyapi.weixin.qq.com oapi.dingtalk.com",
        "主机名",
        "工作群机器人的地址只能是这些主机，用空格分开。",
    ),
    Setting("SITE_NAME", "条例学考", "文本", "系统名称，显示在页面左上角和标题中。", True),
    Setting("SITE_SPONSOR", "", "文本", "主办单位，显示在页脚。", True),
    Setting("SITE_RECORD", "", "文本", "备案编号，显示在页脚。", True),
    Setting("SITE_PHONE", "", "文本", "联系电话，显示在页脚。", True),
    Setting("SITE_NOTICE", DEFAULT_NOTICE, "文本", "保密提示，显示在每一页的页脚。", True, True),
    Setting(
        "PRIVACY_NOTICE",
        DEFAULT_PRIVACY,
        "文本",
        "个人信息处理告知，首次登录时显示；修改后会请每个人再次阅读。",
        True,
        True,
    ),
    Setting("PLEDGE", DEFAULT_PLEDGE, "文本", "新建考试的诚信承诺。", True, True),
    Setting("EXAM_NOTICE", DEFAULT_EXAM_NOTICE, "文本", "新建考试的考试须知。", True, True),
    Setting("DAILY_MINUTES", 5, "分钟", "日常测验每天大约几分钟，本人没有另选时适用。", True),
    Setting("WRONG_BOOK_DAYS", 2, "天", "错题在几个不同的日子答对后自动移出错题本。", True),
    Setting("DAILY_NAMES", False, "是否", "日常测验的完成情况是否显示姓名；须由管理员说明理由后打开。"),
    Setting("DAILY_NAMES_REASON", "", "文本", "显示姓名的理由，与名单一起显示。"),
    Setting(
        "SMALLEST_GROUP",
        5,
        "人",
        "日常练习的汇总数据、各章得分率和通报所附统计表中的成绩至少由多少人组成才显示。",
        True,
    ),
    Setting(
        "LEADING_STAFF",
        "领导班子成员",
        "文本",
        "哪些人员类别或职务属于领导班子成员，用顿号分开；其考试成绩只有上级单位和本人可以查看。",
        True,
    ),
    Setting("STUDY_SESSION_DAYS", 30, "天", "学员在自己的手机上保持登录的天数。", True),
    Setting("ADMIN_IDLE_MINUTES", 30, "分钟", "管理人员多久没有操作就退出登录。", True),
    Setting("CONFIRM_HOURS", 12, "小时", "输入口令后多久之内可以直接进入正式考试。", True),
    Setting("PASSWORD_MINIMUM", 10, "字符", "口令的最少字符数。", True),
    Setting(
        "PASSWORD_POLICY", "gb", "gb或modern", "口令要求：gb为四类字符中至少三类，modern只要求长度。", True
    ),
    Setting("PASSWORD_DAYS", 90, "天", "管理人员的口令多久到期；学员不受影响。", True),
    Setting("LOCK_FAILURES", 5, "次", "同一账号在锁定时段内允许的登录失败次数。", True),
    Setting("LOCK_MINUTES", 15, "分钟", "登录失败过多后锁定的时间。", True),
    Setting("SLIP_DAYS", 30, "天", "一次性口令条的有效天数。", True),
    Setting("API_CALLS", 120, "次", "数据接口的一个令牌每分钟最多请求多少次。", True),
    Setting("GRACE_SECONDS", 120, "秒", "考试时间到后为网络延迟保留的接收时间。", True),
    Setting("REMIND_DAYS", 7, "天", "同一个人两次收到考试提醒至少间隔多少天。", True),
    Setting("HALL_LATE_MINUTES", 30, "分钟", "集中考试开场多久之后到场的考生须经监考人员准予入场。", True),
)
LIMITS = {  # of the editable numbers, both ends included
    "DAILY_MINUTES": (2, 10),
    "WRONG_BOOK_DAYS": (1, 5),
    "SMALLEST_GROUP": (5, 100),
    "STUDY_SESSION_DAYS": (1, 90),
    "ADMIN_IDLE_MINUTES": (5, 30),
    "CONFIRM_HOURS": (1, 48),
    "PASSWORD_MINIMUM": (8, 64),
    "PASSWORD_DAYS": (30, 365),
    "LOCK_FAILURES": (3, 20),
    "LOCK_MINUTES": (5, 60),
    "SLIP_DAYS": (1, 90),
    "API_CALLS": (10, 6000),
    "GRACE_SECONDS": (0, 300),
    "HALL_LATE_MINUTES": (0, 120),
    "REMIND_DAYS": (1, 60),
}
BY_NAME = {setting.name: setting for setting in SETTINGS}


class SettingRow(db.Model):
    """The value that an administrator gave an editable setting."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(db.JSON)


def _cast(setting: Setting, text: str) -> Any:
    if isinstance(setting.default, bool):
        return text.strip().lower() in ("1", "true", "yes", "on", "是")
    if isinstance(setting.default, int):
        return int(text)
    return text


def value(name: str) -> Any:
    """What a setting means now: one query a request reads the whole table."""
    overrides = current_app.config["OVERRIDES"]
    if name in overrides:
        return overrides[name]
    if "settings" not in g:
        know(db.session.scalar(select(stored())))
    return g.settings.get(name, current_app.config[name])


def stored() -> ScalarSelect[Any]:
    """SQL: the whole table as one JSON object, to travel along with another read; then `know` it."""
    return select(jsonsql.object_of(SettingRow.name, SettingRow.value)).scalar_subquery()


def know(values: dict[str, Any] | None) -> None:
    """What `stored` gave, for the rest of this request."""
    g.settings = values or {}


def limit(name: str) -> int:
    """A limit on what comes from outside; its default where no application runs, as in a command on files."""
    return int(current_app.config[name] if has_app_context() else BY_NAME[name].default)


def store(name: str, new: Any) -> None:
    """Keep an administrator's value for a setting, in the running transaction."""
    if name not in BY_NAME:
        raise KeyError(name)
    row = db.session.get(SettingRow, name) or SettingRow(name=name)
    row.value = new
    db.session.add(row)
    g.pop("settings", None)


def init_app(app: Flask, overrides: dict[str, Any]) -> None:
    """Fill app.config; refuse to start without a secret key."""
    for setting in SETTINGS:
        from_environment = os.environ.get(f"QUIZAPP_{setting.name}")
        app.config[setting.name] = (
            _cast(setting, from_environment) if from_environment is not None else setting.default
        )
    app.config.update(overrides)
    app.config["OVERRIDES"] = {name: v for name, v in overrides.items() if name in BY_NAME}
    folder = Path(app.config["INSTANCE_DIR"]).resolve()
    app.config["INSTANCE_DIR"] = str(folder)
    app.config["DATABASE_URL"] = app.config["DATABASE_URL"] or f"sqlite:///{folder / 'quizapp.db'}"
    app.config["DATABASE_URL"] = addresses.for_sqlalchemy(app.config["DATABASE_URL"])
    app.config["REPORTS_URL"] = addresses.for_sqlalchemy(app.config["REPORTS_URL"])
    if not app.config["SECRET_KEY"]:
        app.config["SECRET_KEY"] = _own_secret(folder, app.config["DATABASE_URL"])
    _derive(app)


def _own_secret(folder: Path, url: str) -> str:
    """The key of a single machine, made once and readable by its owner only."""
    if not url.startswith("sqlite"):
        raise RuntimeError("请设置QUIZAPP_SECRET_KEY：使用PostgreSQL时必须提供签名密钥，各台服务器保持一致。")
    path = folder / "secret_key"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _derive(app: Flask) -> None:
    """What Flask and its extensions want under names of their own."""
    config = app.config
    secure = config["SECURE_COOKIES"]
    if config["REPORTS_URL"]:
        config["SQLALCHEMY_BINDS"] = {
            replica.BIND: {"url": config["REPORTS_URL"], **engine_options(config["REPORTS_URL"])}
        }
    config.update(
        SQLALCHEMY_DATABASE_URI=config["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config["DATABASE_URL"], pooled=config["PGBOUNCER"]),
        SESSION_COOKIE_NAME=f"__Host-{config['INSTALLATION']}" if secure else config["INSTALLATION"],
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=config["UPLOAD_MAX_MB"] * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=500_000,
    )
