"""What the pages of corrections read: a correction with its people, whom it changes, the history of an exam's runs."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.attempts.corrections import effects
from quizapp.attempts.corrections.models import UNDECIDED, Correction
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.db import db
from quizapp.exams import access as exam_access
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Grant, Person, Unit
from quizapp.people.queries import found_by

PAGE = 20
SORTS = {"unit": "按单位", "change": "按变化大小", "after": "按更正后得分", "name": "按姓名"}
SHOWN = {
    "": "全部变化",
    "up": "分数提高",
    "down": "分数降低",
    "gained": "由不合格变为合格",
    "lost": "由合格变为不合格",
}
SHOWN_BAND = {"band": "等级变化"}


@dataclass(frozen=True)
class Told:
    """A correction as pages tell it. by, decided_by: names, "" for the command line or nobody yet."""

    correction: Correction
    run: MarkingRun
    by: str
    decided_by: str
    exam: Exam
    base_number: int
    restores_number: int | None

    @property
    def effect(self) -> effects.Effect | None:
        stored = self.correction.effect
        return effects.Effect.from_json(stored) if stored is not None else None


def _told() -> Select[Any]:
    author, decider = aliased(Person), aliased(Person)
    base, restored = aliased(MarkingRun), aliased(MarkingRun)
    told: Any = select(
        *(Correction, MarkingRun, func.coalesce(author.name, ""), func.coalesce(decider.name, "")),
        *(Exam, base.number, restored.number),
    )
    found: Select[Any] = (
        told.join(MarkingRun, MarkingRun.id == Correction.run_id)
        .join(Exam, Exam.id == Correction.exam_id)
        .join(base, base.id == Correction.base_id)
        .outerjoin(restored, restored.id == Correction.restores_id)
        .outerjoin(author, author.id == MarkingRun.created_by_id)
        .outerjoin(decider, decider.id == Correction.decided_by_id)
    )
    return found


def one(exam_id: int, run_id: int) -> Told | None:
    """A correction of this exam."""
    row = db.session.execute(
        _told().where(Correction.exam_id == exam_id, Correction.run_id == run_id)
    ).one_or_none()
    return Told(*row) if row is not None else None


def of_exam(exam_id: int) -> list[Told]:
    """Every correction of an exam, the newest first."""
    rows = db.session.execute(_told().where(Correction.exam_id == exam_id).order_by(MarkingRun.number.desc()))
    return [Told(*row) for row in rows]


def open_one(exam_id: int) -> Correction | None:
    """The correction of an exam that nobody has decided yet; there is at most one."""
    return db.session.scalars(
        select(Correction).where(Correction.exam_id == exam_id, Correction.state.in_(UNDECIDED))
    ).one_or_none()


def waiting(person_id: int) -> list[Told]:
    """What this person, signed in, may approve: corrections of exams in reach that somebody else has asked for."""
    another = or_(MarkingRun.created_by_id.is_(None), MarkingRun.created_by_id != person_id)
    rows = db.session.execute(
        _told()
        .join(Unit, Unit.id == Exam.unit_id)
        .where(Correction.state == "waiting", another, exam_access.within_reach())
        .order_by(Correction.run_id)
    )
    return [Told(*row) for row in rows]


def audited_ids(exam_id: int) -> Any:
    """Registered with exams: SQL, the ids of an exam's further marking runs as the audit log writes them."""
    return select(cast(MarkingRun.id, String)).where(MarkingRun.exam_id == exam_id, MarkingRun.number > 1)


def first_run(exam_id: int) -> MarkingRun:
    """The run that publishing made."""
    return db.session.scalars(
        select(MarkingRun).where(MarkingRun.exam_id == exam_id, MarkingRun.number == 1)
    ).one()


def current_id(exam_id: int) -> int:
    """The run by which the exam is marked now."""
    return db.session.scalars(
        select(MarkingRun.id).where(MarkingRun.exam_id == exam_id, MarkingRun.state == "current")
    ).one()


def approvers(exam: Exam, author_id: int | None) -> list[str]:
    """The names of those who may approve a correction of this author, by name."""
    holder = aliased(Unit)
    found = (
        select(Person.name, Person.name_key)
        .join(Grant, Grant.person_id == Person.id)
        .join(Unit, Unit.id == Grant.unit_id)
        .join(holder, holder.id == exam.unit_id)
        .where(Grant.role.in_(exam_access.ROLES), Unit.lft <= holder.lft, holder.rgt <= Unit.rgt)
        .where(Person.disabled_at.is_(None))
        .distinct()
        .order_by(Person.name_key)
    )
    if author_id is not None:
        found = found.where(Person.id != author_id)
    return [name for name, _ in db.session.execute(found)]


# Who changes ------------------------------------------------------------------------------------------------


def pairs(exam: Exam, base_id: int, run_id: int) -> Any:
    """SQL: candidate_id, before, after: what counts for each by two runs, by the exam's rule for several attempts.

    Only sheets that both runs have marked: who closed one after the switch was never marked the old way.
    """
    old, new = aliased(AttemptMark), aliased(AttemptMark)
    closings = (
        select(Attempt.candidate_id, old.total.label("before"), new.total.label("after"))
        .add_columns(
            _rank(exam, old.total).label("rank_before"),
            _rank(exam, new.total).label("rank_after"),
        )
        .join(Closing, and_(Closing.attempt_id == Attempt.id, Closing.withdrawn_at.is_(None)))
        .join(old, and_(old.closing_id == Closing.id, old.run_id == base_id))
        .join(new, and_(new.closing_id == Closing.id, new.run_id == run_id))
        .where(Attempt.exam_id == exam.id, Attempt.candidate_id.is_not(None))
        .where(Attempt.state.in_(("submitted", "expired")))
        .where(or_(Closing.by == "person", Closing.answered > 0))
        .subquery()
    )
    columns = closings.c
    return (
        select(
            columns.candidate_id,
            func.max(case((columns.rank_before == 1, columns.before))).label("before"),
            func.max(case((columns.rank_after == 1, columns.after))).label("after"),
        )
        .group_by(columns.candidate_id)
        .subquery()
    )


def _rank(exam: Exam, total: Any) -> Any:
    newest = (Attempt.number.desc(), Closing.n.desc())
    order = newest if exam.counts == "last" else (total.desc(), *newest)
    return func.row_number().over(partition_by=Attempt.candidate_id, order_by=order)


def effect(exam: Exam, base_id: int, run_id: int) -> effects.Effect:
    """What the run changes, counted over everybody who is expected."""
    both = pairs(exam, base_id, run_id)
    rows = db.session.execute(
        select(Candidate.lft, both.c.before, both.c.after, func.count())
        .join(both, both.c.candidate_id == Candidate.id)
        .where(Candidate.status == "expected")
        .group_by(Candidate.lft, both.c.before, both.c.after)
    )
    return effects.effect(((lft, before, after, people) for lft, before, after, people in rows), exam)


@dataclass(frozen=True)
class Change:
    """A candidate whose points change."""

    candidate: Candidate
    unit: str
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before


def changes(
    exam: Exam,
    base_id: int,
    run_id: int,
    *,
    hidden: Collection[int],
    words: str = "",
    shown: str = "",
    sort: str = "unit",
    page: int | None = 1,
) -> tuple[list[Change], int]:
    """Who changes: one page (none: all of them), and how many there are. hidden: people who are left out."""
    both = pairs(exam, base_id, run_id)
    before, after = both.c.before, both.c.after
    found = (
        select(Candidate, ExamUnit.name, before, after)
        .join(both, both.c.candidate_id == Candidate.id)
        .join(ExamUnit, exam_access.stands_in())
        .where(before != after, Candidate.status == "expected", Candidate.person_id.not_in(hidden))
    )
    if words.strip():
        found = found.join(Person, Person.id == Candidate.person_id).where(found_by(words))
    condition = _shown(exam, before, after).get(shown)
    if condition is not None:
        found = found.where(condition)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    place = (Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
    order = {
        "change": (func.abs(after - before).desc(), *place),
        "after": (after.desc(), *place),
        "name": (Candidate.name_key, *place),
    }.get(sort, place)
    found = found.order_by(*order)
    if page is not None:
        found = found.limit(PAGE).offset((page - 1) * PAGE)
    return [Change(*row) for row in db.session.execute(found)], total


def _shown(exam: Exam, before: Any, after: Any) -> dict[str, ColumnElement[bool]]:
    """SQL: the changes under each heading of SHOWN."""
    line = exam.pass_mark
    marks = sorted({int(mark) for _, mark in exam.bands})
    crossed = [or_(and_(before < mark, after >= mark), and_(before >= mark, after < mark)) for mark in marks]
    return {
        "up": after > before,
        "down": after < before,
        "gained": and_(before < line, after >= line),
        "lost": and_(before >= line, after < line),
        "band": or_(*crossed) if crossed else after != after,
    }
