"""Whether the kept figures of learning say what answers and cards say: for `quizapp reports reconcile`."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import Membership, Unit
from quizapp.reports.study import choices, counting, refreshing
from quizapp.reports.study.models import StudyState, StudyUnit
from quizapp.reports.study.sums import Own, own_of, to_json


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
    wrong = _wrong_sums(what) & set(quiet)
    for at in range(0, len(quiet), refreshing.AT_ONCE):
        wrong |= _miscounted(quiet[at : at + refreshing.AT_ONCE], what, now)
    named = select(Unit.name).where(Unit.id.in_(wrong)).order_by(Unit.lft)
    return len(quiet), list(db.session.scalars(named)) if wrong else []


def _wrong_sums(what: refreshing.Due) -> set[int]:
    """The units whose kept sums are not what their parts add up to."""
    parents = {unit_id: parent for unit_id, *_, parent in what.units}
    wrong, right = set(), refreshing.new_sums(what)
    while part := {one.unit_id: one for one in islice(right, refreshing.AT_ONCE)}:
        kept = db.session.execute(
            select(
                StudyUnit.unit_id, StudyUnit.whole, StudyUnit.chosen, StudyUnit.parent_id, StudyUnit.behind
            ).where(StudyUnit.unit_id.in_(part))
        )
        for unit_id, whole, chosen, parent, behind in kept:
            one = part[unit_id]
            found = (whole, chosen, parent, behind)
            if found != (to_json(one.study), one.chosen, parents.get(unit_id), False):
                wrong.add(unit_id)
    return wrong


def _miscounted(part: Sequence[int], what: refreshing.Due, now: datetime) -> set[int]:
    today = clock.today(now)
    counted = counting.own_figures(part, what.pools, now)
    chosen = choices.by_unit((*counting.members(today), Membership.unit_id.in_(part)), today)
    kept = db.session.execute(
        select(StudyUnit.unit_id, StudyUnit.own, StudyUnit.own_chosen).where(StudyUnit.unit_id.in_(part))
    )
    return {
        unit_id
        for unit_id, own, chose in kept
        if _steady(own_of(own)) != _steady(counted.get(unit_id, Own())) or chose != chosen.get(unit_id, {})
    }


def _steady(own: Own) -> tuple[object, ...]:
    return own.people, own.met, own.days
