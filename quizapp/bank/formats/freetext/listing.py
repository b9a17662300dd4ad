"""Lists of answers in a paper: below 参考答案, below their section, or between. `answer_lists` says whose they are."""

import re
from collections.abc import Iterable, Sequence

from quizapp.bank.drafts import Problem
from quizapp.bank.formats.freetext import answers, marks
from quizapp.bank.formats.freetext.answers import BadRange, Listed
from quizapp.bank.formats.freetext.marks import Kind
from quizapp.bank.formats.freetext.normalise import Line
from quizapp.bank.formats.freetext.paper import EXPLAINING, AnswerGroup, Field, Gathered

_MAY_BEGIN = re.compile(r"[(\[|]? ?[\d题序答正参标一二三四五六七八九十单多判不选]")
_ORDINAL = re.compile(r"[一二三四五六七八九十]{1,3}[、.] ?")
_ANSWERS = re.compile(r"\[?(?:正确|参考|标准)?答案\]?[: ]{0,3}")


class Listing:
    """Takes the lines that are lists of answers. under_heading: whether 参考答案 stands above."""

    def __init__(self, out: Gathered) -> None:
        self.under_heading = False
        self._out = out
        self._group: AnswerGroup | None = None
        self._item = 0  # the number of the listed answer whose explanation may go on
        self._columns: list[str] = []  # numbers of a row 题号

    @property
    def explains(self) -> bool:
        """Whether a number here belongs to the explanation of a listed answer."""
        return self.under_heading and bool(self._item)

    def leave(self) -> None:
        """A question begins."""
        self.under_heading, self._item = False, 0

    def take(self, line: Line, explaining: bool) -> bool:
        """1.B 2.A, 1-5 ABCDA, 2.【答案】B。解析：…, a table 题号/答案; whatever follows an answer of the list.

        explaining: the line stands below an explanation, where 1.正确 is a remark on an option.
        """
        if not (self._out.sections or self.under_heading):
            return False
        if not (self._item or _MAY_BEGIN.match(line.shadow)):
            return False
        if explaining and not self.under_heading:
            return self._take_list(line, fewest=2) or self._take_row(line)
        return self._take_list(line) or self._take_row(line) or self._take_item(line)

    def _take_list(self, line: Line, fewest: int = 1) -> bool:
        shadow = line.shadow
        heading = marks.heading_of(shadow)
        before = _ANSWERS.match(shadow) or _ORDINAL.match(shadow)
        start = heading.tail if heading else before.end() if before else 0
        start += len(shadow[start:]) - len(shadow[start:].lstrip(" :。、"))
        listed = answers.listed_in(line, start)
        if (
            not listed
            or len(listed) < fewest
            or not (self.under_heading or len(listed) > 1 or self._fits(listed[0]))
        ):
            return False
        self._add(line, listed, heading.kind if heading else None, fresh=start > 0)
        return True

    def _take_item(self, line: Line) -> bool:
        item = answers.item_at(line, in_list=self.under_heading)
        if item and (self.under_heading or self._fits(item[0])):
            self._add(line, [item[0]], None)
            self._item = item[0].number
            self._explain(line.cut(item[1]))
            return True
        if self._item and self._goes_on(line):
            self._explain(line)
            return True
        return False

    def _fits(self, item: Listed | BadRange) -> bool:
        """Outside 参考答案 an answer must have a question above it, so that 3.对 opens none but ends the questions."""
        if isinstance(item, BadRange):
            return True
        sections = self._out.sections[-3:]
        return any(block.number == item.number for section in sections for block in section.blocks)

    def _goes_on(self, line: Line) -> bool:
        if marks.is_answers_heading(line.shadow) or marks.is_chapter(line.shadow):
            return False
        heading = marks.heading_of(line.shadow)
        if heading and marks.is_heading(line.shadow, heading):
            return False
        return self.under_heading or marks.number_at(line.shadow) is None

    def _take_row(self, line: Line) -> bool:
        row = answers.table_row(line)
        if row is None:
            return False
        name, cells = row
        if name == "题号":
            self._columns = cells
            self.under_heading = self.under_heading or not cells
            return True
        columns, self._columns = self._columns, []
        if not columns:
            return False
        if len(columns) != len(cells):
            said = f"题号有{len(columns)}个，答案有{len(cells)}个，没有对应。"
            self._out.problems.append(Problem(line.number, "答案", said))
            return True
        pairs = zip(columns, cells, strict=True)
        listed = [Listed(int(n), answers.answer_of(cell, line.number, "文末答案")) for n, cell in pairs]
        self._add(line, listed, None)
        return True

    def open_group(self, line: Line, kind: Kind) -> AnswerGroup:
        """The list that begins at this line. kind: of the questions it answers, if it says so."""
        self._item = 0
        self._group = AnswerGroup(kind, line.number, line.number, len(self._out.sections))
        self._out.groups.append(self._group)
        return self._group

    def _add(
        self, line: Line, listed: Sequence[Listed | BadRange], kind: Kind | None, *, fresh: bool = False
    ) -> None:
        """Add answers to the group; numbers that start again open a new one."""
        self._item = 0
        group = self._group
        if group is None or group.after != len(self._out.sections) or (fresh and group.items) or kind:
            group = self.open_group(line, kind or Kind())
        for item in listed:
            group.last = line.number
            if isinstance(item, BadRange):
                group.bad.append(item)
                continue
            if group.items and item.number <= group.items[-1].number:
                group = self.open_group(line, Kind())
            group.items.append(item)

    def _explain(self, line: Line) -> None:
        """A line that goes on with a listed answer; without a label it is an explanation."""
        if not line.shadow or self._group is None:
            return
        self._group.last = line.number
        fields = self._group.fields.setdefault(self._item, [])
        if label := marks.label_at(line.shadow):
            fields.append(Field(label.name, [line.cut(label.end)], line.number))
        elif fields and fields[-1].name in EXPLAINING:
            fields[-1].lines.append(line)
        else:
            fields.append(Field("续" if fields else "解析", [line], line.number))


def follow(lines: Iterable[Line]) -> bool:
    """Whether answers with numbers stand in the next lines, a heading of a section between."""
    for line in lines:
        if answers.listed_in(line) or answers.table_row(line) or answers.item_at(line, in_list=True):
            return True
        heading = marks.heading_of(line.shadow)
        if heading and (tail := line.cut(heading.tail)).shadow and answers.listed_in(tail.cut(1)):
            return True
        if not (heading and marks.is_heading(line.shadow, heading)) and not marks.is_chapter(line.shadow):
            return False
    return False
