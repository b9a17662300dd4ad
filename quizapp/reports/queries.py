"""What reports read: one grouped query over intervals of a tree for the figures of all its units."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.db import china_day, db
from quizapp.exams import windows
from quizapp.exams.counting import COUNTERS
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.people import access
from quizapp.people.models import Unit
from quizapp.reports.access import COMPLETION
from quizapp.reports.completion import Counts, UnitRow, cumulative

PAGE = 50
SUMS = [func.coalesce(func.sum(getattr(Tally, name)), 0) for name in COUNTERS]


@dataclass(frozen=True)
class ExamLine:
    """An exam in the list of reports, with the figures of the part that the reader may see."""

    exam: Exam
    state: str
    counts: Counts


def exams_in_reach(now: datetime) -> list[ExamLine]:
    """Published exams with candidates in the reader's units, newest first, with the figures of those units."""
    mine = (
        select(Tally.exam_id, *(total.label(name) for total, name in zip(SUMS, COUNTERS, strict=True)))
        .join(ExamUnit, and_(ExamUnit.exam_id == Tally.exam_id, ExamUnit.lft == Tally.lft))
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(access.within(Unit.lft, *COMPLETION))
        .group_by(Tally.exam_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Exam, *(mine.c[name] for name in COUNTERS))
        .join(mine, mine.c.exam_id == Exam.id)
        .order_by(Exam.opens_at.desc(), Exam.id.desc())
    )
    return [ExamLine(exam, windows.state_of(exam, now), Counts(*counts)) for exam, *counts in rows]


def unit_rows(exam_id: int, top: ExamUnit) -> tuple[Counts, list[UnitRow]]:
    """The whole of a unit, and its parts in tree order: its own candidates (本级), then each unit below it.

    Two statements, however many units and candidates.
    """
    below = aliased(ExamUnit)
    deeper = (
        select(below.lft)
        .where(below.exam_id == exam_id, below.lft > ExamUnit.lft, below.lft < ExamUnit.rgt)
        .exists()
    )
    rows = db.session.execute(
        select(ExamUnit.unit_id, ExamUnit.name, ExamUnit.lft, deeper, *SUMS)
        .outerjoin(
            Tally, and_(Tally.exam_id == ExamUnit.exam_id, Tally.lft.between(ExamUnit.lft, ExamUnit.rgt))
        )
        .where(ExamUnit.exam_id == exam_id, ExamUnit.parent_id == top.unit_id)
        .group_by(ExamUnit.unit_id, ExamUnit.name, ExamUnit.lft, ExamUnit.rgt)
        .order_by(ExamUnit.lft)
    )
    parts = [UnitRow(unit_id, name, False, bool(more), Counts(*sums)) for unit_id, name, _, more, *sums in rows]
    own = db.session.execute(select(*SUMS).where(Tally.exam_id == exam_id, Tally.lft == top.lft)).one()
    if own[0]:
        parts.insert(0, UnitRow(top.unit_id, f"{top.name}（本级）", True, False, Counts(*own)))
    return sum((part.counts for part in parts), Counts()), parts


def path_to(exam_id: int, unit: ExamUnit) -> list[ExamUnit]:
    """The units above this one that the reader may open, from the top."""
    return list(
        db.session.scalars(
            select(ExamUnit)
            .join(Unit, Unit.id == ExamUnit.unit_id)
            .where(ExamUnit.exam_id == exam_id, ExamUnit.lft < unit.lft, ExamUnit.rgt > unit.rgt)
            .where(access.within(Unit.lft, *COMPLETION))
            .order_by(ExamUnit.lft)
        )
    )


STATES = {
    "not_started": "未开始",
    "running": "进行中",
    "done": "已交卷",
    "absent": "缺考",
    "exempt": "免考",
    "deferred": "缓考",
}


@dataclass(frozen=True)
class PersonLine:
    """A candidate in the list of names."""

    candidate: Candidate
    unit: str
    state: str


def state_of(candidate: Candidate, over: bool) -> str:
    """A key of STATES. over: the exam's window has ended; who opened it and never answered is absent then."""
    if candidate.status != "expected":
        return candidate.status
    if candidate.sat:
        return "done"
    if over:
        return "absent"
    return "running" if candidate.started else "not_started"


def _people(exam: Exam, unit: ExamUnit, only: str, words: str) -> Select[tuple[Candidate, str]]:
    wanted = (
        select(Candidate, ExamUnit.name)
        .join(ExamUnit, and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.lft == Candidate.lft))
        .where(Candidate.exam_id == exam.id, Candidate.lft.between(unit.lft, unit.rgt))
    )
    if only == "open":
        wanted = wanted.where(Candidate.status == "expected", Candidate.sat.is_(False))
    elif only == "done":
        wanted = wanted.where(Candidate.status == "expected", Candidate.sat)
    elif only == "excluded":
        wanted = wanted.where(Candidate.status != "expected")
    if words:
        plain = words.replace("·", "").replace(" ", "").lower()
        wanted = wanted.where(
            or_(
                func.replace(Candidate.name, "·", "").contains(plain, autoescape=True),
                func.replace(Candidate.name_key, " ", "").startswith(plain, autoescape=True),
            )
        )
    return wanted


def people(
    exam: Exam, unit: ExamUnit, *, only: str, words: str, page: int | None, now: datetime
) -> tuple[list[PersonLine], int]:
    """Candidates of a unit and all below it, in the order of units, posts and names; a page of 50, or all.

    only: "open" (not yet sat), "done", "excluded" (免考, 缓考), "" for everybody.
    """
    wanted = _people(exam, unit, only, words)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    ordered = wanted.order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
    if page is not None:
        ordered = ordered.limit(PAGE).offset((page - 1) * PAGE)
    over = exam.closes_at is not None and now >= exam.closes_at
    rows = db.session.execute(ordered)
    return [PersonLine(candidate, name, state_of(candidate, over)) for candidate, name in rows], total


def finished_by_day(exam_id: int, unit: ExamUnit) -> list[tuple[date, int]]:
    """How many had finished by the end of each day, from the first to the last day with a hand-in."""
    day = china_day(Candidate.finished_at)
    rows = db.session.execute(
        select(day, func.count())
        .where(
            Candidate.exam_id == exam_id,
            Candidate.lft.between(unit.lft, unit.rgt),
            Candidate.finished_at.is_not(None),
            Candidate.status == "expected",
        )
        .group_by(day)
    )
    return cumulative(dict(rows.tuples()))
