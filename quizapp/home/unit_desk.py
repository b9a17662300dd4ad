"""What a unit administrator must know at the first glance: who has not sat, what waits for approval, slips to print.

Numbers of people only: whoever administers a unit does not see what anybody scored.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from quizapp import clock
from quizapp.db import db
from quizapp.exams import duty, excuse_queries
from quizapp.exams.models import Exam, ExamUnit, Tally
from quizapp.people import access, recovery_queries, slip_queries, tree
from quizapp.people.models import Unit

ROLE = "unit_administrator"


@dataclass(frozen=True)
class RunningExam:
    """An exam that runs, and how many of a unit with all below it have not sat it. exam_id, unit_id: of its list."""

    exam_id: int
    title: str
    closes_at: datetime
    unit_id: int
    unit: str
    expected: int
    submitted: int

    @property
    def missing(self) -> int:
        return self.expected - self.submitted


@dataclass(frozen=True)
class UnitDesk:
    """The lines of the page. excuses: 免考 and 缓考 that wait."""

    exams: list[RunningExam]
    excuses: int
    slips: slip_queries.Waiting

    @property
    def several_units(self) -> bool:
        """Whether a line must say which unit it is about."""
        return len({exam.unit_id for exam in self.exams}) > 1


def desk(now: datetime) -> UnitDesk | None:
    """For who administers a unit, else none. Three statements, however many exams, units and people."""
    held = access.reach(ROLE)
    if not held:
        return None
    intervals, today = [(grant.lft, grant.rgt) for grant in held], clock.today(now)
    return UnitDesk(
        exams=running(now),
        excuses=excuse_queries.waiting_in_own_units(),
        slips=slip_queries.waiting(intervals, today, now),
    )


def forgotten(now: datetime) -> int:
    """How many people wait to be confirmed for a new password; the system's administrators are told too, for who
    holds a role is theirs to confirm. One statement, none for who confirms nobody."""
    held = access.reach(ROLE, "administrator")
    intervals = [(grant.lft, grant.rgt) for grant in held]
    return recovery_queries.count(intervals, clock.today(now), now) if held else 0


def running(now: datetime) -> list[RunningExam]:
    """The exams that run, the earliest end first, for each topmost unit that the person administers in it.

    That is a unit of a grant, or the whole exam where the grant stands above it: the same figures as its report.
    """
    held = access.reach(ROLE)
    outermost = set(tree.outermost((grant.lft, grant.rgt) for grant in held))
    own = {grant.unit_id for grant in held if (grant.lft, grant.rgt) in outermost}
    whole_exam = and_(ExamUnit.parent_id.is_(None), access.within(Unit.lft, ROLE))
    rows = db.session.execute(
        select(
            *(Exam.id, Exam.title, Exam.closes_at, ExamUnit.unit_id, ExamUnit.name),
            *(func.coalesce(func.sum(Tally.expected), 0), func.coalesce(func.sum(Tally.submitted), 0)),
        )
        .select_from(Exam)
        .join(ExamUnit, ExamUnit.exam_id == Exam.id)
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .join(Tally, and_(Tally.exam_id == Exam.id, Tally.lft.between(ExamUnit.lft, ExamUnit.rgt)))
        .where(Exam.state == "published", Exam.opens_at <= now, duty.not_over(now))
        .where(or_(ExamUnit.unit_id.in_(own), whole_exam))
        .group_by(Exam.id, Exam.title, Exam.closes_at, ExamUnit.unit_id, ExamUnit.name, ExamUnit.lft)
        .order_by(Exam.closes_at, Exam.id, ExamUnit.lft)
    )
    return [
        RunningExam(exam_id, title, closes_at, unit_id, unit, expected, submitted)
        for exam_id, title, closes_at, unit_id, unit, expected, submitted in rows
        if closes_at is not None  # a published exam has an end
    ]
