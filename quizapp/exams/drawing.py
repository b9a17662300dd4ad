"""A paper for one person from what an exam has frozen: the same input gives the same paper, for ever.

Only `Random.random()` and seeding by text are used, whose results Python promises to keep between versions;
`shuffle` and `sample` are not, so both stand here. Slots are read in the order of their positions.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any, TypeVar

from quizapp.exams.blueprint import KINDS

LETTERS = "ABCDEFGH"
T = TypeVar("T")
Plan = Sequence[Mapping[str, Any]]  # see models.Form


@dataclass(frozen=True)
class PoolSlot:
    """A question of a frozen form: its place there, what it earns, and the cell of the plan that it belongs to.

    points: tenths of a 分.
    """

    position: int
    revision_id: int
    kind: str
    cell: int
    points: int


@dataclass(frozen=True)
class Place:
    """One question of a paper as shown: order "CAB" shows the question's own option C as A, its A as B."""

    revision_id: int
    order: str
    points: int  # tenths of a 分


def fingerprint(pool: Iterable[PoolSlot]) -> str:
    """SHA-256 over the slots in order: what a form's `hash` holds."""
    lines = (
        f"{s.position} {s.revision_id} {s.kind} {s.cell} {s.points}\n" for s in sorted(pool, key=_position)
    )
    return sha256("".join(lines).encode()).hexdigest()


def _position(slot: PoolSlot) -> int:
    return slot.position


def form_for(seed: str, candidate_id: int | str, number: int, forms: int) -> int:
    """Which of so many forms (from 0) a person gets at attempt `number`: by lot, another one each time."""
    first = int(Random(f"{seed}/{candidate_id}/form").random() * forms)
    return (first + number - 1) % forms


def draw(
    pool: Iterable[PoolSlot], plan: Plan, random: Random, avoid: Collection[int] = frozenset()
) -> list[PoolSlot]:
    """The questions of one paper, in the order of the pool; no question twice.

    The entries of the plan are served one by one, each from what those before it have left of its cells. avoid:
    revisions that come up only where an entry has too few others. Raises ValueError when an entry cannot be served.
    """
    left: dict[int, list[PoolSlot]] = defaultdict(list)  # by cell, each in the order of positions
    for slot in sorted(pool, key=_position):
        left[slot.cell].append(slot)
    taken: list[PoolSlot] = []
    for entry in plan:
        cells = set(entry["cells"])
        within = sorted((slot for cell in cells for slot in left[cell]), key=_position)
        if len(within) < entry["count"]:
            raise ValueError(f"{entry} wants more questions than the {len(within)} that are left")
        fresh = [slot for slot in within if slot.revision_id not in avoid]
        chosen = some_of(fresh, min(entry["count"], len(fresh)), random)
        met = [slot for slot in within if slot.revision_id in avoid]
        chosen += some_of(met, entry["count"] - len(chosen), random)
        gone = {slot.position for slot in chosen}
        for cell in cells:
            left[cell] = [slot for slot in left[cell] if slot.position not in gone]
        taken += chosen
    return sorted(taken, key=_position)


def layout(
    pool: Sequence[PoolSlot],
    plan: Plan | None,
    *,
    seed: str,
    candidate_id: int | str,
    number: int,
    shuffle_questions: bool,
    shuffle_options: bool,
    options_of: Mapping[int, int],
    avoid: Collection[int] = frozenset(),
) -> list[Place]:
    """The paper of one person's attempt `number`: sections single, multiple, judge, each in its own order.

    plan: none puts every slot on the paper. options_of: how many options each revision has. avoid: revisions to draw
    last, see `draw`. The options of a judge (正确, 错误) always keep their order. Three separate streams of chance:
    switching a shuffle off changes neither the questions nor the other shuffle.
    """
    stream = f"{seed}/{candidate_id}/{number}"
    chance = Random(f"{stream}/questions")
    drawn = sorted(pool, key=_position) if plan is None else draw(pool, plan, chance, avoid)
    if shuffle_questions:
        chance = Random(f"{stream}/places")
        drawn = [slot for kind in KINDS for slot in shuffled([s for s in drawn if s.kind == kind], chance)]
    chance = Random(f"{stream}/options")
    places = []
    for slot in drawn:
        order = LETTERS[: options_of[slot.revision_id]]
        if shuffle_options and slot.kind != "judge":
            order = "".join(shuffled(order, chance))
        places.append(Place(slot.revision_id, order, slot.points))
    return places


def shuffled(items: Sequence[T], random: Random) -> list[T]:
    """All items in an order of chance (Fisher and Yates)."""
    return some_of(items, len(items), random)


def some_of(items: Sequence[T], count: int, random: Random) -> list[T]:
    """`count` of the items in an order of chance, each at most once, every choice as likely as any other."""
    left = list(items)
    for place in range(count):
        other = place + int(random.random() * (len(left) - place))
        left[place], left[other] = left[other], left[place]
    return left[:count]
