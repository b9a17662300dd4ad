"""考试办法: every setting of an exam in words, from what publishing froze. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from quizapp import dates
from quizapp.exams import blueprint, marking_rules, windows
from quizapp.exams.release import WHEN
from quizapp.figures import points
from quizapp.reports.archive.readable import Part

PURPOSES = {"annual": "年度考试", "unit": "单位测验", "mock": "模拟考试"}
MODES = {"draw": "每人一卷，开考时从题库随机抽题", "forms": "平行试卷", "fixed": "固定试卷"}
COUNTS = {"best": "取最高分", "last": "取最后一次成绩"}


def rules(exam: Any, organiser: str, banks: Sequence[str], audience: Sequence[str]) -> list[Part]:
    """The parts of the page. exam: its row; banks: titles; audience: the units and people it was for, in words."""
    return [
        Part("基本情况", facts=_basics(exam, organiser, banks)),
        Part("时间", facts=_times(exam)),
        Part(
            "试卷",
            facts=_paper(exam),
            headings=("题型", "题数", "每题分值", "小计"),
            rows=lambda: iter(_kinds(exam.blueprint, exam.points)),
        ),
        Part("评分", facts=_marks(exam)),
        Part("成绩和答案的公布", facts=_shown(exam)),
        Part("考生范围", lines=audience or ("没有按单位选择考生。",)),
        Part("考试须知", lines=exam.notice.splitlines() or ("没有填写。",)),
        Part("诚信承诺", lines=exam.pledge.splitlines() or ("没有填写。",)),
    ]


def _basics(exam: Any, organiser: str, banks: Sequence[str]) -> list[tuple[str, str]]:
    return [
        ("名称", exam.title),
        ("类别", PURPOSES[exam.purpose] + ("（补考）" if exam.makeup_of_id else "")),
        ("主办单位", organiser),
        ("形式", "开卷，可以查阅法规" if exam.open_book else "闭卷，不能查阅法规"),
        ("考前自测", "须先通过一次自测" if exam.gate else "不要求"),
        ("题库", "、".join(banks) or "—"),
        ("人员类别", "、".join(exam.categories) or "全部"),
    ]


def _times(exam: Any) -> list[tuple[str, str]]:
    return [
        ("发布时间", dates.minute(exam.published_at)),
        ("开始时间", dates.minute(exam.opens_at)),
        ("结束时间", dates.closing(exam.closes_at)),
        ("最迟开始答题", dates.closing(exam.last_start_at) if exam.last_start_at else "结束时间以前"),
        ("每天可答题时间", windows.hours_in_words(exam.daily_from, exam.daily_until)),
        ("答题时间", f"{exam.minutes}分钟，开始答题后连续计时"),
        ("网络宽限", f"截止后{exam.grace_s}秒内到达的答案计入，并作标记"),
        (
            "可考次数",
            f"{exam.attempts_allowed}次" + (f"，{COUNTS[exam.counts]}" if exam.attempts_allowed > 1 else ""),
        ),
    ]


def _paper(exam: Any) -> list[tuple[str, str]]:
    forms = f"，{exam.forms_wanted}套，两套之间最多相同{exam.overlap}题" if exam.mode == "forms" else ""
    return [
        ("组卷方式", MODES[exam.mode] + forms),
        ("避开近期用过的试题", f"{exam.avoid_days}天" if exam.avoid_days else "不避开"),
        ("试题顺序", "每人打乱" if exam.shuffle_questions else "固定"),
        ("选项顺序", "每人打乱" if exam.shuffle_options else "固定"),
    ]


def _kinds(stored: Sequence[Any], each: Mapping[str, int]) -> list[list[str]]:
    numbers = blueprint.sections(blueprint.read(stored))
    rows = [
        [blueprint.WORDS[kind], str(count), points(each.get(kind, 0)), points(count * each.get(kind, 0))]
        for kind, count in numbers.items()
    ]
    full = sum(count * each.get(kind, 0) for kind, count in numbers.items())
    return [*rows, ["合计", str(sum(numbers.values())), "", points(full)]]


def _marks(exam: Any) -> list[tuple[str, str]]:
    bands = "、".join(f"{name}{points(mark)}分" for name, mark in exam.bands)
    return [
        ("多选题计分", marking_rules.in_words(exam.multiple_rule)),
        ("合格线", f"{points(exam.pass_mark)}分（含本数）"),
        ("优秀线", f"{points(exam.excellent_mark)}分（含本数）"),
        ("成绩等级", bands or "不分等级"),
    ]


def _shown(exam: Any) -> list[tuple[str, str]]:
    return [
        ("成绩", WHEN[exam.show_score]),
        ("各题对错", WHEN[exam.show_right]),
        ("标准答案", WHEN[exam.show_key]),
        ("依据和解析", WHEN[exam.show_explanation]),
        ("答案公布时间", dates.minute(exam.released_at) if exam.released_at else "没有公布"),
    ]
