"""The figures of a report, each with what it means and what it was made from. Pure."""

from typing import Any

from quizapp import figures
from quizapp.reports.completion import Counts, Figures, median

Figure = dict[str, Any]  # an item of the macro `kpis`, with `meaning` and `terms`: (name, value)


def of_completion(c: Counts, *, over: bool) -> list[Figure]:
    """Who has sat it: for everybody who may see 完成情况. over: nobody can sit it any more."""
    return [_expected(c), _submitted(c), _missing(c, over), _taken_rate(c, over)]


def of_scores(all_of_it: Figures, *, over: bool) -> list[Figure]:
    """The same with what was scored, for who may see 成绩."""
    everybody, c, middle = all_of_it.counts, all_of_it.told, all_of_it.middle
    pass_rate = _rate("合格率", c.passed, c.submitted, "合格人数占实考人数的百分比。", "合格人数", "实考")
    pass_rate["note"] = f"合格{c.passed}人，应考合格率{figures.percent(c.passed, c.expected)}"
    scored = [
        pass_rate,
        _rate(
            *("应考合格率", c.passed, c.expected, "合格人数占应考人数的百分比，没有参加的按不合格计。"),
            *("合格人数", "应考人数"),
        ),
        _rate("优秀率", c.excellent, c.submitted, "优秀人数占实考人数的百分比。", "优秀人数", "实考"),
        _mean(c),
        {
            "label": "中位数",
            "value": median(middle),
            "unit": "" if middle is None else "分",
            "meaning": "实考人员成绩从低到高排列时居中的成绩；人数为双数时取中间两个的平均数。每5分钟更新一次。",
            "terms": [("实考", f"{c.submitted}人")],
            "refreshed": True,
        },
    ]
    if all_of_it.apart.listed:
        scored = [one | {"meaning": f"{one['meaning']}不含本单位领导班子成员。"} for one in scored]
    return [_expected(everybody), _submitted(everybody), _taken_rate(everybody, over), *scored]


def _expected(c: Counts) -> Figure:
    excluded = f"免考{c.exempt}人，缓考{c.deferred}人"
    return {
        **_people("应考人数", c.expected, "名册人数减去免考和缓考的人数。", f"名册{c.listed}人，{excluded}"),
        "terms": [("名册人数", f"{c.listed}人"), ("免考", f"{c.exempt}人"), ("缓考", f"{c.deferred}人")],
    }


def _submitted(c: Counts) -> Figure:
    meaning = "已交卷，或到时自动交卷且至少答了一题的人数；打开试卷但一题未答的不算。"
    return _people("实考", c.submitted, meaning, f"已开始{c.started}人")


def _missing(c: Counts, over: bool) -> Figure:
    return {
        **_people("缺考" if over else "未考", c.missing, "应考人数减去实考人数。"),
        "terms": [("应考人数", f"{c.expected}人"), ("实考", f"{c.submitted}人")],
    }


def _taken_rate(c: Counts, over: bool) -> Figure:
    found = _rate("参考率", c.submitted, c.expected, "实考人数占应考人数的百分比。", "实考人数", "应考人数")
    left = f"缺考{c.missing}人" if over else f"还有{c.missing}人未考"
    return found | {"note": f"实考{c.submitted}人，{left}"}


def _mean(c: Counts) -> Figure:
    return {
        "label": "平均分",
        "value": figures.mean_points(c.points, c.submitted),
        "unit": "分" if c.submitted else "",
        "meaning": "实考人员得分之和除以实考人数。",
        "terms": [
            ("得分之和（分子）", f"{figures.points(c.points)}分"),
            ("实考（分母）", f"{c.submitted}人"),
        ],
    }


def _people(label: str, count: int, meaning: str, note: str = "") -> Figure:
    return {"label": label, "value": count, "unit": "人", "meaning": meaning, "note": note, "terms": []}


def _rate(label: str, part: int, whole: int, meaning: str, part_name: str, whole_name: str) -> Figure:
    return {
        "label": label,
        "value": figures.percent(part, whole).rstrip("%"),
        "unit": "%" if whole else "",
        "meaning": meaning,
        "terms": [(f"{part_name}（分子）", f"{part}人"), (f"{whole_name}（分母）", f"{whole}人")],
    }
