"""From the stored exam to its papers: what may be drawn, what does not belong together, and what publishing freezes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import insert, select

from quizapp.bank import enemies, stored
from quizapp.bank import queries as bank
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams import avoiding, blueprint, drawing, makeup_queries
from quizapp.exams.assembly import plans
from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.blueprint import KINDS, Item, Row
from quizapp.exams.drawing import Plan, PoolSlot
from quizapp.exams.models import Exam, Form, Slot

PRACTISED = (
    0.5  # the most that being seen in practice wears a question; the last exam's question is worn by 1
)


def form_name(number: int) -> str:
    """A卷 for form 1, T卷 for the twentieth."""
    return f"{'ABCDEFGHIJKLMNOPQRST'[number - 1]}卷"


@dataclass(frozen=True)
class PaperForm:
    """A frozen form, or what would be one: see models.Form."""

    number: int
    slots: Sequence[PoolSlot]
    plan: Plan | None


@dataclass(frozen=True)
class Pool:
    """The questions that an exam may draw today.

    again: of a makeup, questions of the first exam that its blueprint cannot do without; avoided: how many it can.
    """

    items: Sequence[Item]
    again: frozenset[int] = frozenset()
    avoided: int = 0

    @cached_property
    def by_revision(self) -> Mapping[int, Item]:
        return {item.revision_id: item for item in self.items}

    @cached_property
    def by_question(self) -> Mapping[int, Item]:
        return {item.question_id: item for item in self.items}

    @cached_property
    def enemies(self) -> list[frozenset[int]]:
        """Groups of revisions of which a paper may hold at most one."""
        drafts = stored.by_revision([item.revision_id for item in self.items])
        ids = sorted(drafts)
        return [
            frozenset(ids[place] for place in group) for group in enemies.groups([drafts[i] for i in ids])
        ]


def pool(exam: Exam, now: datetime | None = None) -> Pool:
    """The published questions of the exam's banks for its purpose. now: counts what recent exams have worn."""
    found = usable(exam.bank_ids, exam.purpose, worn(exam, now) if now is not None else {})
    return found if exam.makeup_of_id is None else fresh(exam, found)


def fresh(exam: Exam, found: Pool) -> Pool:
    """For a makeup: without the questions of the first exam, as far as its blueprint stays possible."""
    rows, used = blueprint.read(exam.blueprint), makeup_queries.used_before(exam)
    if exam.mode == "fixed":  # picked by hand: told, not taken away
        return replace(found, again=frozenset(used & set(exam.picked)))
    forms, common = (exam.forms_wanted, exam.overlap) if exam.mode == "forms" else (1, 0)
    enemies = found.enemies if exam.mode == "forms" else ()

    def short(items: Sequence[Item]) -> set[int]:
        conflicts = conflict(rows, items, forms=forms, common=common, enemies=enemies)
        return {index for one in conflicts for index in one.rows}

    left = avoiding.avoid(rows, found.items, used, short)
    return Pool(left.items, left.again, left.left_out)


def usable(bank_ids: Sequence[int], purpose: str, used: Mapping[int, float] | None = None) -> Pool:
    """The same for banks and a purpose that are not stored yet: 模拟考试 takes 模拟卷, the others 考试."""
    entries = bank.pool(bank_ids, "mock" if purpose == "mock" else "exam") if bank_ids else []
    most = max((entry.practice_seen for entry in entries), default=0)
    return Pool([_item(entry, most, used or {}) for entry in entries])


def _item(entry: bank.PoolEntry, most_seen: int, used: Mapping[int, float]) -> Item:
    practised = PRACTISED * entry.practice_seen / most_seen if most_seen else 0.0
    return Item(
        revision_id=entry.revision_id,
        question_id=entry.question_id,
        kind=entry.kind,
        regulation=entry.regulation,
        chapter=entry.chapter,
        article=entry.article,
        tags=frozenset(entry.tags),
        difficulty=entry.difficulty,
        expected=blueprint.expected_of(entry.difficulty) if entry.facility is None else entry.facility / 1000,
        wear=max(practised, used.get(entry.question_id, 0.0)),
    )


def worn(exam: Exam, now: datetime) -> dict[int, float]:
    """Question → 1 for those of papers published within the exam's avoid_days; of a pool, the share that is drawn."""
    since = now - timedelta(days=exam.avoid_days)
    rows = db.session.execute(
        select(Form.id, Form.plan, Slot.cell, Revision.question_id)
        .join(Slot, Slot.form_id == Form.id)
        .join(Exam, Exam.id == Form.exam_id)
        .join(Revision, Revision.id == Slot.revision_id)
        .where(Exam.published_at >= since, Exam.id != exam.id, Exam.state.in_(("published", "voided")))
    ).all()
    sizes: dict[tuple[int, int], int] = {}
    for row in rows:
        sizes[row.id, row.cell] = sizes.get((row.id, row.cell), 0) + 1
    found: dict[int, float] = {}
    for row in rows:
        share = 1.0 if row.plan is None else _share(row.plan, row.cell, row.id, sizes)
        found[row.question_id] = max(found.get(row.question_id, 0.0), share)
    return found


def _share(plan: Plan, cell: int, form_id: int, sizes: Mapping[tuple[int, int], int]) -> float:
    """How much of a cell a plan draws at most."""
    return max(
        (
            min(1.0, entry["count"] / sum(sizes.get((form_id, one), 0) for one in entry["cells"]))
            for entry in plan
            if cell in entry["cells"]
        ),
        default=0.0,
    )


# What publishing freezes -----------------------------------------------------------------------------------------


def forms(exam: Exam, found: Pool) -> list[PaperForm]:
    """The forms of a draft as they would be frozen now; none while they cannot be made or have not been assembled."""
    if exam.mode == "draw":
        return _drawn(exam, found)
    papers = [exam.picked] if exam.mode == "fixed" else (exam.assembled or {}).get("forms", [])
    return [
        PaperForm(number, _slots(paper, found, exam.points), None)
        for number, paper in enumerate(papers, start=1)
        if paper and all(question_id in found.by_question for question_id in paper)
    ]


def _slots(paper: Sequence[int], found: Pool, points: Mapping[str, int]) -> list[PoolSlot]:
    """The questions of a paper in their order, section by section."""
    items = [found.by_question[question_id] for question_id in paper]
    ordered = sorted(items, key=lambda item: KINDS.index(item.kind))
    return [
        PoolSlot(place, item.revision_id, item.kind, 0, points.get(item.kind, 0))
        for place, item in enumerate(ordered, start=1)
    ]


def _drawn(exam: Exam, found: Pool) -> list[PaperForm]:
    rows = blueprint.read(exam.blueprint)
    if not blueprint.sections(rows):
        return []
    plan = plans.plan(rows, found.items, enemies=found.enemies, seed=exam.seed)
    if plan is None:
        return []
    slots: list[PoolSlot] = []
    for cell, share in enumerate(plan.shares):
        for revision_id in share.revision_ids:
            kind = found.by_revision[revision_id].kind
            slots.append(PoolSlot(0, revision_id, kind, cell, exam.points.get(kind, 0)))
    slots.sort(key=lambda slot: _reading_order(found.by_revision[slot.revision_id]))
    numbered = [
        PoolSlot(place, slot.revision_id, slot.kind, slot.cell, slot.points)
        for place, slot in enumerate(slots, start=1)
    ]
    return [
        PaperForm(1, numbered, [{"cells": [cell], "count": s.count} for cell, s in enumerate(plan.shares)])
    ]


def _reading_order(item: Item) -> tuple[int, str, tuple[int, int], tuple[int, int], int]:
    order = blueprint.chapter_order
    return (
        KINDS.index(item.kind),
        item.regulation,
        order(item.chapter),
        order(item.article),
        item.revision_id,
    )


def freeze(exam: Exam, made: Sequence[PaperForm]) -> None:
    """Write the forms of an exam that is being published."""
    for form in made:
        row = Form(
            exam_id=exam.id,
            number=form.number,
            seed=exam.seed,
            hash=drawing.fingerprint(form.slots),
            plan=list(form.plan) if form.plan is not None else None,
        )
        db.session.add(row)
        db.session.flush()
        slots = [
            {
                "form_id": row.id,
                "position": slot.position,
                "revision_id": slot.revision_id,
                "points": slot.points,
                "section": slot.kind,
                "cell": slot.cell,
            }
            for slot in form.slots
        ]
        db.session.execute(insert(Slot), slots)


def questions_of(made: Sequence[PaperForm]) -> int:
    """How many different questions the forms hold together."""
    return len({slot.revision_id for form in made for slot in form.slots})


def rows_of(exam: Exam) -> list[Row]:
    """The exam's blueprint as rows."""
    return blueprint.read(exam.blueprint)
