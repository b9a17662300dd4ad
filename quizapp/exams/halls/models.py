"""集中考试: a sitting of an exam in a hall with shared computers, its places, its invigilators and its record."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class HallSession(db.Model):
    """One 场次 in one 考场. Its start code is told in the hall and lets a person begin on a machine there."""

    __tablename__ = "hall_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), index=True)
    title: Mapped[str]  # 第一场
    hall: Mapped[str]  # 县委党校机房
    address: Mapped[str] = mapped_column(default="")
    seats: Mapped[int]
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    start_code: Mapped[str] = mapped_column(String(12))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", "window"),
        CheckConstraint("seats BETWEEN 1 AND 2000", "seats"),
    )


class HallInvigilator(db.Model):
    """A 监考人员 of one session, who sees and helps its candidates and no others."""

    __tablename__ = "hall_invigilator"
    session_id: Mapped[int] = mapped_column(ForeignKey("hall_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class HallPlace(db.Model):
    """A candidate of a session: the seat, the machine, and when this person came."""

    __tablename__ = "hall_place"
    session_id: Mapped[int] = mapped_column(ForeignKey("hall_session.id"), primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id"), primary_key=True)
    seat: Mapped[int | None]
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    admitted_late_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    login_session_id: Mapped[str | None] = mapped_column(ForeignKey("login_session.id", ondelete="SET NULL"))
    __table_args__ = (
        UniqueConstraint("candidate_id"),
        UniqueConstraint("session_id", "seat"),
    )


class HallNote(db.Model):
    """A line of the 考场情况记录; never changed, only added to."""

    __tablename__ = "hall_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("hall_session.id"), index=True)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("candidate.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
