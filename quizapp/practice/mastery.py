"""掌握度: what share of a stretch of the regulation somebody could answer today.

Each question of the stretch counts alike, in whole thousandths:
- never answered, or the latest answer was wrong: 0;
- the latest answer was right: the predicted recall of today (FSRS), which falls from day to day.
The mastery is their mean. Nothing else enters: no minutes, no number of answers, no days in a row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from quizapp.figures import ratio
from quizapp.practice.memory import Memory

# From which share of an article's questions, in thousandths, it counts as what. 800: four of five questions would be
# answered right today, the 良好 of usual exams; one known and not due counts at least 900 (FSRS asks again at 0.9), so
# an article may lack one new question in ten but not one in four. 600: the 合格 of usual exams.
MASTERED, FAIR = 800, 600
LEVELS = {"new": "未学", "weak": "不牢", "fair": "基本掌握", "mastered": "已掌握"}


class Placed(Protocol):
    """A question as far as mastery looks at it."""

    @property
    def question_id(self) -> int: ...
    @property
    def place(self) -> tuple[str, str]: ...


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

    @property
    def share(self) -> int:
        """In whole thousandths, rounded down; 0 where there are no questions."""
        return self.thousandths // self.questions if self.questions else 0

    @property
    def is_mastered(self) -> bool:
        return self.share >= MASTERED

    @property
    def level(self) -> str:
        """One of LEVELS: new as long as no question was answered."""
        if not self.met:
            return "new"
        return "mastered" if self.is_mastered else "fair" if self.share >= FAIR else "weak"


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


def by_place(
    questions: Iterable[Placed], memories: Mapping[int, Memory], now: datetime
) -> dict[tuple[str, str], Mastery]:
    """The mastery of every article, each question counted at the (regulation, article) that decides it."""
    found: dict[tuple[str, str], Mastery] = defaultdict(Mastery)
    for question in questions:
        found[question.place] += mastery([question.question_id], memories, now)
    return dict(found)
