"""The sheets of an exam, read from the database in chunks into the table that statistics work on."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, and_, func, or_, select

from quizapp.analysis import leaving_out, texts
from quizapp.analysis.gathering import Gathering, Item
from quizapp.analysis.sheets import Sheets
from quizapp.attempts import runs
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.db import db
from quizapp.exams import queries as exams
from quizapp.exams.drawing import Plan, PoolSlot
from quizapp.exams.models import Exam

WHICH = {
    "counted": "计入成绩的一次",
    "first": "第一次",
    "best": "最高的一次",
    "last": "最后一次",
    "all": "全部",
}
CHUNK = 10_000  # sheets that are in memory as texts


def of_exam(exam_id: int, which: str = "counted") -> Sheets:
    """The closed sheets of an exam that count, marked by its current run: no trials, nothing voided, no withdrawn
    closing, no sheet that time closed without one answer (缺考). Questions that a correction gave to all or left out
    are no part of them, nor of their totals.

    which: of several attempts of a person, see WHICH; "counted" is as the exam counts (best or last). The ids are
    revision ids in the order of the paper: by section, then as the exam's forms have them. Raises KeyError for
    another word, LookupError for an exam without a marking run. Without any sheet: no attempts (size 0), every
    question of the exam's papers with an empty column.
    """
    if which not in WHICH:
        raise KeyError(which)
    exam = db.session.get(Exam, exam_id)
    run = db.session.scalar(
        select(MarkingRun.id).where(MarkingRun.exam_id == exam_id, MarkingRun.state == "current")
    )
    if exam is None or run is None:
        raise LookupError(f"exam {exam_id} has no marking run")
    source = exams.frozen_source(exam)
    gathering = Gathering(items(source.forms))
    closings = _chosen(exam_id, run, exam.counts if which == "counted" else which)
    _gather(exam_id, run, closings, gathering)
    numbers = [form.number for form in source.forms]
    sheets = gathering.sheets(forms=numbers if len(numbers) > 1 else None)
    return leaving_out.without_items(sheets, runs.treated([exam_id]))


def _gather(exam_id: int, run_id: int, closings: NDArray[np.int64], gathering: Gathering) -> None:
    """While the database sends a chunk, the one before is taken apart: never more than two are in memory as texts."""
    with ThreadPoolExecutor(1, "analysis") as beside:
        before = beside.submit(lambda: None)
        for start in range(0, len(closings), CHUNK):
            chunk = closings[start : start + CHUNK]
            rows = db.session.execute(_texts(exam_id, run_id, int(chunk[0]), int(chunk[-1]))).all()
            before.result()
            before = beside.submit(_add, gathering, rows, chunk)
        before.result()


def _add(gathering: Gathering, rows: Sequence[Any], wanted: NDArray[np.int64]) -> None:
    """rows: of `_texts`; those of closings that are not wanted are passed over."""
    if len(rows) > len(wanted):
        chosen = set(wanted.tolist())
        rows = [row for row in rows if row[0] in chosen]
    _, ids, slots, layouts, sheets, marks = zip(*rows, strict=True)
    gathering.add(texts.read(layouts, sheets, marks, slots), ids)


def items(forms: Sequence[exams.PaperForm]) -> list[Item]:
    """The questions of an exam by section, each once, in the order of its papers."""
    sections = ("single", "multiple", "judge")
    found: dict[int, tuple[int, Item]] = {}
    for at, form in enumerate(forms):
        drawn = drawn_cells(form.slots, form.plan)
        for slot in form.slots:
            _, before = found.get(slot.revision_id, (0, Item(slot.revision_id, 0, False, 0)))
            item = Item(
                slot.revision_id,
                max(slot.points, before.maximum),
                before.drawn or slot.cell in drawn,
                before.forms | 1 << at,
            )
            found[slot.revision_id] = (sections.index(slot.kind), item)
    return [item for _, item in sorted(found.values(), key=lambda one: one[0])]


def drawn_cells(slots: Sequence[PoolSlot], plan: Plan | None) -> set[int]:
    """The cells of a form from which a paper holds some questions and not all: these are drawn by lot."""
    if plan is None:
        return set()
    groups: list[tuple[set[int], int]] = []  # cells that share entries of the plan, and how many these take
    for entry in plan:
        cells, count, apart = set(entry["cells"]), entry["count"], []
        for other, taken in groups:
            if cells & other:
                cells, count = cells | other, count + taken
            else:
                apart.append((other, taken))
        groups = [*apart, (cells, count)]
    return {
        cell
        for cells, count in groups
        if count < sum(1 for slot in slots if slot.cell in cells)
        for cell in cells
    }


def _chosen(exam_id: int, run_id: int, which: str) -> NDArray[np.int64]:
    """The closings that are read, ascending. One statement."""
    attempt, closing, mark = Attempt.__table__.c, Closing.__table__.c, AttemptMark.__table__.c
    counted = (
        select(closing.id, attempt.person_id, attempt.number, closing.n, mark.total)
        .join(Closing.__table__, closing.attempt_id == attempt.id)
        .join(AttemptMark.__table__, and_(mark.closing_id == closing.id, mark.run_id == run_id))
        .where(attempt.exam_id == exam_id, attempt.trial.is_(False))
        .where(attempt.state.in_(("submitted", "expired")), closing.withdrawn_at.is_(None))
        .where(or_(closing.by != "deadline", closing.answered > 0))
    ).subquery()
    ids = select(counted.c.id)
    if which != "all":
        order = {
            "first": (counted.c.number, counted.c.n.desc()),
            "last": (counted.c.number.desc(), counted.c.n.desc()),
            "best": (counted.c.total.desc(), counted.c.number, counted.c.n),
        }[which]
        place = func.row_number().over(partition_by=counted.c.person_id, order_by=order).label("place")
        ranked = select(counted.c.id, place).subquery()
        ids = select(ranked.c.id).where(ranked.c.place == 1)
    return np.sort(np.fromiter(db.session.scalars(ids.execution_options(yield_per=CHUNK)), dtype=np.int64))


def _texts(exam_id: int, run_id: int, first: int, last: int) -> Select[Any]:
    """What a chunk of closings left: by their ids, since a join of all would sort and store every text once more."""
    attempt, closing, mark = Attempt.__table__.c, Closing.__table__.c, AttemptMark.__table__.c
    return (
        select(closing.id, attempt.id, attempt.slots, attempt.layout, closing.sheet, mark.marks)
        .join(Attempt.__table__, attempt.id == closing.attempt_id)
        .join(AttemptMark.__table__, mark.closing_id == closing.id)
        .where(closing.id.between(first, last), mark.closing_id.between(first, last))
        .where(attempt.exam_id == exam_id, mark.run_id == run_id)
    )
