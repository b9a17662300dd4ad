"""What a hint says, in words: facts alone, for whoever looks and for whom it is about. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from quizapp import dates
from quizapp.figures import percent

COUNTED = (
    (
        "更换页面或设备",
        "同一份答卷由另一页面或设备接续作答的时间。手机没电、换电脑、误关页面都会出现，本身不违反规定。",
    ),
    (
        "作答速度",
        "只用日志已有的保存时间：从首次打开起，相邻两次保存之间的时间平均计入其间改动的试题，按大题求每题平均用时。"
        "少于其他考生中位数的三分之一，并且明显偏离多数人的，列为线索。中途离开只会使用时变长。",
    ),
    (
        "作答相似",
        "两人共同作答的试题中，所选选项完全相同的题数，与各自独立作答时的可能性比较"
        "（GBT指数，出处见使用说明），已考虑每人的水平和每个选项的常见程度；至少3题错得相同的才列为线索。只比较同一单位和同一场次的考生。"
        "一起培训、错记同一条规定也会造成相似；所列可能性不是“抄袭的可能性”。",
    ),
    ("离开页面", "系统不记录是否切换到其他窗口，所以不统计，也没有摄像和设备识别。"),
)


def words(kind: str, facts: Mapping[str, Any], *, wrong: bool = True) -> str:
    """One hint as sentences; the other person of a similarity is not named.

    wrong: whether the reader may know yet how many questions were answered wrongly.
    """
    if kind == "similarity":
        return _similarity(facts, wrong=wrong)
    return {"takeover": _takeover, "pace": _pace}[kind](facts)


def _takeover(facts: Mapping[str, Any]) -> str:
    times = [dates.second(datetime.fromisoformat(one)) for one in facts["times"]]
    return f"由另一页面或设备接续作答{len(times)}次：{'、'.join(times)}。"


def _pace(facts: Mapping[str, Any]) -> str:
    return (
        f"{facts['section']}{facts['answered']}题，平均每题用时{facts['seconds']:g}秒；"
        f"{facts['people']}份答卷的中位数为{facts['median']:g}秒。"
    )


def _similarity(facts: Mapping[str, Any], *, wrong: bool) -> str:
    told = (
        f"与另一名考生共同作答{facts['common']}题，所选相同{facts['same']}题，各自独立作答时预计约{facts['expected']:g}题。"
        f"独立作答而相同这么多题的可能性{small(facts['p'])}。"
    )
    both = f"两人都答错的{facts['both_wrong']}题中，错得相同的{facts['same_wrong']}题。"
    return f"{told}{both}" if wrong else told


def small(p: float) -> str:
    """约百万分之5；a chance below one in a hundred million is only said to be so."""
    for name, whole in (("百", 1e2), ("万", 1e4), ("百万", 1e6), ("亿", 1e8)):
        if p * whole >= 1:
            return f"约{name}分之{p * whole:.0f}"
    return "小于亿分之1"


def rates(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was counted, and how often chance alone was named: for the top of the page and beside each similarity."""
    told = [
        ("读取日志", f"{figures['journals']}份答卷，其中{figures['paces']}份可以计算速度"),
        ("比较作答", f"{figures['people']}份答卷，{figures['pairs']}对"),
    ]
    return [*told, ("误报率", error(figures))]


def error(figures: Mapping[str, Any]) -> str:
    """How often the index named people who had answered alone, as measured for this exam."""
    family = f"{figures['family'] * 100:g}%"
    if not figures["simulated"]:
        return f"没有可以比较的考生，没有测算；设定为整场考试出现误报的可能不超过{family}（霍尔姆逐步校正）"
    return (
        f"设定整场考试出现误报的可能不超过{family}（霍尔姆逐步校正）。用本场试题模拟{figures['rounds']}场各自独立作答的考试、"
        f"{figures['simulated']}对考生：有误报的{figures['named']}场；"
        f"可能性不大于{figures['nominal'] * 100:g}%的占{percent(figures['below'], figures['simulated'])}"
    )
