"""作答: the answers of one sheet of paper as a person types them into a cell, read against the questions of the form.

Two ways of writing, both without doubt:

- one by one: an entry for each question between 、 or commas ("B、AC、√、-"), as many entries as questions. Blanks
  do as well when every question has an entry.
- in a row: one letter for each single-choice question, √ or × for each judge, a multiple choice in brackets
  ("BDA(AC)(ABD)√×"). Blanks only make groups. Groups of one kind are equally long, the last excepted (ABCDA BBCAD),
  so that a letter that is missing or typed twice shows. A multiple choice may also stand alone between blanks.

Full-width signs, small letters, 对 错 正确 错误 for a judge, A and B as well are read. Unanswered: - . _ 空, empty
brackets, an empty entry between commas (not behind the last comma). 白卷 is a sheet without any answer.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.exams.blueprint import WORDS

BLANK_SHEET = "白卷"
LONGEST = 5_000  # characters of a cell
_TRUE, _FALSE = "√", "×"
_SAME = {
    **dict.fromkeys("✓✔☑", _TRUE),
    **dict.fromkeys("✗✘✕╳☒", _FALSE),
    **dict.fromkeys("【[{〔", "("),
    **dict.fromkeys("】]}〕", ")"),
    **dict.fromkeys("、,;/|，；。", ","),
    **dict.fromkeys("-._—–─−·空○〇", "-"),
}
_WORDS = (("正确", _TRUE), ("错误", _FALSE), ("对", _TRUE), ("错", _FALSE), ("未答", "-"), ("不选", "-"))
_TOKEN = re.compile(r"\(([^()]*)\)|([A-HX√×-])")
_INSIDE = re.compile(r"[\s,]")


@dataclass(frozen=True)
class Asked:
    """What a question lets one answer. letters: as printed, "ABCD"; "AB" for a judge (A is 正确)."""

    kind: str  # single, multiple, judge
    letters: str
    any_number: bool = False  # 不定项: one letter is nothing unusual


class Unclear(ValueError):
    """The text is no answer sheet; its words are for people."""


def read(text: str, asked: Sequence[Asked]) -> tuple[str, ...]:
    """The letters of each question, ascending, "" where nothing was answered. Raises Unclear."""
    plain = _plain(text)
    if plain == BLANK_SHEET:
        return ("",) * len(asked)
    entries = _one_by_one(plain, len(asked))
    if entries is None:
        entries = _in_a_row(plain, asked)
    if len(entries) != len(asked):
        raise Unclear(_miscounted(len(entries), len(asked)))
    return tuple(
        _letters(entry, question, number)
        for number, (entry, question) in enumerate(zip(entries, asked, strict=True), 1)
    )


def _plain(text: str) -> str:
    """One spelling of brackets, separators, ticks and gaps; letters half-width and large."""
    if len(text) > LONGEST:
        raise Unclear(f"超过{LONGEST}个字符")
    half = unicodedata.normalize("NFKC", "".join(_SAME.get(sign, sign) for sign in text))
    plain = "".join(_SAME.get(sign, sign) for sign in half).upper()
    for word, sign in _WORDS:
        plain = plain.replace(word, sign)
    return plain.strip()


def _one_by_one(plain: str, count: int) -> list[str] | None:
    """The entries between commas, or between blanks when there are as many as questions; None: in a row."""
    outside = re.sub(r"\([^()]*\)", lambda group: _INSIDE.sub("", group[0]), plain)
    if "," in outside:
        entries = [_INSIDE.sub("", entry) for entry in outside.split(",")]
        if not entries[-1]:
            entries.pop()  # a comma behind the last answer answers nothing
        return [_without_brackets(entry) for entry in entries]
    entries = outside.split()
    return [_without_brackets(entry) for entry in entries] if len(entries) == count else None


def _without_brackets(entry: str) -> str:
    return entry[1:-1] if re.fullmatch(r"\([^()]*\)", entry) else entry


def _in_a_row(plain: str, asked: Sequence[Asked]) -> list[str]:
    """The entries of groups between blanks. Raises Unclear where letters could be put together in two ways."""
    entries: list[str] = []
    groups: list[tuple[int, int]] = []  # of single letters: the number of the first question, how many
    for field in re.sub(r"\([^()]*\)", lambda group: _INSIDE.sub("", group[0]), plain).split():
        first = len(entries)
        bare = "(" not in field
        if bare and "-" not in field and _kind(asked, first) == "multiple":
            entries.append(field)
            continue
        tokens = _tokens(field)
        for letters in tokens:
            if bare and letters != "-" and _kind(asked, len(entries)) == "multiple":
                raise Unclear(f"第{len(entries) + 1}题是多选题，答案须加括号或用顿号隔开")
            entries.append(letters)
        if bare:
            groups.append((first, len(tokens)))
    _check_groups(groups, asked)
    return entries


def _tokens(field: str) -> list[str]:
    """The answers of a group: single signs, and what stands in brackets. Raises Unclear for any other sign."""
    found = [match[1] if match[2] is None else match[2] for match in _TOKEN.finditer(field)]
    rest = _TOKEN.sub("", field)
    if rest:
        raise Unclear("括号不成对" if rest[0] in "()" else f"“{rest[0]}”不是答案")
    return found


def _check_groups(groups: Sequence[tuple[int, int]], asked: Sequence[Asked]) -> None:
    """Groups that begin in one run of a kind are equally long; the last one may be shorter."""
    runs = groupby(asked, key=lambda question: question.kind)
    run_of = [run for run, (_, questions) in enumerate(runs) for _ in questions]
    for _, together in groupby(groups, key=lambda group: run_of[group[0]] if group[0] < len(run_of) else -1):
        same = list(together)
        usual = same[0][1]
        for first, length in same:
            if length > usual or (length < usual and (first, length) != same[-1]):
                start = f"从第{first + 1}题起的一组有{length}个答案"
                raise Unclear(f"{start}，前面的组有{usual}个，可能漏填或多填")


def _kind(asked: Sequence[Asked], index: int) -> str:
    return asked[index].kind if index < len(asked) else ""


def _miscounted(answers: int, questions: int) -> str:
    return f"共{questions}题，{'只有' if answers < questions else '却有'}{answers}个答案"


def _letters(entry: str, question: Asked, number: int) -> str:
    """The letters of one entry, ascending. Raises Unclear."""
    chosen = [_meant(sign, question, number) for sign in entry if sign != "-" or len(entry) > 1]
    if len(set(chosen)) < len(chosen):
        raise Unclear(f"第{number}题的答案“{entry[:20]}”有重复")
    return "".join(sorted(chosen))


def _meant(sign: str, question: Asked, number: int) -> str:
    """The letter that a sign stands for."""
    if question.kind == "judge":
        sign = {_TRUE: "A", _FALSE: "B", "X": "B"}.get(sign, sign)
    elif sign in (_TRUE, _FALSE):
        raise Unclear(f"第{number}题是{WORDS[question.kind]}，不能填“{sign}”")
    if sign not in question.letters:
        raise Unclear(
            f"第{number}题没有选项“{sign}”" if sign in "ABCDEFGH" else f"第{number}题的“{sign}”不是答案"
        )
    return sign
