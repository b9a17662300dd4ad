"""The tokens of the JSON API."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class ApiToken(db.Model):
    """What one program may read: these scopes, in a unit and all below it, until a day. The token is not kept."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]  # what it is for: 省信访局数据平台
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of 256 random bits
    scopes: Mapped[list[str]] = mapped_column(db.JSON)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # none: command line
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # to the minute
    last_address: Mapped[str] = mapped_column(String(64), default="")  # from where
    minute: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the minute of the last request
    calls: Mapped[int] = mapped_column(default=0)  # requests in that minute
    __table_args__ = (CheckConstraint("made_at < expires_at", "days"),)
