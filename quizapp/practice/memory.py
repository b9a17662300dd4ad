"""What the log of answers says of one person and one question: the memory state, and the wrong-question book.

The state is the fold of the log sorted by (answered_at clamped to received_at, client_id): the order in which answers
arrive, and how often each arrives, make no difference. Memory follows FSRS-6 as in the package `fsrs` with its own
parameters: no learning steps, no fuzzing; a right answer is rated Good, a wrong one Again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from fsrs import Card, Rating, Scheduler, State

SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
DAYS_TO_LEAVE = 2  # different days with a right answer after which a question leaves the wrong-question book


@dataclass(frozen=True)
class Logged:
    """One answer as the log holds it. day: the one it counts for, in Asia/Shanghai."""

    client_id: str
    correct: bool
    day: date
    answered_at: datetime
    received_at: datetime

    @property
    def moment(self) -> datetime:
        """When it was answered; a phone's clock that runs ahead is cut to the moment of arrival."""
        return min(self.answered_at, self.received_at).astimezone(UTC)


@dataclass(frozen=True)
class Memory:
    """The folded state: what a row of `card` keeps."""

    stability: float  # days
    difficulty: float  # 1–10
    due_at: datetime
    reviewed_at: datetime
    answers: int
    right: int
    wrong_open: bool
    right_days: int  # different days answered right since the last error
    last_right_on: date | None

    @property
    def last_was_right(self) -> bool:
        return self.right_days > 0

    def recall(self, now: datetime) -> float:
        """The probability, 0–1, of answering right at `now`, as FSRS predicts it."""
        card = Card(card_id=0, state=State.Review, stability=self.stability, due=self.due_at)
        card.last_review = self.reviewed_at
        return SCHEDULER.get_card_retrievability(card, now)


def in_order(log: Iterable[Logged]) -> list[Logged]:
    """Each answer once, in the order in which they count."""
    once = {entry.client_id: entry for entry in log}
    return sorted(once.values(), key=lambda entry: (entry.moment, entry.client_id))


def fold(log: Iterable[Logged]) -> Memory:
    """The state after all answers to one question. Raises ValueError for an empty log."""
    ordered = in_order(log)
    if not ordered:
        raise ValueError("no answer, no memory")
    card = Card(card_id=0, due=ordered[0].moment)
    right, wrong_open, right_days, last_right_on = 0, False, 0, None
    for entry in ordered:
        card = _reviewed(card, entry)
        if not entry.correct:
            wrong_open, right_days, last_right_on = True, 0, None
            continue
        right += 1
        if entry.day != last_right_on:
            right_days, last_right_on = right_days + 1, entry.day
        wrong_open = wrong_open and right_days < DAYS_TO_LEAVE
    return Memory(
        stability=card.stability or 0.0,
        difficulty=card.difficulty or 0.0,
        due_at=card.due,
        reviewed_at=ordered[-1].moment,
        answers=len(ordered),
        right=right,
        wrong_open=wrong_open,
        right_days=right_days,
        last_right_on=last_right_on,
    )


def _reviewed(card: Card, entry: Logged) -> Card:
    return SCHEDULER.review_card(card, Rating.Good if entry.correct else Rating.Again, entry.moment)[0]


def before_each(log: Sequence[Logged]) -> Iterator[tuple[float | None, bool, bool]]:
    """For each answer to one question, in order: (the recall predicted for its moment, none for the first; whether
    the answer before was right; whether this one was). Nothing that came later enters."""
    card, last_right = None, False
    for entry in in_order(log):
        recall = None if card is None else SCHEDULER.get_card_retrievability(card, entry.moment)
        yield recall, last_right, entry.correct
        card, last_right = _reviewed(card or Card(card_id=0, due=entry.moment), entry), entry.correct
