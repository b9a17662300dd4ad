"""Where the options of a question stand: one a line, several a line, run on without a separator, letters lost.

Letters must run A, B, C …; where they do not, the text stays whole and that is said (rule 3). A letter at the start
of a line counts more than one inside a line, so that "B." inside option A does not end it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.bank.formats.freetext.lost_letters import (
    LETTERS,
    restore_all,
    restore_between,
    restore_first,
    restore_last,
)
from quizapp.bank.formats.freetext.normalise import Line
from quizapp.bank.formats.freetext.paper import FoundOptions, Option

_STYLES = {
    "dotted": re.compile(
        r"(?<![A-Za-z.])([A-K]) ?[.、:] ?(?:\1 ?[.、:] ?)?"  # A. A、 B.B.
        r"|(?:(?<= )|(?<!.))([a-k]) ?[.、:] ?"
        r"|(?<!.)([A-K])(?: +(?=[^ A-K])|(?=[\u4e00-\u9fff《“]))"  # A由……, only where a line starts
    ),
    "bracketed": re.compile(r"\(([A-K])\) ?[.、:]? ?|(?<![A-Za-z(])([A-K])\) ?"),
    "bare": re.compile(r"(?:(?<!.)|(?<= ))([A-K]) {0,3}(?=[\u4e00-\u9fff《“\d])"),
    "run on": re.compile(r"(?:(?<!.)|(?<=[\u4e00-\u9fff》”]))([A-K])(?=[\u4e00-\u9fff《“])"),
    "circled": re.compile(r"([①-⑩]) ?[.、:]? ?"),
}
_OPENS = re.compile(r"[A-Ka-k] ?[.、:)]|\([A-K]\)|[A-K] ?[\u4e00-\u9fff《“]")
_FIRST_OPENS = re.compile(r"[Aa] ?[.、:)]|\(A\)|A ?[\u4e00-\u9fff《“]")


@dataclass(slots=True)
class _Mark:
    row: int  # index of the line
    start: int
    end: int
    letter: str

    @property
    def at_start(self) -> bool:
        return self.start == 0


def opens_option(shadow: str) -> bool:
    """Whether a line starts as an option does."""
    return bool(_OPENS.match(shadow))


def opens_first_option(shadow: str) -> bool:
    return bool(_FIRST_OPENS.match(shadow))


def find_options(lines: Sequence[Line], highest: int, *, wanted: bool) -> FoundOptions:
    """The options among these lines of a question.

    highest: the place of the highest letter of the answer (C is 3), 0 when unknown. wanted: a kind with options.
    """
    best: list[_Mark] = []
    of_best: list[_Mark] = []
    for style in _STYLES:
        if len(best) > 1 or (style == "circled" and not wanted):
            break
        marks = list(_marks(lines, style))
        run = _run(marks)
        if _is_run(run, style) and len(run) > len(best):
            best, of_best = run, marks
    if best:
        found = _cut(lines, best, highest)
        _tell_unused(found, of_best, best, lines)
        return found
    found = FoundOptions(list(lines))
    if wanted and highest:
        restore_all(found, highest)
    return found


def _is_run(run: Sequence[_Mark], style: str) -> bool:
    if not run or (run[0].letter != "A" and not run[0].at_start):
        return False
    if style == "run on":  # A公司与B公司 is one option
        return len(run) > 2 and run[0].at_start
    return len(run) > 1 or (run[0].at_start and style in ("dotted", "bracketed"))


def _marks(lines: Sequence[Line], style: str) -> Iterator[_Mark]:
    pattern = _STYLES[style]
    for row, line in enumerate(lines):
        for mark in pattern.finditer(line.shadow):
            letter = next(group for group in mark.groups() if group)
            if style == "circled":
                letter = LETTERS["①②③④⑤⑥⑦⑧⑨⑩".index(letter)]
            yield _Mark(row, mark.start(), mark.end(), letter.upper())


def _run(marks: Sequence[_Mark]) -> list[_Mark]:
    """The marks that run A, B, C …, as far as they go. A lost letter leaves a hole that `_cut` looks at."""
    places: dict[str, list[int]] = {}
    for place, mark in enumerate(marks):
        places.setdefault(mark.letter, []).append(place)
    run: list[_Mark] = []
    at = -1
    for letter in LETTERS:
        if at + 1 == len(marks):
            break
        found = _next(marks, places, letter, at) if letter in places else None
        if found is not None:
            run.append(marks[found])
            at = found
    return run


def _next(marks: Sequence[_Mark], places: dict[str, list[int]], letter: str, after: int) -> int | None:
    """The mark of this letter behind a place: the first, or one at a line's start before any later letter's."""
    following = [place for place in places[letter] if place > after]
    if not following:
        return None
    first = following[0]
    later = LETTERS[LETTERS.index(letter) + 1 :]
    others = (
        place for name in later for place in places.get(name, ()) if place > after and marks[place].at_start
    )
    fence = min(others, default=len(marks))
    at_start = next((place for place in following if marks[place].at_start), None)
    if marks[first].at_start:
        return first
    if at_start is not None and at_start < fence:
        return at_start
    if letter == "A":  # the last (A) before B: an earlier one is the answer in the stem
        b = next((place for place in places.get("B", ()) if place > first), None)
        return None if b is None else max(place for place in following if place < b)
    if first > fence:
        return None
    before = marks[after] if after >= 0 else None
    glued = before is not None and before.row == marks[first].row and before.end >= marks[first].start
    return (following[1] if len(following) > 1 else None) if glued else first


def _cut(lines: Sequence[Line], run: Sequence[_Mark], highest: int) -> FoundOptions:
    found = FoundOptions([])
    first = run[0]
    head = [*lines[: first.row], *([lines[first.row].cut(0, first.start)] if first.start else [])]
    if first.letter != "A":
        restore_first(found, head, first.letter, first.start > 0)
        if not found.options:
            return FoundOptions(list(lines), doubts=found.doubts)
    else:
        found.stem = head
    unseparated = False
    for place, mark in enumerate(run):
        stop = run[place + 1] if place + 1 < len(run) else _Mark(len(lines), 0, 0, "")
        own = _between(lines, mark, stop)
        unseparated = unseparated or _is_unseparated(lines[mark.row], mark)
        missing = LETTERS.index(mark.letter) - len(found.options)
        if missing and not restore_between(found, missing):
            _stay_whole(found, mark, lines)
            rest = _between(lines, _Mark(mark.row, mark.start, mark.start, ""), _Mark(len(lines), 0, 0, ""))
            found.options[-1].lines += rest
            return found
        found.options.append(Option(mark.letter, own))
    if unseparated:
        said = "选项之间没有空格或标点，按字母分开，请核对。"
        found.doubts.append((lines[first.row].number, "选项", said, "warning"))
    restore_last(found, highest)
    return found


def _between(lines: Sequence[Line], mark: _Mark, stop: _Mark) -> list[Line]:
    """The lines from behind a mark to the next."""
    if mark.row == stop.row:
        own = [_trimmed(lines[mark.row].cut(mark.end, stop.start))]
    else:
        own = [lines[mark.row].cut(mark.end), *lines[mark.row + 1 : stop.row]]
        if stop.start:
            own.append(_trimmed(lines[stop.row].cut(0, stop.start)))
    return [own[0], *(line for line in own[1:] if line.shadow)] if own else []


def _trimmed(line: Line) -> Line:
    """Without the ； or | that joins it to the next option of the line."""
    return line.cut(0, len(line.shadow.rstrip(" ;|")))


def _is_unseparated(line: Line, mark: _Mark) -> bool:
    return mark.start > 0 and line.shadow[mark.start - 1] not in " ;|)。?,、:" and mark.letter != "A"


def _tell_unused(
    found: FoundOptions, marks: Sequence[_Mark], run: Sequence[_Mark], lines: Sequence[Line]
) -> None:
    """A line that starts as an option does and was not taken for one."""
    if not found.options or any(column == "选项" and hard == "error" for _, column, _, hard in found.doubts):
        return
    used = {id(mark) for mark in run}
    for mark in marks:
        if mark.at_start and mark.row >= run[0].row and id(mark) not in used:
            said = f"“{lines[mark.row].text[:20]}”的字母与前后不连续，没有当作选项。"
            found.doubts.append((lines[mark.row].number, "选项", said, "error"))


def _stay_whole(found: FoundOptions, mark: _Mark, lines: Sequence[Line]) -> None:
    before = found.options[-1].letter
    said = f"选项字母不连续，{before}之后是{mark.letter}，其后的文字没有分开。"
    found.doubts.append((lines[mark.row].number, "选项", said, "error"))
