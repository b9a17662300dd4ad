"""What the pages of this area read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from quizapp.db import db
from quizapp.home.models import Feedback
from quizapp.people.models import Person

PAGE = 30


@dataclass(frozen=True)
class Letter:
    """A 投诉建议 with its sender's name, if it was signed in."""

    feedback: Feedback
    sender: str | None


def own_feedback(person_id: int) -> list[Feedback]:
    """What a person has sent, newest first."""
    return list(
        db.session.scalars(
            select(Feedback).where(Feedback.person_id == person_id).order_by(Feedback.id.desc()).limit(50)
        )
    )


def by_code(code: str) -> Feedback | None:
    """A 投诉建议 by its 查询码, letters of either case."""
    return db.session.scalar(select(Feedback).where(Feedback.code == code.strip().upper()))


def letters(state: str | None, page: int) -> tuple[list[Letter], int]:
    """One page of what was sent, newest first, and how many there are in all."""
    wanted = select(Feedback, Person.name).outerjoin(Person, Person.id == Feedback.person_id)
    count = select(func.count()).select_from(Feedback)
    if state:
        wanted, count = wanted.where(Feedback.state == state), count.where(Feedback.state == state)
    rows = db.session.execute(wanted.order_by(Feedback.id.desc()).limit(PAGE).offset((page - 1) * PAGE))
    return [Letter(*row) for row in rows], db.session.scalar(count) or 0


def sent_since(moment: datetime) -> int:
    """How many 投诉建议 without a sender came since a moment: the limit against floods."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Feedback)
            .where(Feedback.person_id.is_(None), Feedback.sent_at > moment)
        )
        or 0
    )
