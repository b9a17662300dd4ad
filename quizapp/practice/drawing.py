"""Which questions a person gets: the daily quiz from what is about to be forgotten and what was never met."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from quizapp.practice.mastery import thousandths
from quizapp.practice.memory import Memory

FLOOR = 100  # thousandths: even a mastered article's new questions keep a small chance
SPREAD = 4  # a drawn question divides the weight of its article's others by this
# What a question of a kind is planned with, in seconds: reading it, choosing, and reading the words that decide. Only
# the size of a quiz follows from it; how long anybody takes is neither measured nor kept.
SECONDS = {"single": 25, "multiple": 40, "judge": 15}

Spot = tuple[str, str]  # (regulation, article)


@dataclass(frozen=True)
class Entry:
    """A question that may be practised: published, for daily use, in a bank that is open to the person.

    places: every (regulation, article) that it cites, the deciding one first.
    """

    revision_id: int
    question_id: int
    kind: str
    difficulty: int
    places: tuple[Spot, ...]
    chapter: str

    @property
    def place(self) -> Spot:
        """The (regulation, article) that decides it; ("", "") when it cites no regulation."""
        return self.places[0] if self.places else ("", "")


@dataclass(frozen=True)
class Aims:
    """What a day's questions serve besides keeping what is known: the plan of the unit and the exams to come.

    met: the plan's aim is reached, so nothing is asked. regulations: new questions keep to these; none: to no
    certain ones. fresh: the most new questions of the day; none: as many as there is time for. pulls: how much more
    an article weighs because an exam asks for it (0: not at all, 1: twice as much), see `coming`.
    """

    met: bool = False
    regulations: frozenset[str] | None = None
    fresh: int | None = None
    pulls: Mapping[Spot, float] = field(default_factory=dict)


def needed_for(kinds: Iterable[str]) -> int:
    """The seconds planned for questions of these kinds."""
    return sum(SECONDS[kind] for kind in kinds)


def draw_daily(
    memories: Mapping[int, Memory],
    pool: Sequence[Entry],
    seconds: int,
    now: datetime,
    rng: Random,
    aims: Aims | None = None,
) -> list[int]:
    """The revisions of a daily quiz: never planned with more than `seconds`, none when nothing more is needed.

    First what is due by `now` (the end of the day), the most forgotten first; then, once all of that has found its
    place, what was never met, by chance: articles with low mastery and those that a coming exam asks for more often,
    and not all from one article. What is known and not due is left alone.
    """
    aims = aims or Aims()
    if aims.met:
        return []
    due = _due(memories, pool, now, aims)
    chosen, left = _fitting(due, seconds)
    if len(chosen) == len(due):
        fresh = [entry for entry in pool if entry.question_id not in memories and _is_planned(entry, aims)]
        chosen += _fresh(fresh, left, _weights(memories, pool, now, aims), chosen, rng, aims)
    return [entry.revision_id for entry in chosen]


def _due(memories: Mapping[int, Memory], pool: Sequence[Entry], now: datetime, aims: Aims) -> list[Entry]:
    """What is due, the most forgotten first; what a coming exam asks for counts as more forgotten."""
    known = ((entry, memories.get(entry.question_id)) for entry in pool)
    lost = [
        ((1 - memory.recall(now)) * (1 + aims.pulls.get(entry.place, 0)), entry)
        for entry, memory in known
        if memory is not None and memory.due_at <= now
    ]
    return [entry for _, entry in sorted(lost, key=lambda one: (-one[0], one[1].question_id))]


def _fitting(entries: Iterable[Entry], seconds: int) -> tuple[list[Entry], int]:
    """The entries that fit one after the other, a long one passed over for a shorter; and the seconds left."""
    chosen = []
    for entry in entries:
        if SECONDS[entry.kind] <= seconds:
            chosen.append(entry)
            seconds -= SECONDS[entry.kind]
    return chosen, seconds


def _is_planned(entry: Entry, aims: Aims) -> bool:
    return aims.regulations is None or entry.place[0] in aims.regulations or entry.place in aims.pulls


def _fresh(
    fresh: list[Entry],
    seconds: int,
    weights: dict[Spot, float],
    met: Iterable[Entry],
    rng: Random,
    aims: Aims,
) -> list[Entry]:
    """New questions by chance, one after the other, while they fit and the plan wants more."""
    for entry in met:
        weights[entry.place] /= SPREAD
    drawn: list[Entry] = []
    fresh = sorted(fresh, key=lambda entry: entry.question_id)
    while aims.fresh is None or len(drawn) < aims.fresh:
        fresh = [entry for entry in fresh if SECONDS[entry.kind] <= seconds]
        if not fresh:
            break
        (entry,) = rng.choices(fresh, weights=[weights[candidate.place] for candidate in fresh])
        drawn.append(entry)
        fresh.remove(entry)
        seconds -= SECONDS[entry.kind]
        weights[entry.place] /= SPREAD
    return drawn


def _weights(
    memories: Mapping[int, Memory], pool: Sequence[Entry], now: datetime, aims: Aims
) -> dict[Spot, float]:
    """For each article what is missing to full mastery, in thousandths, at least FLOOR; more where an exam asks."""
    counted: dict[Spot, list[int]] = defaultdict(list)
    for entry in pool:
        counted[entry.place].append(thousandths(memories.get(entry.question_id), now))
    return {
        place: max(FLOOR, 1000 - sum(known) // len(known)) * (1 + aims.pulls.get(place, 0))
        for place, known in counted.items()
    }


def draw_some(pool: Sequence[Entry], wanted: int | None, rng: Random) -> list[int]:
    """The revisions of a self-test: `wanted` by chance (none: all), by type as on a paper."""
    kinds = ("single", "multiple", "judge")
    chosen = rng.sample(list(pool), len(pool) if wanted is None else min(wanted, len(pool)))
    chosen.sort(key=lambda entry: kinds.index(entry.kind))
    return [entry.revision_id for entry in chosen]
