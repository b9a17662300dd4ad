"""What pages read of the kept figures of learning: a unit and the units directly below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from quizapp.db import db
from quizapp.people.models import Unit
from quizapp.reports.study.models import StudyState, StudyUnit
from quizapp.reports.study.sums import Study, study_of


@dataclass(frozen=True)
class Part:
    """A unit with all below it, or a unit's own people alone. deeper: there are units below it."""

    unit_id: int
    name: str
    own: bool
    deeper: bool
    study: Study


@dataclass(frozen=True)
class Kept:
    """A unit as a whole; its own people (本级) first, when there are some, and each open unit below it."""

    as_of: datetime
    whole: Study
    parts: Sequence[Part]


def as_of() -> datetime | None:
    """Of when the kept figures are; none before the job has been there."""
    return db.session.scalar(select(StudyState.figures_at))


def alone(unit: Unit) -> Kept | None:
    """The kept figures of a unit as a whole, without its parts; none before the job has been there. Two statements."""
    moment = as_of()
    if moment is None:
        return None
    kept = db.session.scalar(select(StudyUnit.whole).where(StudyUnit.unit_id == unit.id))
    return Kept(moment, study_of(kept), ())


def figures(top: Unit) -> Kept | None:
    """The kept figures of a unit and its parts; none before the job has been there. Two statements.

    Units stand where they stood when the sums were made, so that the parts of a whole always add up.
    """
    moment = as_of()
    if moment is None:
        return None
    below = aliased(Unit)
    deeper = select(below.id).where(below.parent_id == Unit.id, below.closed_on.is_(None)).exists()
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.closed_on, deeper, StudyUnit.whole)
        .join(StudyUnit, StudyUnit.unit_id == Unit.id)
        .where(or_(StudyUnit.unit_id == top.id, StudyUnit.parent_id == top.id))
        .order_by(Unit.lft)
    ).all()
    whole, own, parts = Study(), Study(), []
    for unit_id, name, closed_on, more, kept in rows:
        study = study_of(kept)
        if unit_id == top.id:
            whole = own = study
            continue
        own -= study
        if closed_on is None:
            parts.append(Part(unit_id, name, False, bool(more), study))
    if own.people > 0 and parts:
        parts.insert(0, Part(top.id, f"{top.name}（本级）", True, False, own))
    return Kept(moment, whole, parts)
