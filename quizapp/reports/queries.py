"""What reports read: one grouped query over intervals of a tree for the figures of all its units."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import aliased

from quizapp import clock, figures
from quizapp.bank.models import Bank
from quizapp.db import china_day, db
from quizapp.exams import windows
from quizapp.exams.access import score_shown
from quizapp.exams.counting import COUNTERS
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.exams.queries import status_of
from quizapp.people import access
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import current, found_by, in_order
from quizapp.practice import queries as practice
from quizapp.practice.models import PracticeAnswer
from quizapp.reports import daily
from quizapp.reports.access import COMPLETION, reaches_everything
from quizapp.reports.completion import Counts, Figures, UnitRow, cumulative
from quizapp.reports.daily import DailyRow
from quizapp.reports.models import ExamHeat, ExamSpread
from quizapp.reports.study import queries as study
from quizapp.reports.study import sums

PAGE = 50
CHUNK = 1000  # candidates fetched at a time for a file
SUMS = [func.coalesce(func.sum(getattr(Tally, name)), 0) for name in COUNTERS]


@dataclass(frozen=True)
class ExamLine:
    """An exam in the list of reports, with the figures of the part that the reader may see."""

    exam: Exam
    state: str
    counts: Counts


def exams_in_reach(now: datetime) -> list[ExamLine]:
    """Published exams with candidates in the reader's units, newest first, with the figures of those units.

    Two statements.
    """
    sums = select(Tally.exam_id, *(total.label(name) for total, name in zip(SUMS, COUNTERS, strict=True)))
    if not reaches_everything():  # a province need not be looked through for who sees all of it
        sums = (
            sums.join(ExamUnit, and_(ExamUnit.exam_id == Tally.exam_id, ExamUnit.lft == Tally.lft))
            .join(Unit, Unit.id == ExamUnit.unit_id)
            .where(access.within(Unit.lft, *COMPLETION))
        )
    mine = sums.group_by(Tally.exam_id).subquery()
    rows = db.session.execute(
        select(Exam, *(mine.c[name] for name in COUNTERS))
        .select_from(Exam)
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
    sums = _sums_of_parts(exam_id, top).subquery()
    rows = db.session.execute(
        select(ExamUnit.unit_id, ExamUnit.name, ExamUnit.lft, deeper, ExamSpread.middle)
        .add_columns(*(sums.c[name] for name in COUNTERS))
        .join(sums, sums.c.lft == ExamUnit.lft)
        .outerjoin(ExamSpread, _spread_here())
        .where(ExamUnit.exam_id == exam_id)
        .order_by(ExamUnit.lft)
    )
    parts = [
        UnitRow(unit_id, name, False, bool(more), Counts(*sums), middle)
        for unit_id, name, _, more, middle, *sums in rows
    ]
    own_middle = (
        select(ExamSpread.own_middle)
        .where(ExamSpread.exam_id == exam_id, ExamSpread.lft == top.lft)
        .scalar_subquery()
    )
    middle, *own = db.session.execute(
        select(own_middle, *SUMS).where(Tally.exam_id == exam_id, Tally.lft == top.lft)
    ).one()
    if own[0]:
        parts.insert(0, UnitRow(top.unit_id, f"{top.name}（本级）", True, False, Counts(*own), middle))
    return sum((part.counts for part in parts), Counts()), parts


def _sums_of_parts(exam_id: int, top: ExamUnit) -> Any:
    """SQL: the counters of each unit directly below one, with all below it. Grouped by the least that tells them apart:
    at the top of a province 60,000 rows are summed."""
    part, inside = aliased(ExamUnit), [func.coalesce(func.sum(getattr(Tally, name)), 0) for name in COUNTERS]
    return (
        select(part.lft, *(total.label(name) for total, name in zip(inside, COUNTERS, strict=True)))
        .select_from(part)
        .outerjoin(Tally, and_(Tally.exam_id == part.exam_id, Tally.lft.between(part.lft, part.rgt)))
        .where(part.exam_id == exam_id, part.parent_id == top.unit_id)
        .group_by(part.lft)
    )


def figures_of(exam_id: int, top: ExamUnit) -> Figures:
    """Everything counted of a unit with all below it. Two statements."""
    inside = (Tally.exam_id == exam_id, Tally.lft.between(top.lft, top.rgt))
    spread = spread_of(exam_id, top)
    counts = Counts(*tuple(db.session.execute(select(*SUMS).where(*inside)).one()))
    return Figures(counts, spread.middle if spread else None)


def _spread_here() -> ColumnElement[bool]:
    return and_(ExamSpread.exam_id == ExamUnit.exam_id, ExamSpread.lft == ExamUnit.lft)


def spread_of(exam_id: int, unit: ExamUnit) -> ExamSpread | None:
    """Median, distribution and 人员类别 of a unit with all below it; none before the job has been there."""
    return db.session.get(ExamSpread, (exam_id, unit.lft))


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


@dataclass(frozen=True)
class PersonLine:
    """A candidate in the list of names. status: one of exams' STATUSES; shown: the reader may see the score."""

    candidate: Candidate
    unit: str
    status: str
    shown: bool

    @property
    def score(self) -> str:
        """The score as printed; "—" where there is none or the reader may not see it."""
        one = self.candidate
        return figures.points(one.points) if self.shown and one.sat and one.points is not None else "—"


def _people(exam: Exam, unit: ExamUnit, only: str, words: str) -> Select[Candidate, str, int]:
    wanted = (
        select(Candidate, ExamUnit.name, Unit.lft)
        .select_from(Candidate)
        .join(ExamUnit, _counted_here())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(Candidate.exam_id == exam.id, Candidate.lft.between(unit.lft, unit.rgt))
    )
    if only == "open":
        wanted = wanted.where(Candidate.status == "expected", Candidate.sat.is_(False))
    elif only == "done":
        wanted = wanted.where(Candidate.status == "expected", Candidate.sat)
    elif only == "excluded":
        wanted = wanted.where(Candidate.status != "expected")
    if words.strip():
        wanted = wanted.join(Person, Person.id == Candidate.person_id).where(found_by(words))
    return wanted


def _counted_here() -> ColumnElement[bool]:
    return and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.lft == Candidate.lft)


def people(
    exam: Exam, unit: ExamUnit, whole: Counts, *, only: str, words: str, page: int, now: datetime
) -> tuple[list[PersonLine], int]:
    """One page of the candidates of a unit and all below it, in the order of units, posts and names; how many in all.

    whole: the unit's counters, which say how many there are unless words are looked for. only: "open" (not yet sat),
    "done", "excluded" (免考, 缓考), "" for everybody.
    """
    wanted = _people(exam, unit, only, words)
    total = whole.of(only) if not words.strip() else _count(wanted)
    rows = db.session.execute(_in_order(wanted).limit(PAGE).offset((page - 1) * PAGE))
    return [_line(row, exam, now) for row in rows], total


def _count(wanted: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def _in_order(wanted: Select[Candidate, str, int]) -> Select[Candidate, str, int]:
    return wanted.order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)


def everybody(exam: Exam, unit: ExamUnit, now: datetime) -> Iterator[PersonLine]:
    """All candidates of a unit and all below it, in the same order, a thousand in memory at a time. One statement."""
    wanted = _in_order(_people(exam, unit, "", "")).execution_options(yield_per=CHUNK)
    for row in db.session.execute(wanted):
        yield _line(row, exam, now)


def _line(row: Any, exam: Exam, now: datetime) -> PersonLine:
    candidate, unit, lft = row
    return PersonLine(candidate, unit, status_of(candidate, exam, now), score_shown(candidate, lft))


@dataclass(frozen=True)
class OwnLine:
    """One exam of a person, in the unit of that day."""

    exam: Exam
    state: str
    line: PersonLine


def exams_of(person_id: int, now: datetime) -> list[OwnLine]:
    """The exams of a person that count in units of the reader, newest first; voided and cancelled ones are left out."""
    rows = db.session.execute(
        select(Candidate, ExamUnit.name, Unit.lft, Exam)
        .select_from(Candidate)
        .join(Exam, Exam.id == Candidate.exam_id)
        .join(ExamUnit, _counted_here())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(Candidate.person_id == person_id, Exam.state == "published")
        .where(access.within(Unit.lft, *COMPLETION))
        .order_by(Exam.opens_at.desc(), Exam.id.desc())
    )
    return [
        OwnLine(
            exam,
            windows.state_of(exam, now),
            PersonLine(candidate, name, status_of(candidate, exam, now), score_shown(candidate, lft)),
        )
        for candidate, name, lft, exam in rows
    ]


def comparable(exam: Exam, unit_id: int) -> list[Exam]:
    """Earlier exams of the same purpose about the same regulation in which this unit has candidates, newest first.

    Two statements.
    """
    rows = db.session.scalars(
        select(Exam)
        .join(ExamUnit, and_(ExamUnit.exam_id == Exam.id, ExamUnit.unit_id == unit_id))
        .where(Exam.purpose == exam.purpose, Exam.state == "published", Exam.makeup_of_id.is_(None))
        .where(Exam.opens_at < exam.opens_at, Exam.id != exam.id)
        .order_by(Exam.opens_at.desc(), Exam.id.desc())
    ).all()
    about = dict(db.session.execute(select(Bank.id, Bank.regulation_id)).all())

    def laws(one: Exam) -> set[int | None]:
        return {about.get(bank_id) for bank_id in one.bank_ids}

    return [one for one in rows if laws(one) & laws(exam)]


def finished_by_day(exam_id: int, unit: ExamUnit) -> list[tuple[date, int]]:
    """How many had finished by the end of each day, from the first to the last day with a hand-in.

    From the refreshed figures; before the job has been there it is counted now, which takes long in a province.
    """
    heat = db.session.get(ExamHeat, (exam_id, unit.lft))
    if heat is not None:
        by_day = {heat.first + timedelta(days=n): count for n, count in enumerate(heat.days) if count}
        return cumulative(by_day)
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
    return cumulative(dict(rows.all()))


@dataclass(frozen=True)
class DailyReport:
    """The daily quizzes of a unit as a whole and of its parts in tree order, and of when the figures are."""

    whole: DailyRow
    parts: list[DailyRow]
    as_of: datetime


def daily_rows(top: Unit, first_day: date, last_day: date, now: datetime, *, smallest: int) -> DailyReport:
    """The daily quizzes of a unit and of each unit below it in a period.

    Of a period until today from the figures that a job keeps; of an earlier one, and before the job has been there,
    counted now, which takes long in a province. A constant number of statements.
    """
    today = clock.today(now)
    if last_day == today and first_day >= sums.first_kept(today):
        kept = study.figures(top)
        if kept is not None:
            return _kept_daily(top, kept, first_day, smallest)
    whole, parts = _counted_daily(top, first_day, last_day, now, smallest)
    return DailyReport(whole, parts, now)


def _kept_daily(top: Unit, kept: study.Kept, first_day: date, smallest: int) -> DailyReport:
    def row(part: study.Part) -> DailyRow:
        counts = daily.kept(part.study, first_day)
        return DailyRow(part.unit_id, part.name, part.own, counts.people < smallest, counts)

    whole = row(study.Part(top.id, top.name, False, False, kept.whole))
    return DailyReport(whole, [row(part) for part in kept.parts], kept.as_of)


def _counted_daily(
    top: Unit, first_day: date, last_day: date, now: datetime, smallest: int
) -> tuple[DailyRow, list[DailyRow]]:
    interval = [(top.lft, top.rgt)]
    participation = practice.participation(interval, first_day, last_day)
    mastery = practice.mastery_by_unit(interval, participation, last_day, now)

    def row(unit_id: int, name: str, lft: int, rgt: int, *, own: bool) -> DailyRow:
        counts = daily.summed(lft, rgt, participation, mastery)
        return DailyRow(unit_id, name, own, counts.people < smallest, counts)

    below = db.session.execute(
        select(Unit.id, Unit.name, Unit.lft, Unit.rgt)
        .where(Unit.parent_id == top.id, Unit.closed_on.is_(None))
        .order_by(Unit.lft)
    )
    parts = [row(unit_id, name, lft, rgt, own=False) for unit_id, name, lft, rgt in below]
    own = row(top.id, f"{top.name}（本级）", top.lft, top.lft, own=True)
    if own.counts.people and parts:
        parts.insert(0, own)
    return row(top.id, top.name, top.lft, top.rgt, own=False), parts


@dataclass(frozen=True)
class DailyName:
    """Somebody in the list of names, shown only while the switch is on."""

    name: str
    unit: str
    took_part: bool


def daily_names(top: Unit, first_day: date, last_day: date) -> list[DailyName]:
    """Who of a unit and all below it took part in a period, in the order of units, posts and names."""
    took = (
        select(PracticeAnswer.person_id)
        .where(PracticeAnswer.day.between(first_day, last_day), PracticeAnswer.source == "daily")
        .distinct()
    )
    rows = db.session.execute(
        select(Person.name, Unit.name, Person.id.in_(took))
        .select_from(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, current(last_day), Person.disabled_at.is_(None))
        .where(Unit.lft.between(top.lft, top.rgt))
        .order_by(*in_order())
    )
    return [DailyName(*row) for row in rows]


def units_above(unit: Unit) -> list[Unit]:
    """The units above this one that the reader may open, from the top."""
    return list(
        db.session.scalars(
            select(Unit)
            .where(Unit.lft < unit.lft, Unit.rgt > unit.rgt, access.within(Unit.lft, *COMPLETION))
            .order_by(Unit.lft)
        )
    )
