"""What the figures of an exam mean, and what to do about them: a sentence each. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.analysis import numbers
from quizapp.analysis.common_scale import LEAST_COMMON

GOOD, ENOUGH = 0.8, 0.7  # of consistency
EASY, HARD = 0.85, 0.6  # of the mean, a share of the full marks
NARROW = 0.06  # of the standard deviation, a share of the full marks
APART = 0.05  # mean and median, a share of the full marks
LOPSIDED = 1.0  # of skewness and kurtosis
NAMED = 5  # codes of questions that are named
FEW = "答卷太少或得分没有差别，不能计算。"


@dataclass(frozen=True)
class Figure:
    """A figure of the test. value: as printed, with its unit; advice: what to do now."""

    name: str
    value: str
    meaning: str
    advice: str


def figures(whole: Mapping[str, Any]) -> list[Figure]:
    """The figures of a test, from its stored row (see `working.whole_of`). Not for a test without sheets."""
    full = whole["full"] or 1
    ratio = whole["error_ratio"]
    return [
        Figure(
            "均分",
            _points(whole["mean"]),
            f"全部答卷得分的平均值，满分{numbers.marks(full, 0)}分。",
            _of_mean(whole["mean"], full),
        ),
        Figure(
            "中位数",
            _points(whole["median"]),
            "一半答卷不低于这个分，一半不高于这个分，不受个别很高或很低的分影响。",
            _of_median(whole["median"], whole["mean"], full),
        ),
        Figure(
            "标准差",
            _points(whole["deviation"], 2),
            "得分的分散程度，越大说明水平差别越大。",
            _of_deviation(whole["deviation"], full),
        ),
        Figure(
            "偏度",
            numbers.decimal(whole["skewness"]),
            "得分是否偏向一边：负数是高分的人多，正数是低分的人多，0是两边对称。",
            _of_skewness(whole["skewness"]),
        ),
        Figure(
            "峰度",
            numbers.decimal(whole["kurtosis"]),
            "得分是否集中：正数是多数人集中在均分附近而两头有人很远，负数是各分数段人数接近。",
            _of_kurtosis(whole["kurtosis"]),
        ),
        Figure(
            "内部一致性系数",
            numbers.decimal(whole["consistency"]),
            "各题是否在测同一方面，最高为1；换一份类似的试卷，名次会不会大变。",
            _of_consistency(whole["consistency"]),
        ),
        Figure(
            "误差比",
            numbers.percent(ratio),
            "得分的差别中，偶然因素占标准差的比例，越小越好。",
            FEW if ratio is None else _of_ratio(ratio),
        ),
        Figure(
            "标准误",
            _points(whole["standard_error"], 2),
            "一个人的得分因偶然因素上下浮动的大小。",
            _of_error(whole["standard_error"]),
        ),
        Figure(
            "KR-20",
            numbers.decimal(whole["kr20"]),
            "每题只有对错两种得分时的一致性系数，读法与内部一致性系数相同。",
            "试题有部分得分、分值不同或各人试题不同，不适用。请看内部一致性系数。"
            if whole["kr20"] is None
            else _of_consistency(whole["kr20"]),
        ),
    ]


def _points(tenths: float | None, places: int = 1) -> str:
    return "—" if tenths is None else f"{numbers.marks(tenths, places)}分"


def _of_mean(mean: float | None, full: float) -> str:
    if mean is None:
        return FEW
    if mean / full > EASY:
        return "试卷偏易。合格性考试可以不处理；需要区分水平时，增加中等以上难度的试题。"
    if mean / full < HARD:
        return "试卷偏难。先看得分率最低的试题是否超出学习范围、答案是否有误。"
    return "难度适中，不需要处理。"


def _of_median(median: float | None, mean: float | None, full: float) -> str:
    if median is None or mean is None:
        return FEW
    if abs(median - mean) / full > APART:
        return "与均分相差较大，均分受少数人影响，说明整体水平时请用中位数。"
    return "与均分接近，说明整体水平时两者都可以用。"


def _of_deviation(deviation: float | None, full: float) -> str:
    if deviation is None:
        return FEW
    if deviation / full < NARROW:
        return "得分过于集中，名次的先后多半出于偶然，不要用来比较个人高低。"
    return "得分有足够的差别，不需要处理。"


def _of_skewness(skewness: float | None) -> str:
    if skewness is None:
        return FEW
    if skewness < -LOPSIDED:
        return "多数人得分很高，少数人很低。请查看低分人员是否没有学习，或答卷没有答完。"
    if skewness > LOPSIDED:
        return "多数人得分较低。下次考试前加强学习，或降低试卷难度。"
    return "基本对称，不需要处理。"


def _of_kurtosis(kurtosis: float | None) -> str:
    if kurtosis is None:
        return FEW
    if kurtosis > LOPSIDED:
        return "有个别分数离得很远，请查看这些答卷是否正常完成。"
    if kurtosis < -LOPSIDED:
        return "可能有两类水平差别很大的人员，请结合各单位、各类人员的情况查看。"
    return "没有异常，不需要处理。"


def _of_consistency(consistency: float | None) -> str:
    if consistency is None:
        return FEW
    if consistency >= GOOD:
        return "一致性好，结果可以用来判断个人是否合格。"
    if consistency >= ENOUGH:
        return "一致性可以接受。下次替换区分度低的试题，会更可靠。"
    return "一致性不足，不要只凭这一次成绩下结论。增加题数，替换区分度低或为负的试题。"


def _of_ratio(ratio: float) -> str:
    if ratio <= (1 - GOOD) ** 0.5:
        return "偶然因素的影响小，不需要处理。"
    if ratio <= (1 - ENOUGH) ** 0.5:
        return "偶然因素的影响尚可接受。"
    return "偶然因素的影响大，处理办法同内部一致性系数。"


def _of_error(error: float | None) -> str:
    if error is None:
        return FEW
    return f"得分在合格线上下{numbers.marks(error)}分以内的，合格与否可能出于偶然，作重要决定时请留意。"


COLUMNS = {  # of the table of items: heading → what it means and what to do
    "难度系数（得分率）": "平均得到本题分值的几成，越小越难。低于0.30或高于0.95的，看是否适合这次考试。",
    "区分度": "本题得分与其余各题总分的相关，最高为1。0.30以上为好，0.15以下的修改后再用，为负的先核对答案。",
    "鉴别效率": "区分度达到本题最多能达到的几成；本题很易或很难时，看它比看区分度更公平。低于50%的检查题干和选项。",
    "有效权重": "本题实际起的作用占全卷的几成，括号内是按分值应占的几成。相差很大的，调整分值或换题。",
    "猜测分": "完全靠猜能得到的得分率。难度系数接近它的，说明多数人在猜，学习时要补讲。",
    "Rasch难度": "不受考生水平影响的难度，0是本次考试试题的平均，越大越难；±后是标准误。与其他考试比较，看题库中的值。",
}
FLAGS = {  # code of flags.WORDS → what to do
    "negative": "先对照条文核对答案，有误的更正答案；无误的看题干是否有歧义。",
    "best_choose": "对照条文核对这个选项是否也对，或题干是否引人误解。",
    "unchosen": "这个选项没有迷惑性，修改后再用。",
    "easy": "几乎人人答对，只适合检查基本要求；需要区分水平时换题。",
    "hard": "几乎人人答错，看是否超出学习范围、答案是否有误。",
    "unlike_rated": "核对后可以按实测难度修改题库中的难度。",
    "negative_weight": "得分高的人反而在本题失分，处理办法同区分度为负。",
}


def form_in_words(name: str, first: str, shift: float, error: float) -> str:
    """What the difference of two parallel forms means and what to do. shift: mean of the first minus mean of this,
    tenths; error: its standard error."""
    apart = numbers.marks(abs(shift))
    if abs(shift) <= 2 * error:
        return f"{name}与{first}的均分相差{apart}分，在偶然范围内，成绩可以直接比较。"
    harder = "偏难" if shift > 0 else "偏易"
    return f"{name}比{first}{harder}{apart}分，超出偶然范围。比较两卷考生的成绩时，请用等值后的分数。"


def scale_in_words(
    *, on_scale: bool, begins: bool, shift: float, error: float, common: int, drifted: Sequence[str]
) -> str:
    """How the Rasch values of an exam stand to a bank's scale, and what to do. shift, error: logits; common: how many
    questions agree; drifted: codes of those that do not."""
    if not on_scale:
        return (
            f"按本次考试，未与题库衔接：与其他考试难度一致的共同试题不足{LEAST_COMMON}道，不能与其他考试的试题比较。"
            f"以后组卷时加入{LEAST_COMMON}道以上考过的试题，即可衔接。"
        )
    if begins:
        return "题库量尺以本次考试为起点，0是本次考试试题的平均；其他考试凭共同试题衔接到这里。"
    way = f"本次数值加{numbers.with_error(shift, error)}，就是题库量尺上的数值，可以与其他考试的试题比较。"
    words = f"已与题库衔接，共同试题{common}道：{way}"
    if drifted:
        named = "、".join(drifted[:NAMED]) + (f"等{len(drifted)}题" if len(drifted) > NAMED else "")
        words += f"{named}前后难度相差过大，没有用于衔接，请查看是否改过题、讲解过或者已经泄露。"
    return words
