"""投诉建议: what people write to those who run the system, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class Feedback(db.Model):
    """One complaint or proposal. Whoever is not signed in follows it by its code."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)  # 查询码
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    page: Mapped[str]  # the path from which it was sent
    text: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")  # only what the sender wants to give
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="received")
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (CheckConstraint("state IN ('received', 'working', 'answered')", "state"),)
