"""What units have written for their 通报; a unit without a row uses the words of the unit above, or those shipped."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import UtcDateTime, db


class CircularWording(db.Model):
    """The words of one unit, also for the units below it that have none of their own; columns as in `Wording`."""

    __tablename__ = "circular_wording"
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    mark: Mapped[str]
    letterhead: Mapped[str]
    title: Mapped[str]
    recipients: Mapped[str]
    body: Mapped[str]
    signature: Mapped[str]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
