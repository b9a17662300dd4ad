"""Aiken: a stem of one line, lettered options, the answer. Nothing else has a place in it.

涉及两个机关、单位的信访事项，由其（　　）。
A. 协商受理
B. 分别受理
ANSWER: A

Sources: docs.moodle.org "Aiken format"; Chamilo's importer for the lines behind the answer. Moodle itself reads only
the first letter of "ANSWER: A, C", so sets with multiple choices go to Moodle as GIFT or XML.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.bank import labels
from quizapp.bank.drafts import JUDGE_OPTIONS, Draft, Problem, Reading, tidied, tidy
from quizapp.spreadsheets import decode

# A multiple choice of one right letter comes back as a single choice: nothing in the format tells them apart.
CARRIES = frozenset(("stem", "options", "key"))
PLACES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OPTION = re.compile(r"[(（]?([A-Za-z])[ \t]*[.)．）、][ \t]*(.*)")
_ANSWER = re.compile(r"(?:ANSWERS?|答案|正确答案)[ \t]*[:：][ \t]*(.*)", re.IGNORECASE)
_AFTER = re.compile(r"(ANSWER_EXPLANATION|解析|TAGS|标签|SCORE|分值|DESCRIPTION)[ \t]*[:：][ \t]*(.*)")
_TRUE_OR_FALSE = {"TRUE": "A", "T": "A", "FALSE": "B", "F": "B"}
_LINE_BREAK = " \u2028"  # one line to Aiken, and a line break to whoever knows Unicode, as `tidy` does
_GUARD = "\u2060"  # seen by nobody and dropped by `tidy`: a stem that begins like an option begins with it


@dataclass
class _Entry:
    """A question as its lines come."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[int, str, list[str]]] = field(default_factory=list)  # line, letter, its lines
    answer: tuple[int, str] | None = None
    after: list[tuple[int, str, str]] = field(default_factory=list)  # line, label, words
    problems: list[Problem] = field(default_factory=list)


def read(data: bytes, file_name: str) -> Reading:
    """All questions of a file in UTF-8, GB18030 or UTF-16. Raises Refused when it is no text."""
    reader = _Reader(file_name)
    text = decode(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for count, line in enumerate(text.split("\n"), 1):
        reader.take(line.strip(), count)
    reader.close()
    return reader.reading


class _Reader:
    def __init__(self, source: str) -> None:
        self.reading = Reading()
        self._source = source
        self._entry: _Entry | None = None
        self._apart = False  # a blank line stands before this one

    def take(self, line: str, count: int) -> None:
        if not line:
            self._apart = True
            return
        if answer := _ANSWER.fullmatch(line):
            self._answer(answer[1], line, count)
        elif option := _OPTION.fullmatch(line):
            self._option(option[1].upper(), option[2], line, count)
        elif self._entry and self._entry.answer and (label := _AFTER.fullmatch(line)):
            self._entry.after.append((count, label[1], label[2]))
        else:
            self._words(line, count)
        self._apart = False

    def close(self) -> None:
        """Make the question of what was gathered."""
        if self._entry is not None:
            self.reading.drafts.append(_draft(self._entry, self._source))
        self._entry = None

    def _answer(self, words: str, line: str, count: int) -> None:
        if self._entry is None or self._entry.answer:
            self._homeless(line, count)
        else:
            self._entry.answer = (count, words)

    def _option(self, letter: str, words: str, line: str, count: int) -> None:
        if self._entry is None or self._entry.answer:
            self._homeless(line, count)
        else:
            self._entry.options.append((count, letter, [words]))

    def _words(self, line: str, count: int) -> None:
        """Words open a question, or go on with the stem or option right above them."""
        entry = self._entry
        if entry is None or entry.answer or self._apart:
            self.close()
            self._entry = _Entry(count, [line])
        elif entry.options:
            entry.options[-1][2].append(line)
            letter = entry.options[-1][1]
            said = f"“{line[:20]}”按选项{letter}的续行读入；如果是另一道题，请在前面空一行。"
            entry.problems.append(Problem(count, f"选项{letter}", said, "warning", self._source))
        else:
            entry.stem.append(line)

    def _homeless(self, line: str, count: int) -> None:
        said = f"“{line[:30]}”前面没有题干，没有读入。"
        self.reading.problems.append(Problem(count, "未识别的文字", said, source=self._source))


def _draft(entry: _Entry, source: str) -> Draft:
    draft = Draft(line=entry.line, source=source, stem="\n".join(entry.stem), problems=entry.problems)
    draft.options = ["\n".join(lines) for _, _, lines in entry.options]
    draft.places = {f"选项{letter}": line for line, letter, _ in entry.options}
    _check_letters(draft, entry)
    _read_answer(draft, entry)
    for line, label, words in entry.after:
        _read_after(draft, line, label, words)
    return tidied(draft)


def _say(draft: Draft, line: int, column: str, message: str, severity: str = "error") -> None:
    draft.problems.append(Problem(line, column, message, severity, draft.source))


def _check_letters(draft: Draft, entry: _Entry) -> None:
    for (line, letter, _), expected in zip(entry.options, PLACES, strict=False):
        if letter != expected:
            said = f"选项字母不连续，此处应当是选项{expected}。"
            _say(draft, line, f"选项{letter}", said)
            return


def _read_answer(draft: Draft, entry: _Entry) -> None:
    """Letters make a single or multiple choice by their number; two options 正确 and 错误 make a judgement."""
    line, words = entry.answer or (draft.line, "")
    if not entry.answer:
        said = "没有以“ANSWER:”开头的答案行。"
        _say(draft, draft.line, "答案", said)
    draft.places["答案"] = line
    verdicts = [_verdict(option) for option in draft.options]
    judged = sorted(verdicts) == ["A", "B"]
    letters = labels.key_of(words.strip("()（） "), "single")
    if letters is None and judged and _verdict(words):
        letters = "AB"[verdicts.index(_verdict(words))]
    if letters is None and entry.answer:
        _say(draft, line, "答案", f"答案“{words[:20]}”不能识别，应当填选项字母，如C或A, C。")
    draft.key = letters or ""
    draft.kind = "multiple" if len(draft.key) > 1 else "single"
    if judged and draft.key in ("A", "B"):
        draft.kind, draft.options, draft.key = "judge", list(JUDGE_OPTIONS), verdicts["AB".index(draft.key)]


def _verdict(words: str) -> str:
    """A for 正确, True, √ and the like, B for their opposites, "" for other words."""
    words = tidy(words).upper()
    return _TRUE_OR_FALSE.get(words) or ("" if words in ("A", "B") else labels.key_of(words, "judge") or "")


def _read_after(draft: Draft, line: int, label: str, words: str) -> None:
    if label in ("ANSWER_EXPLANATION", "解析"):
        draft.explanation = f"{draft.explanation}\n{words}"
    elif label in ("TAGS", "标签"):
        draft.tags += labels.tags_of(words)
    else:
        _say(draft, line, label, f"“{label}：{words[:20]}”没有读入。", "warning")


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Sequence[Draft], title: str = "") -> bytes:
    """UTF-8. The format has no place for a title, an explanation, a citation or any label."""
    return "\n".join("\n".join(_lines(draft)) + "\n" for draft in drafts).encode()


def _lines(draft: Draft) -> Iterator[str]:
    stem = draft.stem.replace("\n", _LINE_BREAK)
    special = any(pattern.match(stem) for pattern in (_OPTION, _ANSWER, _AFTER))
    yield _GUARD + stem if special else stem
    for letter, option in zip(PLACES, draft.options, strict=False):
        yield f"{letter}. {option.replace(chr(10), _LINE_BREAK)}"
    yield f"ANSWER: {', '.join(draft.key)}"
