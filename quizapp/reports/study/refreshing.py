"""The job's work: units whose figures of learning may have changed are counted anew, then their sums.

A unit is counted anew when one of its people has answered, when others belong to it, when what they may practise has
changed, and once a day, since recall falls from day to day. Two consumers may do it at once: whoever is late writes the
same again or gives way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from zlib import crc32

from sqlalchemy import Insert, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quizapp import clock
from quizapp.db import db, reading
from quizapp.people.models import Membership, Person, Unit
from quizapp.practice.models import PracticeAnswer
from quizapp.reports.study import choices, counting, sums
from quizapp.reports.study.counting import Pools
from quizapp.reports.study.models import StudyState, StudyUnit
from quizapp.reports.study.sums import Figures

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
    """Count some units anew and store their own figures. Seven statements."""
    today = clock.today(now)
    with reading():
        found = counting.own_figures(part, what.pools, now)
        chosen = choices.by_unit((*counting.members(today), Membership.unit_id.in_(part)), today)
    rows = [
        {
            "unit_id": unit_id,
            "members": what.members.get(unit_id, 0),
            "rule": what.pools.rule(unit_id),
            "counted_on": today,
            "own": sums.to_json(found.get(unit_id, sums.Own())),
            "own_chosen": chosen.get(unit_id, {}),
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
    columns = ("members", "rule", "counted_on", "own", "own_chosen", "behind")
    return new.on_conflict_do_update(
        index_elements=["unit_id"], set_={name: new.excluded[name] for name in columns}
    )


def sum_up(what: Due, now: datetime) -> bool:
    """Bring the sums of all units up to date and say of when they are. False when somebody else did it meanwhile.

    Three statements, and two for each AT_ONCE units.
    """
    moved = what.state is None or what.state.tree != what.tree
    if not _claimed(what, now):
        return False
    if moved or _is_behind():
        parents = {unit_id: parent for unit_id, *_, parent in what.units}
        behind = (whole for whole in new_sums(what) if moved or whole.behind)
        while part := list(islice(behind, AT_ONCE)):
            _store(part, parents)
    return True


def _store(wholes: Iterable[Figures], parents: Mapping[int, int | None]) -> None:
    table = StudyUnit.__table__
    written = (
        update(table)
        .where(table.c.unit_id == bindparam("at"))
        .values(
            whole=bindparam("to", type_=table.c.whole.type),
            chosen=bindparam("choices", type_=table.c.chosen.type),
            parent_id=bindparam("under"),
            behind=False,
        )
    )
    rows = [
        {
            "at": one.unit_id,
            "to": sums.to_json(one.study),
            "choices": one.chosen,
            "under": parents.get(one.unit_id),
        }
        for one in wholes
    ]
    db.session.connection().execute(written, rows)


def _is_behind() -> bool:
    return db.session.scalar(select(StudyUnit.unit_id).where(StudyUnit.behind).limit(1)) is not None


def new_sums(what: Due) -> Iterator[Figures]:
    """The sums as they should be, the lower before the higher. A statement for each AT_ONCE units."""
    return sums.rising(
        one
        for at in range(0, len(what.units), AT_ONCE)
        for one in _own(what.units[at : at + AT_ONCE], what.pools)
    )


def _own(part: Sequence[tuple[int, int, int, int | None]], pools: Pools) -> Iterator[Figures]:
    """The own figures of some units in tree order; nothing of a unit that was never counted."""
    rows = db.session.execute(
        select(StudyUnit.unit_id, StudyUnit.own, StudyUnit.own_chosen, StudyUnit.behind).where(
            StudyUnit.unit_id.in_([unit_id for unit_id, *_ in part])
        )
    )
    kept = {unit_id: (own, chosen, behind) for unit_id, own, chosen, behind in rows}
    for unit_id, lft, rgt, _ in part:
        own, chosen, behind = kept.get(unit_id, ({}, {}, False))
        study = sums.own_of(own).study(pools.pool(unit_id))
        yield Figures(unit_id, lft, rgt, study, chosen, behind)


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
