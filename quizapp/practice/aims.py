"""The aim of a plan: what share of the articles is to be mastered by a day; what that asks of a day. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from quizapp.practice.drawing import Entry, Spot
from quizapp.practice.mastery import Mastery, by_place
from quizapp.practice.memory import Memory

CHOICES = (2, 5, 10)  # minutes a day that a person may choose
FEWEST, MOST = 10, 100  # percent of the articles


@dataclass(frozen=True)
class Plan:
    """What a unit set out to do. share: percent of the articles with questions; by: the day included."""

    plan_id: int
    unit: str
    regulations: frozenset[str]
    share: int
    by: date


@dataclass(frozen=True)
class Progress:
    """Where a person stands before the aim of a plan."""

    plan: Plan
    articles: int  # of its regulations, those with questions
    mastered: int
    fresh: int  # new questions that today asks for

    @property
    def needed(self) -> int:
        """How many articles the aim asks for: `share` percent, rounded up."""
        return -(-self.articles * self.plan.share // 100)

    @property
    def left(self) -> int:
        return max(0, self.needed - self.mastered)

    @property
    def met(self) -> bool:
        return self.articles > 0 and self.left == 0


def progress(
    plan: Plan, pool: Sequence[Entry], memories: Mapping[int, Memory], day: date, now: datetime
) -> Progress:
    """Where somebody with these memories stands at `now`, and how many new questions `day` asks for.

    The plan's share of the questions is to have been met by its day: what lacks to that, at least one while there is
    any, is divided over the days that are left, today included.
    """
    own = [entry for entry in pool if entry.place[0] in plan.regulations]
    found = by_place(own, memories, now)
    done = {place for place, mastery in found.items() if mastery.is_mastered}
    unmet = sum(entry.question_id not in memories for entry in own)
    wanted = min(unmet, max(1, -(-len(own) * plan.share // 100) - (len(own) - unmet)))
    days = max(1, (plan.by - day).days + 1)
    return Progress(plan, len(found), len(done), -(-wanted // days))


def nearest_missing(found: Mapping[Spot, Mastery], chapters: Mapping[Spot, str], wanted: int) -> Counter[str]:
    """The chapters of the `wanted` articles that lack least to being mastered: chapter → number of articles."""
    open_ones = [(-mastery.share, place) for place, mastery in found.items() if not mastery.is_mastered]
    return Counter(chapters[place] for _, place in sorted(open_ones)[:wanted])
