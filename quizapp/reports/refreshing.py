"""Medians, distributions, 人员类别 and heat maps are worked out anew when the counters say that results have changed.

Everything is read and computed before the first write, and the write gives way when somebody else was faster: two
consumers may run this at once. A figure on a page is never older than five minutes (`exam.figures_at` says of when).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import BigInteger, bindparam, case, cast, delete, func, insert, or_, select, update

from quizapp import config
from quizapp.attempts.models import MarkingRun
from quizapp.db import db, reading
from quizapp.exams import seeing
from quizapp.exams.full_marks import full_marks
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.reports import heating, spread
from quizapp.reports.models import ExamHeat, ExamSpread

AFTER = timedelta(minutes=4)  # looked at every minute, so a figure gets at most five minutes old
FORM = 2  # of what is stored: a newer one is worked out anew though no result has moved
COLUMNS = ("middle", "own_middle", "steps", "levels", "categories", "apart")
CHUNK = 10_000  # candidates fetched at a time
Stored = tuple[Any, ...]  # the values of COLUMNS


def rule_now() -> int:
    """By what form and by which LEADING_STAFF figures are made now: the first number of what `due` gives."""
    return crc32(f"{FORM} {config.value('LEADING_STAFF')}".encode())


def due(now: datetime) -> dict[int, list[int]]:
    """Published exams whose figures were not looked at for a while: id → what their counters say now. One statement."""
    newest_run = select(func.max(MarkingRun.id)).where(MarkingRun.exam_id == Exam.id).scalar_subquery()
    place = cast(Tally.lft, BigInteger)
    rule = rule_now()
    rows = db.session.execute(
        select(
            *(Exam.id, func.coalesce(newest_run, 0), case((Exam.closes_at <= now, 1), else_=0)),
            *(func.sum(getattr(Tally, name)) for name in ("expected", "submitted", "passed", "excellent")),
            *(func.sum(place * Tally.expected), func.sum(Tally.points), func.sum(place * Tally.points)),
        )
        .join(Tally, Tally.exam_id == Exam.id)
        .where(Exam.published_at.is_not(None), Exam.state != "voided")
        .where(or_(Exam.figures_at.is_(None), Exam.figures_at <= now - AFTER))
        .group_by(Exam.id)
        .order_by(Exam.id)
    )
    return {exam_id: [rule, *(int(value) for value in counted)] for exam_id, *counted in rows}


def still_right(counted: Mapping[int, list[int]], now: datetime) -> set[int]:
    """Those of these exams whose figures were made from the same counters; they are marked as of now."""
    rows = db.session.execute(select(Exam.id, Exam.figures).where(Exam.id.in_(counted)))
    same = {exam_id for exam_id, made in rows if made and made.get("counted") == counted[exam_id]}
    if same:
        db.session.execute(update(Exam).where(Exam.id.in_(same)).values(figures_at=now))
    return same


def refresh(exam_id: int, counted: list[int], now: datetime) -> bool:
    """Work out and store the figures of one exam. False when somebody else stored newer ones meanwhile.

    counted: what `due` gave. A constant number of statements.
    """
    with reading():
        exam = db.session.execute(
            select(*_RULES, Exam.figures_at.label("before")).where(Exam.id == exam_id)
        ).one()
        full = full_marks(exam)
        named = config.value("LEADING_STAFF")
        new = _computed(exam, full, named)
        old = _stored(ExamSpread, COLUMNS, exam_id)
        heat = heating.computed(exam, named, over=exam.closes_at <= now)
        old_heat = _stored(ExamHeat, heating.COLUMNS, exam_id)
    claimed = db.session.execute(
        update(Exam)
        .where(Exam.id == exam_id, Exam.figures_at.is_not_distinct_from(exam.before))
        .values(figures={"counted": counted, "full": full}, figures_at=now)
        .returning(Exam.id)
    ).one_or_none()
    if claimed is not None:
        _write(ExamSpread, COLUMNS, exam_id, old, new)
        _write(ExamHeat, heating.COLUMNS, exam_id, old_heat, heat)
    return claimed is not None


_RULES = (
    *(Exam.id, Exam.mode, Exam.blueprint, Exam.points, Exam.pass_mark, Exam.excellent_mark, Exam.bands),
    *(Exam.opens_at, Exam.closes_at),
)


def _computed(exam: Any, full: int, named: str) -> dict[int, Stored]:
    units = db.session.execute(select(ExamUnit.lft, ExamUnit.rgt).where(ExamUnit.exam_id == exam.id)).all()
    found = spread.of_tree(
        [(lft, rgt) for lft, rgt in units],
        _people(exam.id, named),
        spread.Marks(full, exam.pass_mark, exam.excellent_mark, [int(mark) for _, mark in exam.bands]),
    )
    return {
        lft: (*both.everybody.to_columns(), both.apart.to_json() if both.apart else None)
        for lft, both in found.items()
    }


def _people(exam_id: int, named: str) -> Iterable[spread.Row]:
    rows = db.session.execute(
        select(Candidate.lft, Candidate.sat, Candidate.points, Candidate.category, Candidate.post)
        .where(Candidate.exam_id == exam_id, Candidate.status == "expected")
        .execution_options(yield_per=CHUNK)
    )
    for lft, sat, points, category, post in rows:
        yield lft, points if sat else None, category, seeing.is_leading(category, post, named)


def _stored(model: Any, columns: Sequence[str], exam_id: int) -> dict[int, Stored]:
    rows = db.session.execute(
        select(model.lft, *(getattr(model, name) for name in columns)).where(model.exam_id == exam_id)
    )
    return {lft: tuple(values) for lft, *values in rows}


def _write(
    model: Any,
    columns: Sequence[str],
    exam_id: int,
    old: Mapping[int, Stored],
    new: Mapping[int, Stored],
) -> None:
    """Only what differs is written: new units, changed ones, and those that are gone."""
    table = model.__table__

    def row(values: Stored, prefix: str = "") -> dict[str, Any]:
        return {f"{prefix}{name}": value for name, value in zip(columns, values, strict=True)}

    here = (table.c.exam_id == exam_id, table.c.lft == bindparam("at_lft"))
    connection = db.session.connection()
    if added := [row(new[lft]) | {"exam_id": exam_id, "lft": lft} for lft in new.keys() - old.keys()]:
        connection.execute(insert(model), added)
    changed = [lft for lft in sorted(new.keys() & old.keys()) if new[lft] != old[lft]]
    if changed:
        values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in columns}
        rows = [{"at_lft": lft, **row(new[lft], "to_")} for lft in changed]
        connection.execute(update(table).where(*here).values(values), rows)
    if gone := [{"at_lft": lft} for lft in sorted(old.keys() - new.keys())]:
        connection.execute(delete(table).where(*here), gone)
