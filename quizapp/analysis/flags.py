"""What an item's figures ask a person to look at, in words. A hint, never a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.analysis.distractors import OptionStatistics
from quizapp.analysis.items import ItemStatistics

WORDS = {
    "unchosen": "无人选的干扰项",
    "best_choose": "高分者多选的干扰项",
    "negative": "区分度为负",
    "easy": "过易",
    "hard": "过难",
    "unlike_rated": "与原难度不符",
    "negative_weight": "实际权重不能计算",
}
LEAST = 30  # attempts from which figures are worth a flag


@dataclass(frozen=True)
class Flag:
    """code: a key of WORDS. letters: the options meant, ascending; "" where the whole item is. evidence: the figures
    in one sentence of Chinese."""

    code: str
    evidence: str
    letters: str = ""

    @property
    def word(self) -> str:
        return WORDS[self.code]


def of(
    item: ItemStatistics, distractors: Sequence[OptionStatistics] = (), rated_difficulty: int | None = None
) -> list[Flag]:
    """The flags of an item, the gravest first; none below LEAST attempts.

    rated_difficulty: the author's, 1 easy … 5 hard; none: not rated.
    """
    raise NotImplementedError
