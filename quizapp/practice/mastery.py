"""掌握度: what share of a stretch of the regulation somebody could answer today.

Each question of the stretch counts alike, in whole thousandths:
- never answered, or the latest answer was wrong: 0;
- the latest answer was right: the predicted recall of today (FSRS), which falls from day to day.
The mastery is their mean. Nothing else enters: no minutes, no number of answers, no days in a row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from quizapp.figures import ratio
from quizapp.practice.memory import Memory


@dataclass(frozen=True)
class Mastery:
    """A sum of thousandths over questions; sums of several people or stretches add up."""

    thousandths: int = 0
    questions: int = 0
    met: int = 0  # answered at least once

    def __add__(self, other: "Mastery") -> "Mastery":
        return Mastery(
            self.thousandths + other.thousandths, self.questions + other.questions, self.met + other.met
        )

    @property
    def percent(self) -> Decimal | None:
        """In whole percent, rounded half up; none where there are no questions."""
        return ratio(self.thousandths, self.questions * 1000, places=0)


def thousandths(memory: Memory | None, now: datetime) -> int:
    """What one question counts for one person."""
    if memory is None or not memory.last_was_right:
        return 0
    return round(memory.recall(now) * 1000)


def mastery(questions: Iterable[int], memories: Mapping[int, Memory], now: datetime) -> Mastery:
    """The mastery of a stretch: its question ids, and the person's memory by question id."""
    total = Mastery()
    for question in questions:
        memory = memories.get(question)
        total += Mastery(thousandths(memory, now), 1, int(memory is not None))
    return total
