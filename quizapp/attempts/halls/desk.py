"""What an invigilator reads: who has come, who is answering and for how long still. No scores, no answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, func, select

from quizapp.attempts import guards
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams.halls import queries, rules
from quizapp.exams.halls.models import HallPlace, HallSession
from quizapp.exams.halls.queries import Seated
from quizapp.people.models import LoginSession

ENDED = ("submitted", "expired", "voided")


@dataclass(frozen=True)
class Row:
    """A candidate on the invigilator's list."""

    seated: Seated
    state: str  # a key of rules.STATES
    closes_at: datetime | None  # of the sitting that is under way
    on_machine: bool  # signed in on a computer of the hall
    now: datetime

    @property
    def candidate_id(self) -> int:
        return self.seated.candidate.id

    @property
    def word(self) -> str:
        return rules.STATES[self.state]

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes of the sitting that are left, the one that has begun included."""
        if self.closes_at is None:
            return None
        return max(0, -int((self.now - self.closes_at) // timedelta(minutes=1)))

    @property
    def left_words(self) -> str:
        return "" if self.minutes_left is None else f"{self.minutes_left}分钟"

    @property
    def remark(self) -> str:
        """What is worth a look: answering though nobody signed in for it here, or signed out in the middle."""
        if self.state != "answering" or self.on_machine:
            return ""
        return "已离开电脑" if self.seated.place.arrived_at else "不在本考场登录"

    @property
    def acts(self) -> list[str]:
        """Of admit, move, time: what can be done for this candidate now."""
        arrived = self.seated.place.arrived_at is not None
        return rules.acts(self.state, arrived=arrived, on_machine=self.on_machine)


def rows(session_id: int, now: datetime) -> list[Row]:
    """Everybody placed in a session, by seat. One statement."""
    running = and_(guards.in_progress(), guards.in_time(now))
    finished = Attempt.state.in_(ENDED) | and_(guards.in_progress(), guards.overdue(now))
    sat = (
        select(
            Attempt.candidate_id,
            func.max(case((running, Attempt.closes_at))).label("closes_at"),
            func.max(case((finished, 1), else_=0)).label("finished"),
        )
        .join(HallPlace, HallPlace.candidate_id == Attempt.candidate_id)
        .where(HallPlace.session_id == session_id)
        .group_by(Attempt.candidate_id)
        .subquery()
    )
    standing = exists().where(
        LoginSession.id == HallPlace.login_session_id,
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > now,
    )
    found = db.session.execute(
        queries.seated()
        .add_columns(sat.c.closes_at, sat.c.finished, standing)
        .outerjoin(sat, sat.c.candidate_id == HallPlace.candidate_id)
        .where(HallPlace.session_id == session_id)
    )
    return [
        Row(
            Seated(place, candidate, unit, account),
            rules.state(
                arrived=place.arrived_at is not None,
                answering=closes_at is not None,
                finished=bool(finished),
            ),
            closes_at,
            bool(on_machine),
            now,
        )
        for place, candidate, unit, account, closes_at, finished, on_machine in found
    ]


def counts(found: Sequence[Row]) -> dict[str, int]:
    """How many stand in each state, all of rules.STATES."""
    counted = Counter(row.state for row in found)
    return {state: counted[state] for state in rules.STATES}


def is_watching_time(hall: HallSession, now: datetime) -> bool:
    """Whether the hall is open: meanwhile looking at the desk counts as activity of its invigilator."""
    return hall.ended_at is None and hall.opens_at - rules.EARLY <= now < hall.closes_at + rules.SLACK
