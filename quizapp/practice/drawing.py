"""Which questions a person gets: the daily quiz from what is about to be forgotten and what was never met."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from quizapp.practice.mastery import thousandths
from quizapp.practice.memory import Memory

FLOOR = 100  # thousandths: even a mastered article's new questions keep a small chance
SPREAD = 4  # a drawn question divides the weight of its article's others by this


@dataclass(frozen=True)
class Entry:
    """A question that may be practised: published, for daily use, in a bank that is open to the person.

    places: every (regulation, article) that it cites, the deciding one first.
    """

    revision_id: int
    question_id: int
    kind: str
    difficulty: int
    places: tuple[tuple[str, str], ...]
    chapter: str

    @property
    def place(self) -> tuple[str, str]:
        """The (regulation, article) that decides it; ("", "") when it cites no regulation."""
        return self.places[0] if self.places else ("", "")


def draw_daily(
    memories: Mapping[int, Memory], pool: Sequence[Entry], wanted: int, now: datetime, rng: Random
) -> list[int]:
    """The revisions of a daily quiz: at most `wanted`, fewer or none when nothing more is needed.

    First what is due by `now` (the end of the day), the most forgotten first; then what was never met, by chance,
    articles with low mastery more often and not all from one article. What is known and not due is left alone.
    """
    met = [entry for entry in pool if entry.question_id in memories]
    due = [entry for entry in met if memories[entry.question_id].due_at <= now]
    due.sort(key=lambda entry: (memories[entry.question_id].recall(now), entry.question_id))
    chosen = due[:wanted]
    fresh = sorted(
        (entry for entry in pool if entry.question_id not in memories), key=lambda entry: entry.question_id
    )
    weights = _weakness(memories, pool, now)
    for entry in chosen:
        weights[entry.place] /= SPREAD
    while fresh and len(chosen) < wanted:
        (entry,) = rng.choices(fresh, weights=[weights[candidate.place] for candidate in fresh])
        chosen.append(entry)
        fresh.remove(entry)
        weights[entry.place] /= SPREAD
    return [entry.revision_id for entry in chosen]


def _weakness(
    memories: Mapping[int, Memory], pool: Sequence[Entry], now: datetime
) -> dict[tuple[str, str], float]:
    """For each article what is missing to full mastery, in thousandths, at least FLOOR."""
    counted: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in pool:
        counted[entry.place].append(thousandths(memories.get(entry.question_id), now))
    return {place: float(max(FLOOR, 1000 - sum(known) // len(known))) for place, known in counted.items()}


def draw_some(pool: Sequence[Entry], wanted: int | None, rng: Random) -> list[int]:
    """The revisions of a self-test: `wanted` by chance (none: all), by type as on a paper."""
    kinds = ("single", "multiple", "judge")
    chosen = rng.sample(list(pool), len(pool) if wanted is None else min(wanted, len(pool)))
    chosen.sort(key=lambda entry: kinds.index(entry.kind))
    return [entry.revision_id for entry in chosen]
