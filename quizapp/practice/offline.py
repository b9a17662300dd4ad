"""What a phone carries away to practise without a network, and when an answer that comes later was given."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zlib import crc32

from quizapp.practice.drawing import Entry
from quizapp.practice.memory import Memory

MOST_QUESTIONS = 200  # for practice, those of the wrong-question book among them
MOST_WRONG = 100  # of the wrong-question book, the latest errors first
CHARACTERS = 64_000  # of all questions, some 85 KB compressed
LAW_CHARACTERS = 32_000  # of the regulations that are carried whole, some 40 KB compressed
OLDEST = timedelta(days=400)  # an answer that claims to be older was given under a wrong clock

Place = tuple[str, str]
Pieces = Sequence[Sequence[tuple[str, bool]]]


def mark(wrong: Iterable[int]) -> int:
    """A number that changes with the questions of the wrong-question book, for a phone to compare."""
    return crc32(repr(sorted(wrong)).encode())


def choose(
    pool: Sequence[Entry], memories: Mapping[int, Memory], wrong: Sequence[int], now: datetime, rng: Random
) -> list[int]:
    """The revisions of a practice set, at most MOST_QUESTIONS, the most needed first.

    First the wrong-question book (`wrong`: its revisions, the latest error first), then what is due, the most
    forgotten first; then what was never met, by chance, one of each article in turn; last what is still known.
    """
    book = list(wrong[:MOST_WRONG])
    open_questions = [entry for entry in pool if entry.revision_id not in set(book)]
    met = [entry for entry in open_questions if entry.question_id in memories]
    met.sort(key=lambda entry: (memories[entry.question_id].recall(now), entry.question_id))
    due = [entry.revision_id for entry in met if memories[entry.question_id].due_at <= now]
    known = [entry.revision_id for entry in met if memories[entry.question_id].due_at > now]
    fresh = [entry for entry in open_questions if entry.question_id not in memories]
    return [*book, *due, *_in_turn(fresh, rng), *known][:MOST_QUESTIONS]


def _in_turn(entries: Sequence[Entry], rng: Random) -> list[int]:
    """Revisions by chance, so that every article comes once before any comes again."""
    shuffled = rng.sample(list(entries), len(entries))
    seen: dict[Place, int] = {}
    rounds = []
    for order, entry in enumerate(shuffled):
        seen[entry.place] = seen.get(entry.place, -1) + 1
        rounds.append((seen[entry.place], order, entry.revision_id))
    return [revision_id for _, _, revision_id in sorted(rounds)]


def that_fit(wanted: Iterable[int], characters: Callable[[int], int], limit: int) -> list[int]:
    """The first of these that together say no more than `limit` characters; what is too long is passed over."""
    taken, used = [], 0
    for one in wanted:
        if used + characters(one) <= limit:
            taken.append(one)
            used += characters(one)
    return taken


def marks(lines: Pieces) -> list[tuple[int, int, int]]:
    """The marked stretches of an article's lines: (line, start, end), counted in characters of the line."""
    found = []
    for number, pieces in enumerate(lines):
        at = 0
        for text, marked in pieces:
            if marked:
                found.append((number, at, at + len(text)))
            at += len(text)
    return found


def moment(claimed: datetime, now: datetime) -> datetime:
    """When an answer was given, by what the phone claims: never after its arrival; at its arrival when the claim is
    older than OLDEST. Both aware."""
    return now if claimed > now or claimed < now - OLDEST else claimed


@dataclass(frozen=True)
class Counted:
    """For what an answer counts."""

    source: str  # daily, self
    day: date


def counts_for(
    revision_id: int, claimed_day: date | None, answered_on: date, drawn: Mapping[date, Sequence[int]]
) -> Counted:
    """The daily quiz of the claimed day, if that quiz has the question and the answer was given on its day or the
    day after (a page left open over midnight); otherwise practice of the day on which it was given.

    claimed_day: of the daily quiz, none for practice. drawn: the person's quizzes by day.
    """
    if claimed_day is not None and revision_id in drawn.get(claimed_day, ()):
        if claimed_day <= answered_on <= claimed_day + timedelta(days=1):
            return Counted("daily", claimed_day)
    return Counted("self", answered_on)
