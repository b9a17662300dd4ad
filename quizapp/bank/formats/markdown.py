"""The bank's own format: plain text that reads like an exam paper and can be reviewed line by line.

A section heading sets the kind, a number opens a question, letters its options, labels the rest. A line that is
indented goes on with what stands above it. A line that is none of these is a problem with its number; nothing
disappears without a word. docs/formats.md describes the format for people.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from quizapp.bank import labels
from quizapp.bank.drafts import JUDGE_OPTIONS, LETTERS, Draft, Problem, Reading, tidied, tidy

_SECTION = re.compile(r"##(?!#)\s*(.*)")
_TITLE = re.compile(r"#(?!#)\s*(.*)")
_NUMBER = re.compile(r"(\d{1,4})[.．、]\s*(.*)")
_OPTION = re.compile(r"([A-Z])[.．、]\s*(.*)")
_LABEL = re.compile(r"(答案|依据|解析|难度|编号|用途|标签)[：:]\s*(.*)")
_INDENT = re.compile(r"  |\t|\u3000{1,2}| ")
_KINDS = {
    "单选题": ("single", False),
    "单项选择题": ("single", False),
    "多选题": ("multiple", False),
    "多项选择题": ("multiple", False),
    "不定项选择题": ("multiple", True),
    "判断题": ("judge", False),
}


@dataclass
class _Field:
    """A label or option with its lines as they come."""

    name: str  # 题干, A … H, or the label
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read(text: str, source: str = "") -> Reading:
    """All questions of a file with their line numbers and problems. source: the file's name for messages."""
    reader = _Reader(source)
    for count, line in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        reader.take(line.rstrip(), count)
    reader.close()
    return reader.reading


class _Reader:
    def __init__(self, source: str) -> None:
        self.reading = Reading()
        self._source = source
        self._kind: tuple[str, bool] = ("", False)
        self._draft: Draft | None = None
        self._fields: list[_Field] = []
        self._blank_lines = 0
        self._number = 0  # of the question before

    def take(self, line: str, count: int) -> None:
        if not line.strip():
            self._blank_lines += 1
            return
        blank_lines, self._blank_lines = self._blank_lines, 0
        indent = _INDENT.match(line)
        if indent and self._fields:
            self._fields[-1].lines += [""] * blank_lines + [line[indent.end() :]]
            self._doubt_indent(line.strip(), count)
            return
        line = line.strip()
        if section := _SECTION.fullmatch(line):
            self._open_section(section[1], count)
        elif _TITLE.fullmatch(line):
            self.close()
        elif number := _NUMBER.fullmatch(line):
            self._open_question(int(number[1]), number[2], count)
        elif self._draft is not None and (option := _OPTION.fullmatch(line)):
            self._fields.append(_Field(option[1], count, [option[2]]))
        elif self._draft is not None and (label := _LABEL.fullmatch(line)):
            self._fields.append(_Field(label[1], count, [label[2]]))
        else:
            self._unread(line, count)

    def close(self) -> None:
        """Make the question of what was gathered."""
        draft, self._draft = self._draft, None
        if draft is not None:
            _fill(draft, self._fields)
            self.reading.drafts.append(tidied(draft))
        self._fields = []

    def _open_section(self, heading: str, count: int) -> None:
        self.close()
        self._number = 0
        name = re.sub(r"[（(].*[）)]$", "", heading).strip()
        self._kind = _KINDS.get(name, ("", False))
        if not self._kind[0]:
            known = "、".join(dict.fromkeys(_KINDS))
            self._problem(count, "题型", f"不能识别题型标题“{heading[:20]}”，可以用：{known}。")

    def _open_question(self, number: int, stem: str, count: int) -> None:
        self.close()
        kind, any_number = self._kind
        self._draft = Draft(kind=kind, any_number=any_number, line=count, source=self._source)
        self._fields = [_Field("题干", count, [stem])]
        if not kind:
            self._problem(count, "题型", "题目前没有可识别的题型标题，如“## 单选题”。")
        if number not in (1, self._number + 1) and self._number:
            said = f"题号为{number}，前一题是{self._number}，请核对是否漏题。"
            self._problem(count, "题号", said, "warning")
        self._number = number

    def _unread(self, line: str, count: int) -> None:
        advice = "如果是上一项的续行，请在行首空两格。" if self._draft else "题目应当以题号开头，如“1. ”。"
        self._problem(count, "未识别的文字", f"“{line[:30]}”不能识别。{advice}")

    def _doubt_indent(self, line: str, count: int) -> None:
        """A label or number that was indented by mistake would vanish in the text above it: say so."""
        answered = any(part.name == "答案" for part in self._fields)
        if _LABEL.fullmatch(line) or (_NUMBER.fullmatch(line) and not answered):
            said = f"“{line[:20]}”行首有空格，按上一项的续行处理，请核对。"
            self._problem(count, "续行", said, "warning")

    def _problem(self, count: int, column: str, message: str, severity: str = "error") -> None:
        place = self.reading.problems if self._draft is None else self._draft.problems
        place.append(Problem(count, column, message, severity, self._source))


def _fill(draft: Draft, fields: list[_Field]) -> None:
    """Put the gathered lines into the question; every one that does not fit becomes a problem."""
    seen: dict[str, _Field] = {}
    for part in fields:
        if part.name == "依据":
            _cite(draft, part)
        elif part.name in seen:
            named = f"选项{part.name}" if len(part.name) == 1 else part.name
            _say(draft, part, f"{named}重复出现，前一处在第{seen[part.name].line}行。")
        elif len(part.name) == 1:
            _add_option(draft, part, any(name not in LETTERS_AND_STEM for name in seen))
        seen.setdefault(part.name, part)
        draft.places.setdefault(f"选项{part.name}" if len(part.name) == 1 else part.name, part.line)
    draft.stem = seen["题干"].text
    draft.explanation = seen["解析"].text if "解析" in seen else ""
    draft.code = seen["编号"].text if "编号" in seen else ""
    draft.tags = labels.tags_of(seen["标签"].text) if "标签" in seen else []
    if draft.kind == "judge":
        _judge_options(draft)
    _read_labels(draft, seen)


LETTERS_AND_STEM = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "题干")


def _say(draft: Draft, part: _Field, message: str, severity: str = "error") -> None:
    column = f"选项{part.name}" if len(part.name) == 1 else part.name
    draft.problems.append(Problem(part.line, column, message, severity, draft.source))


def _cite(draft: Draft, part: _Field) -> None:
    citation = labels.citation_of(part.text)
    if citation is None:
        _say(draft, part, f"依据“{part.text[:20]}”不能识别，应当写作：第二十四条第一款 “原文”。")
    else:
        draft.citations.append(citation)
        draft.places[f"依据{len(draft.citations)}"] = part.line


def _add_option(draft: Draft, part: _Field, late: bool) -> None:
    expected = LETTERS[len(draft.options)] if len(draft.options) < len(LETTERS) else ""
    if late:
        _say(draft, part, "选项应当写在答案之前。")
    elif part.name != expected:
        said = f"此处应当是选项{expected}。" if expected else "选项最多8个。"
        _say(draft, part, f"选项字母不连续，{said}")
    draft.options.append(part.text)


def _judge_options(draft: Draft) -> None:
    """A judge has no options of its own; 正确 and 错误 may be written out."""
    if draft.options and tuple(tidy(option) for option in draft.options) != JUDGE_OPTIONS:
        draft.problems.append(
            Problem(draft.line, "选项", "判断题不写选项，或者只写“A. 正确”“B. 错误”。", source=draft.source)
        )
    draft.options = list(JUDGE_OPTIONS)


def _read_labels(draft: Draft, seen: dict[str, _Field]) -> None:
    if part := seen.get("答案"):
        key = labels.key_of(part.text, draft.kind)
        if key is None:
            wanted = "“正确”或“错误”" if draft.kind == "judge" else "选项字母，如C或ABD"
            _say(draft, part, f"答案“{part.text[:20]}”不能识别，应当填{wanted}。")
        draft.key = key or ""
    if part := seen.get("难度"):
        difficulty = labels.difficulty_of(part.text)
        if difficulty is None:
            _say(draft, part, f"难度“{part.text[:20]}”不能识别，应当填1至5。")
        draft.difficulty = difficulty or draft.difficulty
    if part := seen.get("用途"):
        uses = labels.uses_of(part.text)
        if uses is None:
            _say(draft, part, f"用途“{part.text[:20]}”不能识别，应当填日常、模拟卷、考试中的一项或几项。")
        draft.uses = uses or draft.uses


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Iterable[Draft], title: str = "") -> str:
    """The questions in their order as a file that `read` reads back without loss."""
    lines = [f"# {title}", ""] if title else []
    heading, number = "", 0
    for draft in drafts:
        if draft.kind_word != heading:
            heading, number = draft.kind_word, 0
            lines += [f"## {heading}", ""]
        number += 1
        lines += [f"{number}. {_continued(draft.stem)}", *_rest(draft), ""]
    return "\n".join(lines)


def _rest(draft: Draft) -> Iterable[str]:
    if draft.kind != "judge":
        for letter, option in zip(LETTERS, draft.options, strict=False):
            yield f"{letter}. {_continued(option)}"
    if draft.key:
        yield f"答案：{labels.answer_text(draft)}"
    for citation in draft.citations:
        yield f"依据：{labels.citation_text(citation)}"
    if draft.explanation:
        yield f"解析：{_continued(draft.explanation)}"
    yield f"难度：{draft.difficulty}"
    if draft.code:
        yield f"编号：{draft.code}"
    yield f"用途：{labels.uses_text(draft.uses)}"
    if draft.tags:
        yield f"标签：{'、'.join(draft.tags)}"


def _continued(text: str) -> str:
    """Further lines are indented by two blanks; empty ones stay empty."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"  {line}" if line else "" for line in rest)])
