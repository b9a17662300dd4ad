"""The paper that `text.write` makes when a question's own words look like marks: read line by line, nothing guessed.

It looks like any other paper. A note at its head says that indented lines go on with the line above; under the note
a mark counts only at the start of a line that is not indented, and the words behind it are taken as they are.
"""

import re

from quizapp.bank import labels
from quizapp.bank.drafts import JUDGE_OPTIONS, Draft, Problem, Reading, tidied
from quizapp.bank.formats.freetext import marks

NOTE = "说明：本卷按原文逐行读入，行首空两格的文字接上一行。"
_WITHIN = 10  # lines: the note stands at the head
_HEADING = re.compile(r"[一二三四五六七八九十百千零]{1,7}、(\S+)")
_MARK = re.compile(r"(\d{1,6})\. ?(.*)|([A-H])\. ?(.*)|(答案|依据|解析|难度|编号|用途|标签)：(.*)")


def is_exact(text: str) -> bool:
    """Whether the note stands at the head of the text."""
    return NOTE in text[:2000] and any(line.strip() == NOTE for line in text.split("\n", _WITHIN)[:_WITHIN])


def continued(text: str) -> str:
    """A text of several lines: from the second on indented by two blanks; empty ones stay empty."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"  {line}" if line else "" for line in rest)])


def read_text(text: str, source: str) -> Reading:
    """The questions under the note. A line that is no mark and not indented is told."""
    reader = _Reader(source)
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        reader.take(line.rstrip(" \r"), number)
    reader.close()
    return reader.reading


class _Reader:
    def __init__(self, source: str) -> None:
        self.reading = Reading()
        self._source = source
        self._kind = marks.Kind()
        self._parts: list[tuple[str, int, list[str]]] = []
        self._blanks = 0

    def take(self, line: str, number: int) -> None:
        if not line.strip():
            self._blanks += 1
            return
        blanks, self._blanks = self._blanks, 0
        if line.startswith("  ") and self._parts:
            self._parts[-1][2].extend([*[""] * blanks, line[2:]])
        elif found := _HEADING.fullmatch(line):
            self.close()
            self._kind = marks.kind_named(found[1]) or marks.Kind()
            if not self._kind.name:
                self._tell(number, "题型", f"不能识别题型标题“{line[:20]}”。")
        elif mark := _MARK.fullmatch(line):
            self._open(mark, number)
        elif line != NOTE and not line.startswith("#"):
            said = f"“{line[:30]}”不能识别，没有读入。续行应当在行首空两格。"
            self._tell(number, "未识别的文字", said)

    def _tell(self, number: int, column: str, message: str) -> None:
        self.reading.problems.append(Problem(number, column, message, "error", self._source))

    def _open(self, mark: re.Match[str], number: int) -> None:
        if mark[1]:
            self.close()
            self._parts = [("题干", number, [mark[2]])]
        elif self._parts:
            self._parts.append((mark[3] or mark[5], number, [mark[4] if mark[3] else mark[6]]))
        else:
            self._tell(number, "未识别的文字", f"“{mark[0][:30]}”之前没有题号，没有读入。")

    def close(self) -> None:
        parts, self._parts = self._parts, []
        if not parts:
            return
        draft = Draft(
            self._kind.name, any_number=self._kind.any_number, line=parts[0][1], source=self._source
        )
        if draft.kind == "judge":
            draft.options = list(JUDGE_OPTIONS)
        for name, number, lines in parts:
            _put(draft, name, number, "\n".join(lines))
        self.reading.drafts.append(tidied(draft))


def _put(draft: Draft, name: str, number: int, text: str) -> None:
    """One part into its field; what says nothing to its label is told."""
    draft.places.setdefault(f"选项{name}" if len(name) == 1 else name, number)
    value: object = text
    if name == "答案":
        value = draft.key = labels.key_of(text, draft.kind) or ""
    elif name == "依据":
        value = citation = labels.citation_of(text)
        draft.citations += [citation] if citation else []
    elif name == "难度":
        value = labels.difficulty_of(text)
        draft.difficulty = value or draft.difficulty
    elif name == "用途":
        value = labels.uses_of(text)
        draft.uses = value or draft.uses
    elif name == "标签":
        draft.tags = labels.tags_of(text)
    elif len(name) == 1:
        draft.options.append(text)
    else:
        field = {"题干": "stem", "解析": "explanation", "编号": "code"}[name]
        value = not getattr(draft, field)
        setattr(draft, field, text)
    if not value:
        draft.problems.append(Problem(number, name, f"{name}“{text[:20]}”不能识别。", source=draft.source))
