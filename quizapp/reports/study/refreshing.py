"""The job's work: units whose figures of learning may have changed are counted anew, then their sums.

A unit is counted anew when one of its people has answered, when others belong to it, when what they may practise has
changed, and once a day, since recall falls from day to day. Two consumers may do it at once: whoever is late writes the
same again or gives way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import Insert, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quizapp import clock
from quizapp.db import db, reading
from quizapp.people.models import Membership, Person, Unit
from quizapp.practice.models import PracticeAnswer
from quizapp.reports.study import counting, sums
from quizapp.reports.study.counting import Pools
from quizapp.reports.study.models import StudyState, StudyUnit

AFTER = timedelta(minutes=4)  # looked at every minute, so a figure gets at most five minutes old
AT_ONCE = 500  # units counted in one transaction
A_MINUTE = 20_000  # units counted in one turn of the job; the next turn goes on


@dataclass(frozen=True)
class Due:
    """What a turn has to do. units: in tree order, (id, lft, rgt, parent) of all; changed: ids to count anew."""

    state: StudyState | None
    units: Sequence[tuple[int, int, int, int | None]]
    members: Mapping[int, int]  # unit → sum of the ids of its people
    pools: Pools
    changed: Sequence[int]
    seen: int

    @property
    def tree(self) -> int:
        """A checksum of the units' places."""
        return crc32(repr(self.units).encode())


def due(now: datetime) -> Due | None:
    """What has to be counted now; none while the figures are young. Eight statements."""
    with reading():  # takes no writer's turn
        state = db.session.get(StudyState, 1)
        if state is not None:
            if state.figures_at > now - AFTER:
                return None
            db.session.expunge(state)
        return survey(state, now)


def survey(state: StudyState | None, now: datetime) -> Due:
    """What has changed since a state. Seven statements."""
    units = [
        (unit_id, lft, rgt, parent)
        for unit_id, lft, rgt, parent in db.session.execute(
            select(Unit.id, Unit.lft, Unit.rgt, Unit.parent_id).order_by(Unit.lft)
        )
    ]
    seen = db.session.scalar(select(func.max(PracticeAnswer.id))) or 0
    here = counting.members(clock.today(now))
    belonging = dict(
        db.session.execute(
            select(Membership.unit_id, func.sum(Membership.person_id))
            .join(Person, Person.id == Membership.person_id)
            .where(*here)
            .group_by(Membership.unit_id)
        ).all()
    )
    answered = set(
        db.session.scalars(
            select(Membership.unit_id)
            .join(PracticeAnswer, PracticeAnswer.person_id == Membership.person_id)
            .join(Person, Person.id == Membership.person_id)
            .where(*here, PracticeAnswer.id > (state.seen_before if state else seen))
            .distinct()
        )
    )
    known = counting.pools()
    counted = db.session.execute(
        select(StudyUnit.unit_id, StudyUnit.members, StudyUnit.rule, StudyUnit.counted_on)
    )
    kept = {unit_id: tuple(facts) for unit_id, *facts in counted}
    members = {unit_id: int(total) for unit_id, total in belonging.items()}
    today = clock.today(now)
    changed = [
        unit_id
        for unit_id, *_ in units
        if unit_id in answered or kept.get(unit_id) != (members.get(unit_id, 0), known.rule(unit_id), today)
    ]
    return Due(state, units, members, known, changed, seen)


def count(part: Sequence[int], what: Due, now: datetime) -> None:
    """Count some units anew and store their own figures. Six statements."""
    with reading():
        found = counting.own_figures(part, what.pools, now)
    rows = [
        {
            "unit_id": unit_id,
            "members": what.members.get(unit_id, 0),
            "rule": what.pools.rule(unit_id),
            "counted_on": clock.today(now),
            "own": sums.to_json(found.get(unit_id, sums.Own())),
            "behind": True,
        }
        for unit_id in part
    ]
    if rows:
        db.session.execute(_keep(), rows)


def _keep() -> Insert:
    """An insert that replaces what was counted before."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    new = dialect.insert(StudyUnit)
    columns = ("members", "rule", "counted_on", "own", "behind")
    return new.on_conflict_do_update(
        index_elements=["unit_id"], set_={name: new.excluded[name] for name in columns}
    )


def sum_up(what: Due, now: datetime) -> bool:
    """Bring the sums of all units up to date and say of when they are. False when somebody else did it meanwhile.

    A constant number of statements.
    """
    moved = what.state is None or what.state.tree != what.tree
    with reading():
        new = new_sums(what, moved=moved) if moved or _is_behind() else []
    if not _claimed(what, now):
        return False
    if new:
        table = StudyUnit.__table__
        to = bindparam("to", type_=table.c.whole.type)
        written = (
            update(table)
            .where(table.c.unit_id == bindparam("at"))
            .values(whole=to, parent_id=bindparam("under"), behind=False)
        )
        db.session.connection().execute(written, new)
    return True


def _is_behind() -> bool:
    return db.session.scalar(select(StudyUnit.unit_id).where(StudyUnit.behind).limit(1)) is not None


def new_sums(what: Due, *, moved: bool) -> list[dict[str, Any]]:
    """The sums that differ from what is stored. moved: units stand elsewhere than at the last count. Two statements.

    Units with nobody below them follow their own figures alone.
    """
    inner = {
        unit_id: (lft, rgt)
        for (unit_id, lft, rgt, _), (_, following, *_) in zip(
            what.units, [*what.units[1:], (0, -1, 0, None)], strict=True
        )
        if lft < following <= rgt
    }
    rows = db.session.execute(select(StudyUnit.unit_id, StudyUnit.own, StudyUnit.behind)).all()
    own = {unit_id: (sums.own_of(kept), what.pools.pool(unit_id)) for unit_id, kept, _ in rows}
    behind = {unit_id for unit_id, _, late in rows if late}
    places = {unit_id: lft for unit_id, lft, *_ in what.units}
    parents = {unit_id: parent for unit_id, *_, parent in what.units}
    summed = sums.wholes(
        list(inner.values()), {places[unit_id]: pair for unit_id, pair in own.items() if unit_id in places}
    )
    stored = _stored(everything=moved)
    found = []
    for unit_id, (figures, pool) in own.items():
        if unit_id in inner:
            new = sums.to_json(summed[inner[unit_id][0]])
        elif moved or unit_id in behind:
            new = sums.to_json(figures.study(pool))
        else:
            continue
        parent = parents.get(unit_id)
        if unit_id in behind or stored.get(unit_id) != (new, parent):
            found.append({"at": unit_id, "to": new, "under": parent})
    return found


def _stored(*, everything: bool) -> dict[int, tuple[dict[str, Any] | None, int | None]]:
    """The sums as they are stored, and under which unit they stood: of the units with others below, or of all."""
    wanted = select(StudyUnit.unit_id, StudyUnit.whole, StudyUnit.parent_id)
    if not everything:
        wanted = wanted.where(
            StudyUnit.unit_id.in_(select(Unit.parent_id).where(Unit.parent_id.is_not(None)))
        )
    return {unit_id: (whole, parent) for unit_id, whole, parent in db.session.execute(wanted)}


def _claimed(what: Due, now: datetime) -> bool:
    """Whether this turn is the one that says of when the figures are."""
    values = {"figures_at": now, "seen": what.seen, "tree": what.tree}
    if what.state is None:
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        new = dialect.insert(StudyState).values(id=1, seen_before=what.seen, **values)
        written = new.on_conflict_do_nothing(index_elements=["id"]).returning(StudyState.id)
    else:
        written = (
            update(StudyState)
            .where(StudyState.id == 1, StudyState.figures_at == what.state.figures_at)
            .values(seen_before=what.state.seen, **values)
            .returning(StudyState.id)
        )
    return db.session.execute(written).one_or_none() is not None


def parts(changed: Sequence[int]) -> Iterable[Sequence[int]]:
    """The units of this turn, AT_ONCE together."""
    this_turn = changed[:A_MINUTE]
    return (this_turn[at : at + AT_ONCE] for at in range(0, len(this_turn), AT_ONCE))
