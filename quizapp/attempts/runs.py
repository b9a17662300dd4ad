"""Marking runs: the keys by which an exam's sheets are marked. Run 1 is made at publishing, a correction makes another.

A run's keys never change, and neither do its marks: a corrected key is a new run, marked in batches beside the
current one, compared, approved by a second person, and then switched to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from quizapp import audit
from quizapp.attempts import marks as marking
from quizapp.attempts import results
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Exam, Form, Slot
from quizapp.remembered import Remembered

BATCH = 1000  # sheets that one statement of a marking run writes
RunName = tuple[int, datetime, str]  # id, when it was made, the exam's rule of 少选
Progress = Callable[[int, int], None]  # done, of how many
_known: Remembered[RunName, marking.Marker] = Remembered("marking_runs", 64)


@dataclass(frozen=True)
class Run:
    """A marking run ready for use, with the rules of its exam. Marks: tenths of a 分."""

    id: int
    marker: marking.Marker
    pass_mark: int = 0
    excellent_mark: int = 0

    @property
    def keys(self) -> Mapping[int, marking.Key]:
        return self.marker.keys


def first_run(exam: Exam, now: datetime) -> None:
    """Registered with exams: publishing freezes the keys of every revision that a paper may draw."""
    pinned = db.session.execute(
        select(Revision.id, Revision.kind, Revision.key)
        .join(Slot, Slot.revision_id == Revision.id)
        .join(Form, Form.id == Slot.form_id)
        .where(Form.exam_id == exam.id)
        .distinct()
    )
    keys = {row.id: marking.Key(row.kind, (frozenset(row.key),)) for row in pinned}
    db.session.execute(
        insert(MarkingRun).values(
            exam_id=exam.id, number=1, keys=marking.keys_to_json(keys), state="current", created_at=now
        )
    )


def current(exam_ids: set[int]) -> dict[int, Run]:
    """The current run of each exam, held so that it cannot be replaced before this transaction ends.

    While a replacement commits, the row that was current is not any more and the new one is not yet seen: look again.
    """
    found: dict[int, Run] = {}
    for _ in range(3):
        left = {"exams": sorted(exam_ids - found.keys())}
        rows = db.session.connection().execute(_current(), left).all()
        markers = _known.get([_name(row) for row in rows], _read)
        for row in rows:
            found[row.exam_id] = Run(row.id, markers[_name(row)], row.pass_mark, row.excellent_mark)
        if found.keys() == exam_ids:
            return found
    raise LookupError(f"no current marking run: exams {sorted(exam_ids - found.keys())}")


@cache
def _current() -> Select[Any]:
    run, exam = MarkingRun.__table__.c, Exam.__table__.c
    return (
        select(
            *(run.id, run.exam_id, run.created_at),
            *(exam.multiple_rule, exam.pass_mark, exam.excellent_mark),
        )
        .join(Exam.__table__, exam.id == run.exam_id)
        .where(run.exam_id.in_(bindparam("exams", expanding=True)), run.state == "current")
        .order_by(run.exam_id)
        .with_for_update(of=MarkingRun.__table__, read=True)
    )


def _name(row: Any) -> RunName:
    return row.id, row.created_at, row.multiple_rule


def _read(wanted: list[RunName]) -> dict[RunName, marking.Marker]:
    """A run's keys never change, and neither does the rule of an exam that is published."""
    ids = [run_id for run_id, _, _ in wanted]
    rows = db.session.execute(select(MarkingRun.id, MarkingRun.keys).where(MarkingRun.id.in_(ids)))
    keys = {run_id: marking.keys_from_json(stored) for run_id, stored in rows}
    return {name: marking.Marker(keys[name[0]], name[2]) for name in wanted}


def mark_closings(closed: Sequence[tuple[int, Any]], held: Mapping[int, Run]) -> dict[int, int]:
    """Mark (closing id, attempt row) pairs in these runs, by exam. Gives totals by closing, in tenths."""
    rows = [_mark(held[row.exam_id], closing_id, row.layout, row.sheet) for closing_id, row in closed]
    write_marks(rows)
    return {row["closing_id"]: row["total"] for row in rows}


def _mark(run: Run, closing_id: int, layout: str, sheet: str) -> dict[str, Any]:
    earned = run.marker.marks(layout, sheet)
    return {
        "run_id": run.id,
        "closing_id": closing_id,
        "total": earned.total,
        "marks": marking.slots_text(earned),
    }


def treated(exam_ids: Any) -> set[int]:
    """The revisions that some of these exams give to all or leave out: what is earned there says nothing of them.

    exam_ids: ids, or SQL that gives them. One statement.
    """
    stored = db.session.scalars(
        select(MarkingRun.keys).where(
            MarkingRun.exam_id.in_(exam_ids), MarkingRun.state == "current", MarkingRun.number > 1
        )
    )
    keys = [marking.keys_from_json(one) for one in stored]
    return {one for of_run in keys for one, key in of_run.items() if key.treatment != "normal"}


def write_marks(rows: Sequence[dict[str, Any]]) -> None:
    """Marks are only ever added."""
    if rows:
        db.session.connection().execute(insert(AttemptMark.__table__), list(rows))


def prepare(
    exam_id: int,
    corrections: Mapping[int, marking.Key],
    *,
    actor_id: int | None,
    reason: str,
    now: datetime,
    policy: str = "new",
) -> MarkingRun:
    """A further run: the current keys with these corrections, by revision. It counts nothing until activated.

    policy: see `marks.corrected`.
    """
    before = current({exam_id})[exam_id]
    if not corrections or not corrections.keys() <= before.keys.keys():
        raise Refused("no_such_question", "更正的试题不在这场考试中。")
    try:
        keys = marking.corrected(before.keys, corrections, policy)
    except ValueError:
        raise Refused(
            "too_many_kept",
            "这场考试已多次按“取新旧成绩中较高者”更正，不能再增加，没有保存。",
            "请改为“全部按新答案计分”。",
        ) from None
    return add(exam_id, keys, actor_id=actor_id, reason=reason, now=now, revisions=sorted(corrections))


def add(
    exam_id: int,
    keys: Mapping[int, marking.Key],
    *,
    actor_id: int | None,
    reason: str,
    now: datetime,
    **told: Any,
) -> MarkingRun:
    """A further run by just these keys: prepared, and of no effect until activated. told: more for the audit log."""
    newest = select(func.max(MarkingRun.number)).where(MarkingRun.exam_id == exam_id)
    run = MarkingRun(
        exam_id=exam_id,
        number=1 + (db.session.scalar(newest) or 0),
        keys=marking.keys_to_json(keys),
        state="prepared",
        created_at=now,
        created_by_id=actor_id,
    )
    db.session.add(run)
    db.session.flush()
    audit.record(
        "marking_run.prepared", run, actor_id=actor_id, exam=exam_id, number=run.number, reason=reason, **told
    )
    return run


def mark_batch(run_id: int, limit: int = BATCH) -> int:
    """Mark closings of the exam that this run has not marked yet, in one set. How many; 0 when all are done."""
    run_row, rule = db.session.execute(
        select(MarkingRun, Exam.multiple_rule)
        .join(Exam, Exam.id == MarkingRun.exam_id)
        .where(MarkingRun.id == run_id)
    ).one()
    marked = exists().where(AttemptMark.run_id == run_id, AttemptMark.closing_id == Closing.id)
    rows = db.session.execute(
        select(Closing.id, Attempt.layout, Closing.sheet)
        .join(Attempt, Attempt.id == Closing.attempt_id)
        .where(Attempt.exam_id == run_row.exam_id, Attempt.trial.is_(False), ~marked)
        .order_by(Closing.id)
        .limit(limit)
    ).all()
    run = Run(run_id, marking.Marker(marking.keys_from_json(run_row.keys), rule))
    write_marks([_mark(run, row.id, row.layout, row.sheet) for row in rows])
    return len(rows)


@dataclass(frozen=True)
class Difference:
    """What a prepared run would change for one closing, in tenths."""

    closing_id: int
    person_id: int
    before: int
    after: int


def differences(run_id: int) -> list[Difference]:
    """Whose total a prepared run changes: to be read before it is approved."""
    run = db.session.get_one(MarkingRun, run_id)
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    people: dict[int, int] = {}
    rows = db.session.execute(
        select(AttemptMark.closing_id, Attempt.person_id, AttemptMark.run_id, AttemptMark.total)
        .join(MarkingRun, MarkingRun.id == AttemptMark.run_id)
        .join(Closing, Closing.id == AttemptMark.closing_id)
        .join(Attempt, Attempt.id == Closing.attempt_id)
        .where(MarkingRun.exam_id == run.exam_id)
        .where((MarkingRun.id == run_id) | (MarkingRun.state == "current"))
        .order_by(AttemptMark.closing_id)
    )
    for closing_id, person_id, of_run, total in rows:
        (after if of_run == run_id else before)[closing_id] = total
        people[closing_id] = person_id
    return [
        Difference(closing_id, people[closing_id], before[closing_id], after[closing_id])
        for closing_id in people
        if closing_id in before and closing_id in after and before[closing_id] != after[closing_id]
    ]


def may_switch(run_id: int, *, actor_id: int | None, now_current: MarkingRun | None = None) -> MarkingRun:
    """A prepared run to which this person may have the exam switched: another than who made it. Raises Refused.

    now_current: the current run, where the caller has locked it.
    """
    run = db.session.get_one(MarkingRun, run_id, populate_existing=True)
    if run.created_by_id == actor_id:
        raise Refused("second_person", "更正答案须由另一人批准。")
    number = now_current.number if now_current else _current_number(run.exam_id)
    if run.state != "prepared" or run.number <= number:
        raise Refused("not_prepared", "这次更正已处理，或已有更新的更正。")
    return run


def _current_number(exam_id: int) -> int:
    return db.session.scalars(
        select(MarkingRun.number).where(MarkingRun.exam_id == exam_id, MarkingRun.state == "current")
    ).one()


def activate(run_id: int, *, actor_id: int | None, report: Progress | None = None) -> None:
    """Switch to a prepared run, approved by a second person: stragglers are marked, candidates and counters follow.

    report: told (done, of how many) candidates. All in the running transaction.
    """
    exam_id = db.session.get_one(MarkingRun, run_id).exam_id
    old = db.session.scalars(
        select(MarkingRun)
        .where(MarkingRun.exam_id == exam_id, MarkingRun.state == "current")
        .with_for_update()
    ).one()
    run = may_switch(run_id, actor_id=actor_id, now_current=old)
    while mark_batch(run_id):
        pass
    db.session.execute(update(MarkingRun).where(MarkingRun.id == old.id).values(state="past"))
    db.session.execute(update(MarkingRun).where(MarkingRun.id == run_id).values(state="current"))
    _recount(_changed(old.id, run_id), report)
    audit.record("marking_run.activated", run, actor_id=actor_id, exam=run.exam_id, number=run.number)


def _changed(old_id: int, new_id: int) -> list[int]:
    """The candidates of whose sheets one earns another total in the new run, or was not marked in the old one."""
    old, new = aliased(AttemptMark), aliased(AttemptMark)
    return list(
        db.session.scalars(
            select(Attempt.candidate_id)
            .join(Closing, Closing.attempt_id == Attempt.id)
            .join(new, and_(new.closing_id == Closing.id, new.run_id == new_id))
            .outerjoin(old, and_(old.closing_id == Closing.id, old.run_id == old_id))
            .where(Attempt.candidate_id.is_not(None))
            .where(or_(old.total.is_(None), old.total != new.total))
            .distinct()
            .order_by(Attempt.candidate_id)
        )
    )


def _recount(candidate_ids: list[int], report: Progress | None) -> None:
    for start in range(0, len(candidate_ids), BATCH):  # no statement takes any number of them
        if report is not None:
            report(start, len(candidate_ids))
        results.recount(candidate_ids[start : start + BATCH])
