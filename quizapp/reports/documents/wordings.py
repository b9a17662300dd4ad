"""The words of a unit's 通报 in the database: which count for a unit, and changing them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased

from quizapp import audit
from quizapp.db import db
from quizapp.exams.models import Candidate, ExamUnit
from quizapp.people.models import Unit
from quizapp.reports.documents.models import CircularWording
from quizapp.reports.documents.wording import NAMES, Wording, check, shipped

NAMED = 5  # names told at once


@dataclass(frozen=True)
class Used:
    """The words that count for a unit. unit_id, unit: whose they are; none for the shipped ones."""

    wording: Wording
    unit_id: int | None
    unit: str


def used_by(unit_id: int) -> Used:
    """The unit's own words, else those of the nearest unit above in today's tree, else the shipped ones."""
    here = aliased(Unit)
    row = db.session.execute(
        select(CircularWording, Unit.name)
        .join(Unit, Unit.id == CircularWording.unit_id)
        .join(here, here.lft.between(Unit.lft, Unit.rgt))
        .where(here.id == unit_id)
        .order_by(Unit.lft.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return Used(shipped(), None, "")
    saved, unit = row
    return Used(Wording(**{name: getattr(saved, name) for name in NAMES}), saved.unit_id, unit)


def save(unit_id: int, wording: Wording, *, now: datetime, actor_id: int) -> None:
    """Keep a unit's own words. Raises Refused for placeholders that there are not."""
    check(wording)
    saved = db.session.get(CircularWording, unit_id)
    before = {name: getattr(saved, name) for name in NAMES} if saved is not None else {}
    if saved is None:
        saved = CircularWording(unit_id=unit_id)
        db.session.add(saved)
    for name, text in wording.words.items():
        setattr(saved, name, text)
    saved.changed_at, saved.changed_by_id = now, actor_id
    changed = sorted(name for name, text in wording.words.items() if before.get(name) != text)
    audit.record("circular.changed", ("circular_wording", unit_id), actor_id=actor_id, fields=changed)


def restore(unit_id: int, *, actor_id: int) -> None:
    """Give up a unit's own words; nothing happens where it has none."""
    saved = db.session.get(CircularWording, unit_id)
    if saved is not None:
        db.session.delete(saved)
        audit.record("circular.restored", ("circular_wording", unit_id), actor_id=actor_id)


def named(unit: ExamUnit, wording: Wording) -> list[str]:
    """Names of candidates of the unit that the words hold, a few of them: a 通报 should name nobody.

    All candidates are compared, so that a name tells nothing of how somebody did.
    """
    text = literal("\n".join(wording.words.values()))
    found = (
        select(Candidate.name)
        .where(Candidate.exam_id == unit.exam_id, Candidate.lft.between(unit.lft, unit.rgt))
        .where(text.contains(Candidate.name))
        .distinct()
        .order_by(Candidate.name)
        .limit(NAMED)
    )
    return list(db.session.scalars(found))
