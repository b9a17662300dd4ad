"""Units, people, who belongs where, who may do what, and who is signed in."""

from datetime import date, datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import SortKey, UtcDateTime, db


class Unit(db.Model):
    """An organisation or a part of one. (lft, rgt) is its interval in the tree; `people.tree` keeps it."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # 单位编码, the identity in every sheet
    name: Mapped[str]  # 全称
    short_name: Mapped[str] = mapped_column(default="")  # 简称, shown where space is short
    kind: Mapped[str] = mapped_column(default="")  # 党委部门, 政府部门, 乡镇街道 …
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    sort: Mapped[int] = mapped_column(default=0)  # 单位排序号 among its siblings
    lft: Mapped[int] = mapped_column(index=True)
    rgt: Mapped[int]
    closed_on: Mapped[date | None]
    __table_args__ = (CheckConstraint("lft < rgt", "interval"),)


class UnitContact(db.Model):
    """Whom to ask in a unit, as its administrators typed it; a unit without any has no row."""

    __tablename__ = "unit_contact"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    head: Mapped[str] = mapped_column(default="")  # 负责人
    name: Mapped[str] = mapped_column(default="")  # 联系人
    phone: Mapped[str] = mapped_column(default="")  # 联系电话, of the office


class UnitEvent(db.Model):
    """A change in the life of a unit, for its 沿革. Rows are only ever added.

    other_id: of a merger the unit that took over, of a split the unit from which this one was made.
    details: {"before": {…}, "after": {…}, "counts": {…}}, see `unit_actions`.
    """

    __tablename__ = "unit_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    day: Mapped[date]  # from which it holds
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    details: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    __table_args__ = (
        CheckConstraint("kind IN ('renamed', 'moved', 'merged', 'split', 'closed', 'reopened')", "kind"),
        CheckConstraint("(kind IN ('merged', 'split')) = (other_id IS NOT NULL)", "other"),
    )


class Person(db.Model, UserMixin):
    """A member of staff with an account. Nothing more personal is kept than signing in and reports need."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(8), unique=True)  # 学法账号: seven digits and a check digit
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(SortKey(200))  # pinyin, for order
    initials: Mapped[str] = mapped_column(SortKey(60), default="")  # pinyin initials, for search
    staff_number: Mapped[str | None] = mapped_column(unique=True)  # 工号, an optional alias
    phone: Mapped[str | None] = mapped_column(unique=True)  # an optional alias
    phone_index: Mapped[str | None]  # room for a blind index once phones are stored encrypted
    password_hash: Mapped[str | None]  # argon2id
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    must_change: Mapped[bool] = mapped_column(default=False)  # the password is a one-time one from a slip
    slip_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notice_accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # 个人信息处理告知
    notice_version: Mapped[str | None]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text_size: Mapped[str] = mapped_column(String(8), default="standard")  # standard, large, xlarge
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        Index("ix_person_name_key", "name_key"),
        Index("ix_person_initials", "initials"),
        CheckConstraint("text_size IN ('standard', 'large', 'xlarge')", "text_size"),
    )


class Membership(db.Model):
    """A person in a unit from a day to a day (both included; no `until`: to this day)."""

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    kind: Mapped[str] = mapped_column(String(12), default="staff")
    main: Mapped[bool] = mapped_column(default=True)  # 编制单位; a person has one at a time
    category: Mapped[str] = mapped_column(default="")  # 人员类别: 公务员, 事业编制 …
    post: Mapped[str] = mapped_column(default="")  # 职务
    sort: Mapped[int] = mapped_column(default=0)  # 职务排序号
    __table_args__ = (
        CheckConstraint("kind IN ('staff', 'attached', 'seconded', 'village', 'taskforce')", "kind"),
        CheckConstraint("until IS NULL OR until >= since", "days"),
        Index(
            "uq_membership_one_main",
            "person_id",
            unique=True,
            sqlite_where=text("main AND until IS NULL"),
            postgresql_where=text("main AND until IS NULL"),
        ),
    )


class Leave(db.Model):
    """Somebody away for long, from a day to a day (both included; no `until`: not known yet)."""

    __tablename__ = "leave"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    until: Mapped[date | None]
    __table_args__ = (
        CheckConstraint("kind IN ('maternity', 'sick')", "kind"),
        CheckConstraint("until IS NULL OR until >= since", "days"),
    )


ROLES = {
    "administrator": "系统管理员",
    "unit_administrator": "单位管理员",
    "leader": "单位负责人",
    "writer": "命题人员",
    "reviewer": "审题人员",
    "exam_administrator": "考务管理员",
    "invigilator": "监考人员",
}


class Grant(db.Model):
    """A role on a unit and all below it. Read afresh on every request."""

    __tablename__ = "grant"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit_id"),
        CheckConstraint(
            "role IN ('administrator', 'unit_administrator', 'leader', 'writer', 'reviewer',"
            " 'exam_administrator', 'invigilator')",
            "role",
        ),
    )


class LoginSession(db.Model):
    """One sign-in on one browser. The cookie names it; ending the row ends the sign-in everywhere at once."""

    __tablename__ = "login_session"
    id: Mapped[str] = mapped_column(String(43), primary_key=True)  # 256 random bits
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))  # short: idle limit; study: own phone, days; hall: one exam
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when the password was last typed
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)  # absolute end
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("kind IN ('short', 'study', 'hall')", "kind"),)


class LoginFailure(db.Model):
    """A failed sign-in: counted per account and per address, so that a lock survives a restart."""

    __tablename__ = "login_failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), index=True)  # what was typed, cut and lower-cased
    address: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BackupCode(db.Model):
    """One of five printed codes that sign its person in once, for the evening when no administrator is there."""

    __tablename__ = "backup_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str]  # the code is random, so a keyed digest (HMAC-SHA-256) is enough
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasswordRecovery(db.Model):
    """Somebody who forgot a password asked for a new one; see `people.recovery`.

    person_id: none where nobody was meant: such a request looks alike to who asked, and no administrator sees it.
    """

    __tablename__ = "password_recovery"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(
        String(64), unique=True
    )  # SHA-256 of what the browser's cookie holds
    code: Mapped[str] = mapped_column(String(6))  # 核对码, told by word of mouth
    phone_matches: Mapped[bool | None]  # whether the typed number is the one on record; it is not kept itself
    state: Mapped[str] = mapped_column(String(10), default="asked")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'confirmed', 'refused', 'used', 'replaced')", "state"),
    )


class RosterImport(db.Model):
    """One applied sheet of units or people: sending the same file again is recognised by its hash."""

    __tablename__ = "roster_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    file_name: Mapped[str]
    file_hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    summary: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    undo: Mapped[dict[str, Any] | None] = mapped_column(db.JSON, deferred=True)  # see `undoing`; may be large
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (CheckConstraint("kind IN ('units', 'people')", "kind"),)
