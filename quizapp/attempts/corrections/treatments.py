"""What a question's key can be turned into, typed and told: several answers, 送分, 作废. Pure: no Flask, no SQL."""

import re
from collections.abc import Collection, Iterable, Mapping

from quizapp.attempts.marks import Key, Told
from quizapp.figures import points

TREATMENTS = {
    "normal": "改正答案",
    "full": "送分，每人得满分",
    "drop": "作废，分值不计入试卷",
    "rescale": "作废，其余试题按满分折算",
}
WORDS = {
    "full": "送分",
    "void": "作废，分值计给每人",
    "drop": "作废，分值不计入试卷",
    "rescale": "作废，其余试题按满分折算",
}
POLICIES = {"better": "取新旧成绩中较高者", "new": "全部按更正后的答案计分"}
STATES = {
    "rehearsing": "正在试算",
    "rehearsed": "待提交",
    "waiting": "待批准",
    "approving": "办理中",
    "approved": "已生效",
    "rejected": "未批准",
    "withdrawn": "已撤回",
}
MOST = 20  # questions of one correction
_BETWEEN = re.compile(r"[、，,；;/\s]+|或")
_JUDGED = {"正确": "A", "对": "A", "√": "A", "错误": "B", "错": "B", "×": "B"}  # noqa: RUF001 - the sign is meant


def accepted(text: str, kind: str, offered: Collection[str]) -> tuple[frozenset[str], ...]:
    """The answers that a text accepts: "B", "A、C", "AC或ACD"; of a judge also 正确 and 错误.

    offered: the letters of the question. Raises ValueError with a sentence.
    """
    found: list[frozenset[str]] = []
    for part in filter(None, _BETWEEN.split(text.strip())):
        letters = _letters(part, kind)
        if not letters <= set(offered):
            raise ValueError(f"“{part}”不是本题的选项，本题的选项是{''.join(sorted(offered))}。")
        if kind != "multiple" and len(letters) != 1:
            raise ValueError("本题只选一项；接受几种答案时用顿号分开，如A、C。")
        if letters not in found:
            found.append(letters)
    if not found:
        raise ValueError("请填写正确答案，如B；接受几种答案时用顿号分开。")
    return tuple(found)


def _letters(part: str, kind: str) -> frozenset[str]:
    if kind == "judge" and part in _JUDGED:
        return frozenset(_JUDGED[part])
    wide = {ord("Ａ") + step: chr(ord("A") + step) for step in range(8)}  # noqa: RUF001 - full-width letters
    return frozenset(part.upper().translate(wide))


def answers_in_words(sets: Iterable[Iterable[str]], kind: str) -> str:
    """B; A或C; of a judge 正确."""
    texts = ["".join(sorted(letters)) for letters in sets]
    if kind == "judge":
        texts = [{"A": "正确", "B": "错误"}.get(text, text) for text in texts]
    return "或".join(texts)


def in_words(key: Key) -> str:
    """How a key treats its question: “B”, “A或C”, 送分."""
    return WORDS.get(key.treatment) or answers_in_words(key.accepted, key.kind)


def changed(before: Mapping[int, Key], after: Mapping[int, Key]) -> list[int]:
    """The revisions that two runs treat differently, ascending."""
    return sorted(one for one in after if before.get(one) != after[one])


def explained(told: Told) -> list[str]:
    """How a total came about, where it is no plain sum by the key of now: one sentence each."""
    said = []
    if told.kept:
        said.append("答案更正前后的得分取较高者，本卷按更正前的答案计分。")
    rest = told.full - told.gone
    if told.gone and rest:
        summed = sum(told.marks.slots)
        said.append(
            f"作废试题{points(told.gone)}分，其余试题得{points(summed)}分，按满分折算："
            f"{points(summed)}×{points(told.full)}÷{points(rest)}，舍去不足0.1分的部分，"
            f"得{points(told.marks.total)}分。"
        )
    return said
