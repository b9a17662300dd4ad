"""What a 规则模板 may say of an exam, every fault of it at once, and the columns that it fills. Pure.

Values are kept as a trainer says them: {"questions": {"single": 40}, "points": {"single": 10}, "minutes": 60, …}.
An empty mapping is an empty preset: it fills nothing. What a preset leaves out stays as the form proposes it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from quizapp.exams import blueprint
from quizapp.exams.models import LONGEST_CERTIFICATE_ISSUER, LONGEST_CERTIFICATE_TITLE, MODES, PURPOSES
from quizapp.exams.release import MOST_APPEAL_DAYS, WHEN
from quizapp.figures import points as shown

Values = Mapping[str, Any]
Check = Callable[[Any], str]  # "" for a value that will do, else a sentence without its full stop
MOST_TENTHS = 10_000  # of one question, and of a mark: 1000分
LONGEST_BAND = 10


def problems(values: Values) -> list[str]:
    """Every fault, as sentences without a full stop; empty when the preset may be used.

    Sections and points belong together: a preset that gives one gives the other, for the same kinds.
    """
    if not values:
        return []
    found = [f"不认识的项目“{name}”" for name in sorted(set(values) - set(_CHECKS))]
    found += [one for name, check in _CHECKS.items() if name in values and (one := check(values[name]))]
    return found or _together(values)


def columns(values: Values) -> dict[str, Any]:
    """Exam column → value, the blueprint as rows with one exact section for each kind. Raises ValueError for faults."""
    if found := problems(values):
        raise ValueError("；".join(found))
    filled = {name: value for name, value in values.items() if name != "questions"}
    if "questions" in values:
        grid = {(kind, ""): count for kind, count in values["questions"].items()}
        filled["blueprint"] = blueprint.stored(blueprint.of_grid(grid))
    if "show_key" in values:  # one setting in a preset; right or wrong and explanations come with the key
        filled |= dict.fromkeys(("show_right", "show_explanation"), values["show_key"])
    if "bands" in values:
        filled["bands"] = [list(band) for band in values["bands"]]
    return filled


def total(values: Values) -> int:
    """What a whole paper is worth, in tenths of a 分."""
    return sum(count * values["points"].get(kind, 0) for kind, count in values.get("questions", {}).items())


def in_words(values: Values) -> str:
    """单选题40题（每题1分），…，共100分，60分钟，可考1次，80分合格; 还没有填写 for an empty preset."""
    if "questions" not in values:
        return "还没有填写"
    parts = [
        f"{word}{values['questions'][kind]}题（每题{shown(values['points'][kind])}分）"
        for kind, word in blueprint.WORDS.items()
        if kind in values["questions"]
    ]
    parts.append(f"共{shown(total(values))}分")
    parts += [f"{values['minutes']}分钟"] if "minutes" in values else []
    parts += [f"可考{values['attempts_allowed']}次"] if "attempts_allowed" in values else []
    parts += [f"{shown(values['pass_mark'])}分合格"] if "pass_mark" in values else []
    return "，".join(parts)


def _together(values: Values) -> list[str]:
    """What several values say together."""
    asked, paid = values.get("questions", {}), values.get("points", {})
    if set(asked) != set(paid):
        return ["有题数的题型应当都有分值，有分值的题型应当都有题数"]
    marks = [("合格线", values.get("pass_mark")), ("优秀线", values.get("excellent_mark"))]
    marks += [(f"“{name}”等级", mark) for name, mark in values.get("bands", [])]
    found = [
        f"{name}{shown(mark)}分高于总分{shown(total(values))}分"
        for name, mark in marks
        if asked and mark is not None and mark > total(values)
    ]
    if values.get("excellent_mark", MOST_TENTHS) < values.get("pass_mark", 0):
        found.append("优秀线低于合格线")
    return found


def _whole(name: str, least: int, most: int) -> Check:
    return lambda value: (
        "" if type(value) is int and least <= value <= most else f"{name}应为{least}至{most}的整数"
    )


def _mark(name: str) -> Check:
    return lambda value: "" if _tenths(value, least=0) else f"{name}应为0至{MOST_TENTHS // 10}之间的分数"


def _one_of(name: str, known: Mapping[str, str]) -> Check:
    return lambda value: "" if isinstance(value, str) and value in known else f"{name}不在可选范围内"


def _yes_or_no(name: str) -> Check:
    return lambda value: "" if type(value) is bool else f"{name}只能是“是”或“否”"


def _text(name: str, most: int) -> Check:
    return lambda value: (
        "" if isinstance(value, str) and len(value) <= most else f"{name}应为最多{most}个字的文字"
    )


def _tenths(value: Any, *, least: int) -> bool:
    return type(value) is int and least <= value <= MOST_TENTHS


def _questions(value: Any) -> str:
    if not isinstance(value, Mapping) or not set(value) <= set(blueprint.KINDS):
        return "题数应按单选题、多选题、判断题填写"
    if not all(type(count) is int and 1 <= count <= blueprint.MOST for count in value.values()):
        return f"各题型题数应为1至{blueprint.MOST}的整数"
    if not blueprint.FEWEST <= sum(value.values()) <= blueprint.MOST:
        return f"每份试卷应为{blueprint.FEWEST}至{blueprint.MOST}题，现为{sum(value.values())}题"
    return ""


def _points(value: Any) -> str:
    if not isinstance(value, Mapping) or not set(value) <= set(blueprint.KINDS):
        return "分值应按单选题、多选题、判断题填写"
    return (
        "" if all(_tenths(tenths, least=1) for tenths in value.values()) else "每题分值应大于0，最多一位小数"
    )


def _bands(value: Any) -> str:
    if not isinstance(value, list | tuple) or not all(
        isinstance(band, list | tuple) and len(band) == 2 and isinstance(band[0], str) for band in value
    ):
        return "成绩等级应为名称和分数"
    if not all(1 <= len(name.strip()) <= LONGEST_BAND and _tenths(mark, least=0) for name, mark in value):
        return f"成绩等级的名称应为1至{LONGEST_BAND}个字，分数应为0至{MOST_TENTHS // 10}之间的分数"
    if len({name for name, _ in value}) < len(value) or len({mark for _, mark in value}) < len(value):
        return "成绩等级的名称和分数不能重复"
    return ""


def _multiple_rule(value: Any) -> str:
    if value in ("all", "half", "per_letter"):
        return ""
    name, _, tenths = value.partition(":") if isinstance(value, str) else ("", "", "")
    fits = name == "fixed" and tenths.isascii() and tenths.isdecimal() and int(tenths) <= MOST_TENTHS
    return "" if fits else "多选题计分不在可选范围内"


_CHECKS: Mapping[str, Check] = {
    "purpose": _one_of("用途", PURPOSES),
    "questions": _questions,
    "points": _points,
    "multiple_rule": _multiple_rule,
    "mode": _one_of("组卷方式", MODES),
    "forms_wanted": _whole("试卷套数", 1, 20),
    "minutes": _whole("作答时间", 5, 240),
    "attempts_allowed": _whole("可考次数", 1, 5),
    "counts": _one_of("多次考试的成绩", {"best": "", "last": ""}),
    "pass_mark": _mark("合格线"),
    "excellent_mark": _mark("优秀线"),
    "bands": _bands,
    "shuffle_questions": _yes_or_no("打乱试题顺序"),
    "shuffle_options": _yes_or_no("打乱选项顺序"),
    "open_book": _yes_or_no("开卷考试"),
    "gate": _yes_or_no("先通过自测"),
    "certificates": _yes_or_no("颁发合格证"),
    "certificate_title": _text("证书名称", LONGEST_CERTIFICATE_TITLE),
    "certificate_issuer": _text("发证单位", LONGEST_CERTIFICATE_ISSUER),
    "show_score": _one_of("成绩何时可见", WHEN),
    "show_right": _one_of("对错何时可见", WHEN),
    "show_key": _one_of("答案何时可见", WHEN),
    "show_explanation": _one_of("解析何时可见", WHEN),
    "appeal_days": _whole("成绩复核申请期限", 0, MOST_APPEAL_DAYS),
}
