"""Giving units their slots while the exam is a draft, and freezing them for its candidates when it is published."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from quizapp import audit
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, holiday_tables, holidays, queries, slots
from quizapp.exams.models import Candidate, Exam, ExamUnit, UnitWindow
from quizapp.exams.slot_queries import slots_of
from quizapp.exams.slots import Slot, Span
from quizapp.exams.windows import WHOLE_DAY, window_of
from quizapp.people.models import Unit

UNCHANGED = "没有保存任何改动。"


def give(
    exam: Exam, unit: Unit, opens_at: datetime, closes_at: datetime, now: datetime, *, actor_id: int
) -> None:
    """One unit's slot, in place of what it had. Raises Refused for a time outside of the window or a foreign unit."""
    exam = _draft(exam)
    holder = db.session.get_one(Unit, exam.unit_id)
    if not holder.lft <= unit.lft <= holder.rgt:
        raise Refused("foreign_unit", f"{unit.name}不属于主办单位，{UNCHANGED}")
    if not opens_at < closes_at:
        raise Refused("slot", f"场次的结束时间应晚于开始时间，{UNCHANGED}")
    if exam.opens_at is None or exam.closes_at is None:
        raise Refused("no_window", f"考试还没有设置起止时间，{UNCHANGED}", "请先设置考试起止时间。")
    if opens_at < exam.opens_at or closes_at > exam.closes_at:
        raise Refused("slot", f"场次不在考试起止时间内，{UNCHANGED}", "请修改后重新保存。")
    _forget(exam, [unit.id])
    _store(exam, {unit.id: (opens_at, closes_at)}, now, actor_id)
    audit.record(
        "exam.slot_given",
        exam,
        actor_id=actor_id,
        unit=unit.id,
        opens_at=opens_at.isoformat(),
        closes_at=closes_at.isoformat(),
    )


def take(exam: Exam, unit_id: int | None, *, actor_id: int) -> None:
    """Take one unit's slot away, or those of all units."""
    exam = _draft(exam)
    _forget(exam, None if unit_id is None else [unit_id])
    audit.record("exam.slot_taken", exam, actor_id=actor_id, unit=unit_id)


def spread(
    exam: Exam,
    count: int,
    minutes: int,
    now: datetime,
    *,
    hours: tuple[int, int] = (0, WHOLE_DAY),
    working_days: bool = False,
    actor_id: int,
) -> int:
    """Deal the invited units in tree order into `count` slots of so many minutes, in place of all slots there were.

    hours: minutes of the day between which slots lie, within those of the exam. working_days: only on these.
    Gives how many units got one. The number of statements does not grow with the units.
    """
    exam = _draft(exam)
    if exam.opens_at is None or exam.closes_at is None:
        raise Refused("no_window", f"考试还没有设置起止时间，{UNCHANGED}", "请先设置考试起止时间。")
    known = holiday_tables.table(today(exam.opens_at), today(exam.closes_at)) if working_days else {}
    works = (lambda day: holidays.is_working_day(day, known)) if working_days else None
    window = window_of(exam)
    between = max(hours[0], exam.daily_from or 0), min(hours[1], exam.daily_until or WHOLE_DAY)
    window = replace(window, daily_from=between[0], daily_until=between[1])
    found = slots.pieces(window, timedelta(minutes=minutes), works=works)
    if len(found) < count:
        raise Refused(
            "too_many_slots",
            f"在这些时间内最多能安排{len(found)}场，每场{minutes}分钟，{UNCHANGED}",
            "请减少场数、缩短每场时长，或放宽每天的时间。",
        )
    units = people_by_unit(exam, now)
    if not units:
        raise Refused("no_people", f"考生范围内没有人员，{UNCHANGED}", "请先选择考生范围。")
    places = slots.deal(list(units.values()), count)
    dealt: dict[int, Span] = {unit_id: found[place] for unit_id, place in zip(units, places, strict=True)}
    _forget(exam, None)
    _store(exam, dealt, now, actor_id)
    audit.record("exam.slots_spread", exam, actor_id=actor_id, slots=count, minutes=minutes, units=len(dealt))
    return len(dealt)


def people_by_unit(exam: Exam, now: datetime) -> dict[int, int]:
    """Unit → how many of it would be on the list today, in tree order; only units with people."""
    members = queries.invited(exam, today(now))
    counted = Counter((member.lft, member.unit_id) for member in members)
    return {unit_id: counted[lft, unit_id] for lft, unit_id in sorted(counted)}


def freeze(exam: Exam, _now: datetime | None = None) -> None:
    """Registered with publishing: write each candidate's slot. Safe to repeat: who is added later gets the unit's."""
    given = _frozen(exam, slots_of(exam.id))
    if not given:
        return
    places = db.session.scalars(select(Candidate.lft).where(Candidate.exam_id == exam.id).distinct())
    own = {lft: slots.slot_for(lft, given) for lft in places}
    rows = [
        {"at_exam": exam.id, "at_lft": lft, "from_": slot.opens_at, "to_": slot.closes_at}
        for lft, slot in own.items()
        if slot is not None
    ]
    if not rows:
        return
    table = Candidate.__table__
    db.session.flush()
    db.session.connection().execute(
        update(table)
        .where(table.c.exam_id == bindparam("at_exam"), table.c.lft == bindparam("at_lft"))
        .values(
            slot_opens_at=bindparam("from_", type_=table.c.slot_opens_at.type),
            slot_closes_at=bindparam("to_", type_=table.c.slot_closes_at.type),
        ),
        rows,
    )


def _frozen(exam: Exam, given: Sequence[Slot]) -> list[Slot]:
    """The slots at the places that the exam's own tree gives their units; units without candidates drop out."""
    if not given:
        return []
    rows = db.session.execute(
        select(ExamUnit.unit_id, ExamUnit.lft, ExamUnit.rgt).where(ExamUnit.exam_id == exam.id)
    )
    places = {unit_id: (lft, rgt) for unit_id, lft, rgt in rows}
    return [
        Slot(one.unit_id, one.name, *places[one.unit_id], one.opens_at, one.closes_at)
        for one in given
        if one.unit_id in places
    ]


def _draft(exam: Exam) -> Exam:
    exam = actions.locked(exam)
    if exam.state != "draft":
        raise Refused("not_draft", f"考试已发布或已取消，场次不能再修改，{UNCHANGED}")
    return exam


def _forget(exam: Exam, unit_ids: Sequence[int] | None) -> None:
    gone = delete(UnitWindow).where(UnitWindow.exam_id == exam.id, UnitWindow.kind == "slot")
    if unit_ids is not None:
        gone = gone.where(UnitWindow.unit_id.in_(unit_ids))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _store(exam: Exam, given: dict[int, Span], now: datetime, actor_id: int) -> None:
    common = {"exam_id": exam.id, "kind": "slot", "reason": "", "by_id": actor_id, "at": now}
    rows = [
        common | {"unit_id": unit, "opens_at": span[0], "closes_at": span[1]} for unit, span in given.items()
    ]
    db.session.execute(insert(UnitWindow), rows)
