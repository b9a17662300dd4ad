"""｛应考人数｝: the names that a wording may use, and what stands in their place. Pure.

No name gives a person: what a 通报 says of people are counts. Half-width braces do as well.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from quizapp import dates
from quizapp.reports.completion import UnitRow

NAMES = {  # placeholder: what stands in its place
    "考试名称": "考试的名称",
    "单位": "本单位的名称",
    "年份": "考试开始的年份，如2026",
    "开始日期": "考试开始的日期，如2026年12月11日",
    "截止日期": "考试截止的日期",
    "数据截止时间": "生成文件的时间",
    "单位数": "有应考人员的单位数（本级和直接下级）",
    "全员参考单位数": "应考人员全部参加考试的单位数",
    "全员参考单位": "这些单位的名称，按单位顺序，没有时为“无”",
    "名册人数": "列入考试名册的人数",
    "免考人数": "免考的人数",
    "缓考人数": "缓考的人数",
    "应考人数": "名册人数减去免考、缓考人数",
    "实考人数": "参加考试的人数",
    "缺考人数": "应考而没有参加考试的人数",
    "参考率": "实考人数÷应考人数，如98.5%",
    "合格人数": "成绩合格的人数",
    "合格率": "合格人数÷实考人数",
    "应考合格率": "合格人数÷应考人数",
    "优秀人数": "成绩优秀的人数",
    "优秀率": "优秀人数÷实考人数",
    "平均分": "实考人员的平均分",
}
_BRACED = re.compile(r"[｛{]([^｛｝{}]*)[｝}]")
_BRACES = re.compile("[｛｝{}]")


def problems(text: str) -> list[str]:
    """What is wrong with the placeholders of a text, a sentence without its full stop for each."""
    wrong = [name for name in dict.fromkeys(_BRACED.findall(text)) if name.strip() not in NAMES]
    found = [f"没有名为“｛{name}｝”的填充项" for name in wrong]
    if _BRACES.search(_BRACED.sub("", text)):
        found.append("有一个大括号没有配对")
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in place. Raises KeyError for a name that `problems` would have told."""
    return _BRACED.sub(lambda match: values[match[1].strip()], text)


def values(
    exam: str, unit: str, window: tuple[date, date], as_of: str, whole: UnitRow, parts: Sequence[UnitRow]
) -> dict[str, str]:
    """What stands in the place of every name. window: first and last day; as_of: the time of the data in words."""
    taking = [part for part in parts if part.counts.expected]
    full = [part.name for part in taking if not part.counts.missing]
    first, last = window
    counts, told = whole.counts, whole.told
    return {
        "考试名称": exam,
        "单位": unit,
        "年份": str(first.year),
        "开始日期": dates.day(first),
        "截止日期": dates.day(last),
        "数据截止时间": as_of,
        "单位数": str(len(taking)),
        "全员参考单位数": str(len(full)),
        "全员参考单位": "、".join(full) or "无",
        "名册人数": str(counts.listed),
        "免考人数": str(counts.exempt),
        "缓考人数": str(counts.deferred),
        "应考人数": str(counts.expected),
        "实考人数": str(counts.submitted),
        "缺考人数": str(counts.missing),
        "合格人数": str(told.passed),
        "优秀人数": str(told.excellent),
        **whole.words,
    }
