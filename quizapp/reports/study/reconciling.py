"""Whether the kept figures of learning say what answers and cards say: for `quizapp reports reconcile`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from quizapp.db import db
from quizapp.people.models import Unit
from quizapp.reports.study import counting, refreshing
from quizapp.reports.study.models import StudyState, StudyUnit
from quizapp.reports.study.sums import Own, own_of


def differing(now: datetime) -> tuple[int, list[str]]:
    """How many units were compared, and the names of those that differ, in tree order.

    Units in which something has happened since the last count are left to the next one. Recall moves with every hour,
    so people, cards and answers are compared, and every sum with its parts.
    """
    state = db.session.get(StudyState, 1)
    if state is None:
        return 0, []
    what = refreshing.survey(state, now)
    changed = set(what.changed)
    quiet = [unit_id for unit_id, *_ in what.units if unit_id not in changed]
    wrong = {row["at"] for row in refreshing.new_sums(what, moved=True)} & set(quiet)
    for at in range(0, len(quiet), refreshing.AT_ONCE):
        wrong |= _miscounted(quiet[at : at + refreshing.AT_ONCE], what, now)
    named = select(Unit.name).where(Unit.id.in_(wrong)).order_by(Unit.lft)
    return len(quiet), list(db.session.scalars(named)) if wrong else []


def _miscounted(part: Sequence[int], what: refreshing.Due, now: datetime) -> set[int]:
    counted = counting.own_figures(part, what.pools, now)
    kept = db.session.execute(select(StudyUnit.unit_id, StudyUnit.own).where(StudyUnit.unit_id.in_(part)))
    return {unit_id for unit_id, own in kept if _steady(own_of(own)) != _steady(counted.get(unit_id, Own()))}


def _steady(own: Own) -> tuple[object, ...]:
    return own.people, own.met, own.days
