"""Who else stumbles here: how many people went which wrong way when they met a question for the first time.

Told only from FEWEST people on, and only of a way that at least as many took as the smallest group that may be seen:
in a bank of a small unit nobody could guess from it who it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.figures import ratio

FEWEST = 20  # people who have met the question; a share of fewer says little and moves with each of them


@dataclass(frozen=True)
class Stumble:
    """The most frequent wrong way. missed: the letter is right and was left out (漏选)."""

    letter: str
    missed: bool
    people: int
    of: int

    @property
    def percent(self) -> int:
        """In whole percent, rounded half up."""
        return int(ratio(self.people, self.of, places=0) or 0)


def stumble(key: str, counts: Mapping[str, int], smallest_group: int, *, many: bool) -> Stumble | None:
    """The wrong letter chosen most often, or the right one left out most often; none where it may not be told.

    counts: people by the letters of their first answer. many: several letters may be right, only then one can be
    left out. Of equals the wrong letter comes before the missed one, then the first in the alphabet.
    """
    of = sum(counts.values())
    if of < FEWEST:
        return None
    letters = sorted(set("".join([key, *counts])))
    ways = [
        Stumble(letter, missed, sum(n for chosen, n in counts.items() if (letter in chosen) != missed), of)
        for missed in (False, True)
        for letter in letters
        if (letter in key) == missed and (many or not missed)
    ]
    worst = max(ways, key=lambda way: way.people, default=None)
    return worst if worst is not None and worst.people >= max(1, smallest_group) else None
