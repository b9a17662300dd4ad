"""What an item's figures ask a person to look at, in words. A hint, never a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from quizapp.analysis.distractors import OptionStatistics
from quizapp.analysis.items import ItemStatistics
from quizapp.analysis.numbers import decimal, percent
from quizapp.exams.blueprint import EXPECTED

WORDS = {  # the gravest first
    "negative": "区分度为负",
    "best_choose": "高分者多选的干扰项",
    "negative_weight": "实际权重无法计算",
    "unlike_rated": "与原难度不符",
    "hard": "过难",
    "easy": "过易",
    "unchosen": "无人选的干扰项",
}
LEAST = 30  # attempts from which figures are worth a flag
EASY, HARD = 0.95, 0.30  # facility from which, and up to which
APART = 0.2  # facility away from what the author's difficulty lets expect: two of its five steps
UNCHOSEN = 0.005  # share below which nobody is said to choose an option: it is printed as 0 %
SURE = 1.96  # standard errors of a correlation of 0


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

    rated_difficulty: the author's, 1 easy … 5 hard; none: not rated. KeyError for another.
    """
    if item.attempts < LEAST:
        return []
    found = [*_of_discrimination(item), *_of_options(distractors, item.attempts)]
    if item.facility is not None:
        found += _of_facility(item.facility, rated_difficulty)
    return sorted(found, key=lambda flag: list(WORDS).index(flag.code))


def _of_discrimination(item: ItemStatistics) -> list[Flag]:
    found = []
    if item.discrimination is not None and item.discrimination < 0:
        found.append(Flag("negative", f"区分度为{decimal(item.discrimination)}：总分高的人反而答得差。"))
    if item.negative_covariance and not item.drawn:  # a drawn one has no weight anyway
        found.append(Flag("negative_weight", "本题得分与总分此高彼低，对总分没有正的作用。"))
    return found


def _of_facility(facility: float, rated: int | None) -> list[Flag]:
    found = []
    if facility >= EASY:
        found.append(Flag("easy", f"得分率{percent(facility)}，不低于{percent(EASY)}。"))
    if facility <= HARD:
        found.append(Flag("hard", f"得分率{percent(facility)}，不高于{percent(HARD)}。"))
    if rated is not None and round(abs(facility - EXPECTED[rated]), 9) >= APART:
        like = min(EXPECTED, key=lambda level: abs(EXPECTED[level] - facility))
        expected, share = percent(EXPECTED[rated]), percent(facility)
        found.append(
            Flag("unlike_rated", f"原定难度{rated}级，预计得分率{expected}；实际{share}，接近{like}级。")
        )
    return found


def _of_options(options: Sequence[OptionStatistics], attempts: int) -> list[Flag]:
    wrong = [option for option in options if option.letter and not option.right]
    found = []
    unchosen = "".join(option.letter for option in wrong if option.share < UNCHOSEN)
    if unchosen:
        chosen = sum(option.chosen for option in wrong if option.letter in unchosen)
        words = f"共{chosen}人次选择" if chosen else "没有人选择"
        found.append(Flag("unchosen", f"{attempts}人中，{'、'.join(unchosen)}{words}。", unchosen))
    best = [option for option in wrong if _best_choose(option, attempts)]
    if best:
        told = "；".join(_told(option) for option in best)
        found.append(Flag("best_choose", f"{told}。", "".join(option.letter for option in best)))
    return found


def _best_choose(option: OptionStatistics, attempts: int) -> bool:
    """Whether those with high totals choose it more than chance explains."""
    return option.correlation is not None and option.correlation > SURE / sqrt(attempts)


def _told(option: OptionStatistics) -> str:
    low, high = option.quintiles[0], option.quintiles[-1]
    if low is None or high is None:
        return f"选{option.letter}与其余得分的相关为{decimal(option.correlation)}"
    return f"最高分的五分之一中{percent(high)}选{option.letter}，最低分的五分之一中{percent(low)}"
