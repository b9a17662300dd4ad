"""What is stored of the units' slots."""

from sqlalchemy import select

from quizapp.db import db
from quizapp.exams.models import UnitWindow
from quizapp.exams.slots import Slot
from quizapp.people.models import Unit


def slots_of(exam_id: int) -> list[Slot]:
    """The slots of an exam's units in tree order; one statement."""
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.lft, Unit.rgt, UnitWindow.opens_at, UnitWindow.closes_at)
        .join(UnitWindow, UnitWindow.unit_id == Unit.id)
        .where(UnitWindow.exam_id == exam_id, UnitWindow.kind == "slot")
        .order_by(Unit.lft)
    )
    return [
        Slot(unit_id, name, lft, rgt, opens_at, closes_at)
        for unit_id, name, lft, rgt, opens_at, closes_at in rows
        if opens_at is not None
    ]
