"""What programs read of exams: rows ordered by a key that never changes. A function is one statement.

Reach is that of the pages: a unit that the token reaches today, and all that stood below it in the exam's own tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from quizapp import config
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams import seeing
from quizapp.exams.access import homes, stands_in
from quizapp.exams.counting import COUNTERS
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.people import access, tree
from quizapp.people.models import Person, Unit
from quizapp.people.queries import Interval, inside
from quizapp.reports import apart
from quizapp.reports.access import COMPLETION
from quizapp.reports.completion import Counts


@dataclass(frozen=True)
class ExamEntry:
    """A published exam and the code of the unit that holds it."""

    exam: Exam
    unit_code: str


def exams(*, after: int, limit: int) -> list[ExamEntry]:
    """Published exams in whose tree some unit is in reach, by id."""
    reached = (
        select(ExamUnit.exam_id)
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(ExamUnit.exam_id == Exam.id, access.within(Unit.lft, *COMPLETION))
        .correlate(Exam)
    )
    holder = aliased(Unit)
    rows = db.session.execute(
        select(Exam, holder.code)
        .join(holder, holder.id == Exam.unit_id)
        .where(Exam.published_at.is_not(None), Exam.id > after, reached.exists())
        .order_by(Exam.id)
        .limit(limit)
    )
    return [ExamEntry(*row) for row in rows]


def reach_or_404(exam_id: int) -> list[Interval]:
    """The intervals of an exam's own tree that are in reach: usually one. Answers 404 for none.

    Only units whose upper unit is not itself in reach are asked for, so that a province gives one row and not 60,000.
    """
    above, upper = aliased(ExamUnit), aliased(Unit)
    rows = db.session.execute(
        select(ExamUnit.lft, ExamUnit.rgt)
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .outerjoin(above, and_(above.exam_id == exam_id, above.unit_id == ExamUnit.parent_id))
        .outerjoin(upper, upper.id == above.unit_id)
        .where(ExamUnit.exam_id == exam_id, access.within(Unit.lft, *COMPLETION))
        .where(or_(upper.id.is_(None), not_(access.within(upper.lft, *COMPLETION))))
    )
    return tree.outermost((lft, rgt) for lft, rgt in rows) or not_found()


@dataclass(frozen=True)
class UnitEntry:
    """A unit of an exam's own tree with all below it. parent_code: none where the unit above is out of reach."""

    lft: int
    code: str
    name: str
    parent_code: str | None
    counts: Counts
    released: bool
    told: Counts  # of whom scores may be told: see `reports.apart`


def units(
    exam_id: int, where: Sequence[Interval], *, released: bool, after: int, limit: int
) -> list[UnitEntry]:
    """The units of these intervals of the exam's own tree in its order, each with the sums over its interval.

    released: whether its scores are; it is handed on with each unit.
    """
    own = (
        select(ExamUnit.lft, ExamUnit.rgt, ExamUnit.unit_id, ExamUnit.parent_id, ExamUnit.name)
        .where(ExamUnit.exam_id == exam_id, inside(ExamUnit.lft, where), ExamUnit.lft > after)
        .order_by(ExamUnit.lft)
        .limit(limit)
        .subquery()
    )
    above, upper = aliased(ExamUnit), aliased(Unit)
    rows = db.session.execute(
        select(
            *(own.c.lft, own.c.unit_id, Unit.code, own.c.name, upper.code.label("parent")),
            *(func.coalesce(func.sum(getattr(Tally, name)), 0) for name in COUNTERS),
        )
        .select_from(own)
        .join(Unit, Unit.id == own.c.unit_id)
        .outerjoin(
            above,
            and_(above.exam_id == exam_id, above.unit_id == own.c.parent_id, inside(above.lft, where)),
        )
        .outerjoin(upper, upper.id == above.unit_id)
        .outerjoin(Tally, and_(Tally.exam_id == exam_id, Tally.lft.between(own.c.lft, own.c.rgt)))
        .group_by(own.c.lft, own.c.unit_id, Unit.code, own.c.name, upper.code)
        .order_by(own.c.lft)
    )
    hidden = apart.boards([exam_id])
    found = []
    for lft, unit_id, code, name, parent, *sums in rows:
        counts = Counts(*map(int, sums))
        told = counts - hidden.get((exam_id, unit_id), Counts())
        found.append(UnitEntry(lft, code, name, parent, counts, released, told))
    return found


@dataclass(frozen=True)
class ResultEntry:
    """A candidate, and the unit in which the candidate is counted. shown: the result may be read (see `seeing`)."""

    candidate: Candidate
    account: str
    unit_code: str
    exam: Exam
    shown: bool


def results(exam: Exam, where: Sequence[Interval], *, after: int, limit: int) -> list[ResultEntry]:
    """The candidates of these intervals of the exam's own tree, by person."""
    rows = db.session.execute(
        select(Candidate, Person.account, Unit.code, Unit.id)
        .join(Person, Person.id == Candidate.person_id)
        .join(ExamUnit, stands_in())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(Candidate.exam_id == exam.id, inside(Candidate.lft, where), Candidate.person_id > after)
        .order_by(Candidate.person_id)
        .limit(limit)
    )
    own, named = homes(), config.value("LEADING_STAFF")

    def hidden(candidate: Candidate, unit_id: int) -> bool:
        """Scores of 领导班子成员 are told to tokens of a unit above their own, not to their own unit's."""
        return unit_id in own and seeing.is_leading(candidate.category, candidate.post, named)

    return [
        ResultEntry(candidate, account, code, exam, not hidden(candidate, unit_id))
        for candidate, account, code, unit_id in rows
    ]
