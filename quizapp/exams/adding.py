"""Putting people on a frozen list, many at once: candidates, places of their units in the frozen tree, counters.

The number of statements does not grow with the people, and grows by one batch insert for many new units.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, frozen_tree, queries, slotting, tallies
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.people.models import Unit
from quizapp.people.queries import MemberRow


def open_for_more(exam: Exam, now: datetime) -> Exam:
    """The exam, locked, whose list may still grow. Raises Refused before publishing, after the end, when called off."""
    exam = actions.locked(exam)
    if exam.state != "published":
        raise Refused("not_published", "考试没有发布，或已取消、作废，没有改动。")
    if exam.closes_at is not None and now >= exam.closes_at:
        raise Refused("over", "考试已经结束，不能再增加考生。")
    return exam


def add(
    exam: Exam, members: Sequence[MemberRow], reason: str, now: datetime, *, actor_id: int | None
) -> list[int]:
    """Put these people on the list of a locked exam with the units of today. Gives the candidates' ids.

    A unit that is not in the exam's own tree yet is added where it fits; where the tree has been rearranged since,
    its people are counted with the nearest unit above that is there. Their unit's 场次 is theirs too. Nobody may be
    on the list already.
    """
    lft_of = places(exam, {member.unit_id for member in members})
    rows = [actions.candidate_row(exam, member, lft_of[member.unit_id]) for member in members]
    ids: list[int] = []
    for start in range(0, len(rows), actions.BATCH):
        inserted = db.session.execute(
            insert(Candidate).returning(Candidate.id), rows[start : start + actions.BATCH]
        )
        ids += inserted.scalars()
    count(exam, Counter(lft_of[member.unit_id] for member in members))
    slotting.freeze(exam)
    audit.record_many(
        "candidate.added",
        "candidate",
        [(identity, {"exam_id": exam.id, "reason": reason}) for identity in ids],
        actor_id=actor_id,
    )
    return ids


def count(exam: Exam, more: Counter[int]) -> None:
    """So many more are expected at each lft; units that had no candidates get their counters."""
    wanted = select(Tally.lft).where(Tally.exam_id == exam.id, Tally.lft.in_(more))
    fresh = sorted(set(more) - set(db.session.scalars(wanted)))
    if fresh:
        db.session.execute(insert(Tally), [{"exam_id": exam.id, "lft": lft} for lft in fresh])
    tallies.change(exam.id, {lft: {"listed": n, "expected": n} for lft, n in more.items()})


def places(exam: Exam, unit_ids: set[int]) -> dict[int, int]:
    """The lft in the exam's own tree at which each unit's people are counted; adds units where that is possible."""
    frozen = {row.unit_id: (row.lft, row.rgt) for row in queries.frozen_units(exam.id)}
    holder = db.session.get_one(Unit, exam.unit_id)
    units = {one.id: one for one in queries.units_of(holder, closed=True)}
    new: list[Unit] = []
    found: dict[int, int] = {}
    for unit in sorted((units[identity] for identity in unit_ids), key=lambda one: one.lft):
        missing = frozen_tree.path_to(unit, units, frozen)
        if missing is None:
            found[unit.id] = frozen[frozen_tree.nearest(unit, units, frozen, exam.unit_id)][0]
            continue
        new += missing
        frozen |= {one.id: (one.lft, one.rgt) for one in missing}
        found[unit.id] = frozen[unit.id][0]
    if new:
        db.session.execute(insert(ExamUnit), [actions.unit_row(exam, one, root=exam.unit_id) for one in new])
    return found
