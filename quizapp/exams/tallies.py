"""The counters of completion: one row for each unit that has candidates, changed by difference, summed when read.

They change in the transaction of what they count. Rows are locked in one order everywhere (candidates by id, then
tallies by lft), so that two hand-ins never wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)

from quizapp.db import db
from quizapp.exams.counting import COUNTERS, Standing, counts, difference
from quizapp.exams.models import Candidate, Exam, Tally
from quizapp.together import Write

COLUMNS = (  # of a candidate, which decide the counters
    *("status", "started", "sat", "points", "passed", "excellent", "finished_at"),
)
Differences = Mapping[int, Mapping[str, int]]  # lft → counter → how much to add


@dataclass(frozen=True)
class Result:
    """How one attempt ended. sat: handed in, or closed by time with at least one answer. points: tenths of a 分."""

    candidate_id: int
    points: int
    passed: bool
    excellent: bool
    sat: bool
    finished_at: datetime


def change(exam_id: int, differences: Differences) -> None:
    """Add to the counters of these units: one UPDATE for each lft, ascending, sent as one statement."""
    moved = [lft for lft in sorted(differences) if any(differences[lft].values())]
    if not moved:
        return
    rows = [_addition(exam_id, lft, differences[lft]) for lft in moved]
    db.session.connection().execute(_add(), rows)


def _addition(exam_id: int, lft: int, difference: Mapping[str, int]) -> dict[str, int]:
    return {
        "at_exam": exam_id,
        "at_lft": lft,
        **{f"add_{name}": difference.get(name, 0) for name in COUNTERS},
    }


@cache
def _add() -> Update:
    table = Tally.__table__
    return (
        update(table)
        .where(table.c.exam_id == bindparam("at_exam"), table.c.lft == bindparam("at_lft"))
        .values({name: table.c[name] + bindparam(f"add_{name}") for name in COUNTERS})
    )


def start_of(candidate: Candidate) -> list[Write]:
    """The writes by which a candidate, whose row is locked, opens the exam for the first time; none later."""
    if candidate.started:
        return []
    old = _standing(candidate)
    new = replace(old, started=True)
    changed = difference(old, new)
    writes: list[Write] = [(_write, _row(candidate.id, new, candidate.finished_at))]
    if changed:
        writes.append((_add, _addition(candidate.exam_id, candidate.lft, changed)))
    _forget([candidate.id])
    return writes


def record_result(
    candidate_id: int, *, points: int, passed: bool, excellent: bool, sat: bool, finished_at: datetime
) -> None:
    """An attempt was closed and marked. Which of several counts follows the exam's rule (best or last).

    A sheet that time closed without one answer (sat false) is no result: it changes nothing but 已开始.
    """
    record_results([Result(candidate_id, points, passed, excellent, sat, finished_at)])


def record_results(results: Sequence[Result]) -> None:
    """The same for many candidates at once, one result each, in a constant number of statements."""
    by_candidate = {result.candidate_id: result for result in results}
    if len(by_candidate) != len(results):
        raise ValueError("one result for each candidate at a time")
    changes = []
    for row in _locked(list(by_candidate)):
        new, extra = _after(row, by_candidate[row.id])
        changes.append((row, new, extra))
    _store(changes)


def replace_results(results: Mapping[int, Result | None]) -> None:
    """What counts for these candidates, worked out anew: after a void, a reopening, another marking run.

    None: nothing counts any more. Unlike `record_results` this may lower what stood there before.
    """
    changes = []
    for row in _locked(list(results)):
        old, result = _standing(row), results[row.id]
        new = replace(old, sat=False, points=None, passed=False, excellent=False)
        if result is not None and result.sat:
            new = replace(
                old, sat=True, points=result.points, passed=result.passed, excellent=result.excellent
            )
        finished_at = result.finished_at if result is not None and result.sat else None
        changed = new != old or finished_at != row.finished_at
        changes.append((row, new, {"finished_at": finished_at} if changed else {}))
    _store(changes)


def _after(row: Any, result: Result) -> tuple[Standing, dict[str, Any]]:
    old = replace(_standing(row), started=True)
    if not result.sat or not counts(old.points if old.sat else None, result.points, row.rule):
        return old, {}
    new = replace(old, sat=True, points=result.points, passed=result.passed, excellent=result.excellent)
    return new, {"finished_at": result.finished_at}


def _locked(candidate_ids: Sequence[int]) -> Sequence[Any]:
    """These candidates with what decides their counters, locked until the transaction ends, by id."""
    return db.session.connection().execute(_lock(), {"ids": list(candidate_ids)}).all()


@cache
def _lock() -> Select[Any]:
    of, exam = Candidate.__table__.c, Exam.__table__.c
    return (
        select(*(of[name] for name in ("id", "exam_id", "lft", *COLUMNS)), exam.counts.label("rule"))
        .join(Exam.__table__, exam.id == of.exam_id)
        .where(of.id.in_(bindparam("ids", expanding=True)))
        .order_by(of.id)
        .with_for_update(of=Candidate.__table__)
    )


def _standing(row: Any) -> Standing:
    return Standing(row.status, row.started, row.sat, row.points, row.passed, row.excellent)


def _store(changes: Sequence[tuple[Any, Standing, dict[str, Any]]]) -> None:
    """Write candidates as they are now, and the difference into the counters of their exams."""
    values = []
    sums: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    for row, new, extra in changes:
        old = _standing(row)
        if old == new and not extra:
            continue
        values.append(_row(row.id, new, extra.get("finished_at", row.finished_at)))
        for name, by in difference(old, new).items():
            sums[row.exam_id][row.lft][name] += by
    if not values:
        return
    db.session.connection().execute(_write(), values)
    _forget([row["at_id"] for row in values])
    for exam_id in sorted(sums):
        change(exam_id, sums[exam_id])


def _row(candidate_id: int, new: Standing, finished_at: datetime | None) -> dict[str, Any]:
    named = {**vars(new), "finished_at": finished_at}
    return {"at_id": candidate_id, **{f"to_{name}": value for name, value in named.items()}}


@cache
def _write() -> Update:
    table = Candidate.__table__
    return (
        update(table)
        .where(table.c.id == bindparam("at_id"))
        .values({name: bindparam(f"to_{name}", type_=table.c[name].type) for name in COLUMNS})
    )


def _forget(candidate_ids: Sequence[int]) -> None:
    """Candidates that the session has read before hold the old figures: read them anew when asked for."""
    known = db.session.identity_map
    for candidate_id in candidate_ids:
        row = known.get(db.session.identity_key(Candidate, candidate_id))
        if row is not None:
            db.session.expire(row)


def set_status(candidate_id: int, status: str) -> None:
    """Make a candidate exempt, deferred or expected again; the counters follow."""
    set_statuses({candidate_id: status})


def set_statuses(statuses: Mapping[int, str]) -> None:
    """The same for many candidates (id → status), whatever their exams, in a constant number of statements."""
    _store([(row, replace(_standing(row), status=statuses[row.id]), {}) for row in _locked(list(statuses))])


# Counting anew ----------------------------------------------------------------------------------------------

Faults = dict[int, dict[str, tuple[int, int]]]  # lft → counter → (stored, counted)


def counted() -> dict[str, ColumnElement[int]]:
    """SQL over Candidate: each counter of a group of candidates; says the same as `counting.contribution`."""
    expected = Candidate.status == "expected"
    sat = and_(expected, Candidate.sat)

    def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    return {
        "listed": func.count(),
        "exempt": how_many(Candidate.status == "exempt"),
        "deferred": how_many(Candidate.status == "deferred"),
        "expected": how_many(expected),
        "started": how_many(and_(expected, Candidate.started)),
        "submitted": how_many(sat),
        "passed": how_many(and_(sat, Candidate.passed)),
        "excellent": how_many(and_(sat, Candidate.excellent)),
        "points": func.sum(case((sat, func.coalesce(Candidate.points, 0)), else_=0)),
    }


def _of_units() -> Any:
    """SQL: what the counters of each exam and unit with candidates should say."""
    return select(Candidate.exam_id, Candidate.lft, *(n.label(c) for c, n in counted().items())).group_by(
        Candidate.exam_id, Candidate.lft
    )


def begin(exam_id: int) -> None:
    """The counters of an exam that has none yet, from its candidates. One statement."""
    rows = _of_units().where(Candidate.exam_id == exam_id).order_by(Candidate.lft)  # read in that order
    db.session.execute(insert(Tally).from_select(["exam_id", "lft", *COUNTERS], rows, include_defaults=False))


def all_faults(exam_ids: Select[int]) -> dict[int, Faults]:
    """Where the counters of these exams differ from the candidates they count, by exam; only exams with a fault.

    One statement, which gives back nothing but the differences.
    """
    right = _of_units().where(Candidate.exam_id.in_(exam_ids)).subquery()
    nothing, stored = literal(0), [getattr(Tally, name) for name in COUNTERS]
    both = union_all(
        select(
            *(Tally.exam_id, Tally.lft),
            *(column.label(f"stored_{name}") for name, column in zip(COUNTERS, stored, strict=True)),
            *(nothing.label(f"right_{name}") for name in COUNTERS),
        ).where(Tally.exam_id.in_(exam_ids)),
        select(right.c.exam_id, right.c.lft, *[nothing] * len(COUNTERS), *(right.c[n] for n in COUNTERS)),
    ).subquery()
    pairs = [(func.sum(both.c[f"stored_{n}"]), func.sum(both.c[f"right_{n}"])) for n in COUNTERS]
    rows = db.session.execute(
        select(both.c.exam_id, both.c.lft, *(column for pair in pairs for column in pair))
        .group_by(both.c.exam_id, both.c.lft)
        .having(or_(*(is_now != should_be for is_now, should_be in pairs)))
        .order_by(both.c.exam_id, both.c.lft)
    )
    found: dict[int, Faults] = defaultdict(dict)
    for exam_id, lft, *values in rows:
        numbers = zip(COUNTERS, values[::2], values[1::2], strict=True)
        found[exam_id][lft] = {name: (int(a), int(b)) for name, a, b in numbers if a != b}
    return dict(found)


def faults(exam_id: int) -> Faults:
    """The same of one exam. Empty is well."""
    return all_faults(select(Exam.id).where(Exam.id == exam_id)).get(exam_id, {})
