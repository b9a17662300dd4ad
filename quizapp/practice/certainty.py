"""How sure a person was (没把握、较有把握、确定), and how often that was so: one's own calibration."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.figures import percent

LEVELS = {1: "没把握", 2: "较有把握", 3: "确定"}
ENOUGH = 10  # answers of a level from which its share of right ones is told


@dataclass(frozen=True)
class Level:
    """The answers that were given with one certainty."""

    number: int
    answers: int
    right: int

    @property
    def words(self) -> str:
        return LEVELS[self.number]

    @property
    def enough(self) -> bool:
        return self.answers >= ENOUGH

    @property
    def share(self) -> str:
        """The share of right answers, "86.2%"."""
        return percent(self.right, self.answers)

    @property
    def height(self) -> int:
        """The same as a height from 0 to 100; nothing while there are too few answers."""
        return 100 * self.right // self.answers if self.enough else 0


def levels(answers: Iterable[tuple[int, int, int]]) -> list[Level]:
    """All levels from 没把握 to 确定. answers: (level, answers, right ones), levels without answers left out."""
    counted = {number: (given, right) for number, given, right in answers}
    return [Level(number, *counted.get(number, (0, 0))) for number in LEVELS]


def finding(found: Iterable[Level]) -> str:
    """What the picture says, in one sentence."""
    told = [f"{level.words}时答对{level.share}" for level in found if level.enough]
    return "，".join(told) + "。" if told else f"每种把握程度满{ENOUGH}题后显示答对的比例。"


def read(text: str | None) -> int | None:
    """The level of a form's field; none for nothing and for what is no level."""
    return int(text) if text in {str(number) for number in LEVELS} else None
