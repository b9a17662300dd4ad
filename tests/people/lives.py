"""Random trees, random people and random histories of changes, and a literal model of what they come to."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import strategies as st

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import unit_actions
from quizapp.people.models import Membership, Unit
from quizapp.people.unit_foresight import Asked, foresee

KINDS = ["renamed", "moved", "merged", "split", "closed", "reopened"]


@dataclass(frozen=True)
class Step:
    """unit, other: places in the list of units. people: places in the unit's people. back: days before today."""

    kind: str
    unit: int
    other: int
    people: frozenset[int]
    back: int


steps = st.builds(
    Step,
    st.sampled_from(KINDS),
    st.integers(0, 30),
    st.integers(0, 30),
    st.frozensets(st.integers(0, 5), max_size=3),
    st.sampled_from([0, 0, 0, 0, 3]),
)


@dataclass
class Model:
    """What there should be, by unit id. home: of each person; lent: (person, unit); grants: who holds one on a unit."""

    parents: dict[int, int | None]
    names: dict[int, str]
    home: dict[int, int]
    lent: set[tuple[int, int]] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)
    grants: dict[int, set[int]] = field(default_factory=dict)
    touched: dict[int, int] = field(default_factory=dict)  # unit: days before today of its last change
    done: list[str] = field(default_factory=list)

    def below(self, top: int) -> set[int]:
        """The unit and all below it, found by walking up from each."""
        return {unit for unit in self.parents if top in self._up(unit)}

    def _up(self, unit: int | None) -> list[int]:
        path = []
        while unit is not None:
            path.append(unit)
            unit = self.parents[unit]
        return path

    def people_below(self, top: int) -> set[int]:
        return {person for person, unit in self.home.items() if unit in self.below(top)}

    def take(self, step: Step) -> None:
        """Try the step on the tables; what happens there and here must agree."""
        units = list(self.parents)
        unit, other = units[step.unit % len(units)], units[step.other % len(units)]
        here = sorted(person for person, home in self.home.items() if home == unit)
        chosen = tuple(person for i, person in enumerate(here) if i in step.people)
        number = len(self.done)
        asked = Asked(
            kind=step.kind,
            day=clock.today() - timedelta(days=step.back),
            reason="机构改革",
            name=f"第{number}个名称" if step.kind in ("renamed", "split") else "",
            other_id=other if step.kind in ("moved", "merged") else 0,
            sort=step.other,
            code=f"N{number}" if step.kind == "split" else "",
            people=chosen if step.kind == "split" else (),
        )
        if not self._may(asked, unit):
            with pytest.raises(Refused):
                foresee(unit, asked, clock.today())
            return
        seen = foresee(unit, asked, clock.today())
        row = db.session.get_one(Unit, unit)
        event = unit_actions.carry_out(row, asked, seen=seen.digest, now=clock.now(), actor_id=None)
        self.done.append(step.kind)
        self._apply(asked, unit, event.unit_id, step.back)

    def _may(self, asked: Asked, unit: int) -> bool:
        other = asked.other_id
        if self.parents[unit] is None and asked.kind != "renamed":
            return False
        if (unit in self.closed) != (asked.kind == "reopened"):
            return False
        partners = [unit, other] if asked.kind == "merged" else [unit]
        back = (clock.today() - asked.day).days
        if any(back > self.touched.get(one, 1000) for one in partners):
            return False
        siblings = {
            self.names[one]
            for one, parent in self.parents.items()
            if parent == (other if asked.kind == "moved" else self.parents[unit])
            and one not in {unit} | self.closed
        }
        if asked.kind in ("moved", "merged"):
            fits = other not in self.below(unit) and other not in self.closed
            return fits and (
                asked.kind == "merged" or (other != self.parents[unit] and self.names[unit] not in siblings)
            )
        if asked.kind == "closed":
            empty = unit not in self.home.values() and all(there != unit for _, there in self.lent)
            return empty and self.below(unit) - {unit} <= self.closed
        if asked.kind == "reopened":
            return self.parents[unit] not in self.closed and self.names[unit] not in siblings
        return True

    def _apply(self, asked: Asked, unit: int, subject: int, back: int) -> None:
        self.touched[unit] = back
        if asked.kind == "renamed":
            self.names[unit] = asked.name
        elif asked.kind == "moved":
            self.parents[unit] = asked.other_id
        elif asked.kind == "merged":
            self.touched[asked.other_id] = back
            self.home = {p: asked.other_id if home == unit else home for p, home in self.home.items()}
            lent = {(p, asked.other_id if there == unit else there) for p, there in self.lent}
            self.lent = {(p, there) for p, there in lent if self.home[p] != there}
            for child in [one for one, parent in self.parents.items() if parent == unit]:
                self.parents[child] = asked.other_id
            self.parents[unit] = asked.other_id
        elif asked.kind == "split":
            self.touched[subject] = back
            self.parents[subject] = self.parents[unit]
            self.names[subject] = asked.name
            self.home |= dict.fromkeys(asked.people, subject)
        if asked.kind in ("merged", "closed"):
            self.closed.add(unit)
            self.grants.pop(unit, None)
        self.closed -= {unit} if asked.kind == "reopened" else set()


def second(person_id: int, unit_id: int) -> None:
    """The person belongs to this unit too, lent to it."""
    db.session.add(
        Membership(
            person_id=person_id,
            unit_id=unit_id,
            since=clock.today() - timedelta(days=9),
            kind="seconded",
            main=False,
        )
    )
    db.session.flush()
