"""Drawing a paper for one person from the frozen pool of an exam: the same input gives the same paper, for ever.

Only `Random.random()` and seeding by text are used, whose results Python promises to keep between versions;
`shuffle` and `sample` are not, so both stand here. Pool and rows are read in a fixed order, whatever order they
come in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Protocol, TypeVar

from quizapp.exams.blueprint import KINDS, Row, chapter_order, counts

LETTERS = "ABCDEFGH"
T = TypeVar("T")


class Published(Protocol):
    """What the pool is made of: `bank.queries.PoolEntry`."""

    @property
    def revision_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def chapter(self) -> str: ...


@dataclass(frozen=True)
class PoolSlot:
    """A question of the frozen pool: its place there, what it earns, and the blueprint row it answers to.

    cell is the index of the row of its chapter, or else of the row without chapter. points: tenths of a 分.
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


def slots(pool: Iterable[Published], rows: Sequence[Row], points: Mapping[str, int]) -> list[PoolSlot]:
    """Every question that the rows may draw, by kind, chapter and article, numbered from 1."""
    cells = {(row["kind"], row["chapter"]): index for index, row in enumerate(rows)}
    found: list[PoolSlot] = []
    for entry in sorted(pool, key=_reading_order):
        cell = cells.get((entry.kind, entry.chapter), cells.get((entry.kind, "")))
        if cell is not None:
            place = len(found) + 1
            found.append(PoolSlot(place, entry.revision_id, entry.kind, cell, points[entry.kind]))
    return found


def _reading_order(entry: Published) -> tuple[int, tuple[int, int], tuple[int, int], int]:
    return (
        KINDS.index(entry.kind),
        chapter_order(entry.chapter),
        chapter_order(entry.article),
        entry.revision_id,
    )


def fingerprint(pool: Iterable[PoolSlot]) -> str:
    """SHA-256 over the pool in order: what a form's `hash` holds."""
    lines = (
        f"{s.position} {s.revision_id} {s.kind} {s.cell} {s.points}\n" for s in sorted(pool, key=_position)
    )
    return sha256("".join(lines).encode()).hexdigest()


def _position(slot: PoolSlot) -> int:
    return slot.position


def draw(pool: Iterable[PoolSlot], rows: Sequence[Row], random: Random) -> list[PoolSlot]:
    """The questions of one paper, in the order of the pool; no question twice.

    Rows with a chapter are served first, the row without chapter draws from whatever of its kind is left. Raises
    ValueError when a row cannot be filled (see `blueprint.shortages`).
    """
    if len(counts(rows)) != len(rows):
        raise ValueError("two rows of one cell: see blueprint.rows")
    left = sorted(pool, key=_position)
    taken: list[PoolSlot] = []
    for index in sorted(range(len(rows)), key=lambda i: (not rows[i]["chapter"], i)):
        row = rows[index]
        within = [s for s in left if s.cell == index or (not row["chapter"] and s.kind == row["kind"])]
        if len(within) < row["count"]:
            raise ValueError(f"row {index} wants {row['count']} questions, the pool has {len(within)} left")
        chosen = some_of(within, row["count"], random)
        gone = {s.position for s in chosen}
        left = [s for s in left if s.position not in gone]
        taken += chosen
    return sorted(taken, key=_position)


def layout(
    pool: Iterable[PoolSlot],
    rows: Sequence[Row],
    *,
    seed: str,
    candidate_id: int | str,
    number: int,
    shuffle_questions: bool,
    shuffle_options: bool,
    options_of: Mapping[int, int],
) -> list[Place]:
    """The paper of one person's attempt `number`: sections single, multiple, judge, each in its own order.

    options_of: how many options each revision has. The options of a judge (正确, 错误) always keep their order.
    Three separate streams of chance: switching a shuffle off changes neither the questions nor the other shuffle.
    """
    stream = f"{seed}/{candidate_id}/{number}"
    drawn = draw(pool, rows, Random(f"{stream}/questions"))
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
