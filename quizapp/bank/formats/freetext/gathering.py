"""Lines to questions: which number opens one, which line goes on, which list of answers belongs to which section.

Numbers run on within a section, so `1.` inside an explanation, `第1条` or the start of a wrapped line opens nothing
(rule 2). Where a number could be either, the lines below it decide: options, a blank or an answer speak for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizapp.bank.drafts import Problem
from quizapp.bank.formats.freetext import answers, marks
from quizapp.bank.formats.freetext.answers import Answer, BadRange, Listed
from quizapp.bank.formats.freetext.marks import Kind, Number
from quizapp.bank.formats.freetext.normalise import Line
from quizapp.bank.formats.freetext.options import opens_first_option, opens_option

LOOK_AHEAD = 12  # lines in which a doubtful number must show that it opens a question
_DONE = r"(?:^|[ ;])[A-D] ?[.、:)]|\([A-H√×]\)|答案|\( {0,20}(?:[A-H]{1,8}|[√×对错]|正确|错误) {0,20}\)|[√×]$"
_IS_DONE = re.compile(_DONE)
_EVIDENCE = re.compile(rf"{_DONE}|\( {{0,20}}\)|__")
_WORDS_FOLLOW = re.compile(r"[一-鿿《“(\d]")
_MAY_LIST = re.compile(r"[(\[|]? ?[\d题序答正参标一二三四五六七八九十单多判不选]")
_ORDINAL = re.compile(r"[一二三四五六七八九十]{1,3}[、.] ?")
_HAS_OPTION = re.compile(r"[B-H] ?[.、:)]")
_BARE_ANSWERS = re.compile(r"\[?(?:正确|参考|标准)?答案\]?[: ]{0,2}")
WINDOW = 4000  # characters of one line in which the next mark is looked for; a question is shorter


@dataclass(slots=True)
class Field:
    """A label with its lines. name: of marks.LABELS, or 续 for text behind an answer that has no label."""

    name: str
    lines: list[Line]
    line: int


@dataclass(slots=True)
class Block:
    """One question as it was found. body: the lines of stem and options; listed: its answer in a list elsewhere."""

    number: int
    line: int
    kind: Kind
    body: list[Line] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    doubts: list[tuple[int, str, str, str]] = field(default_factory=list)
    lead: Answer | None = None  # （√） before the number
    listed: Answer | None = None
    listed_fields: list[Field] = field(default_factory=list)  # what the list says besides: 解析, 依据
    tagged: bool = False  # the kind stands in the question itself
    done: bool = False  # an option, an answer or a label was seen: another question may begin
    late_options: bool = False  # the options stand behind the answer


@dataclass(slots=True)
class Rest:
    """What is left of a line: a label with its words, or a number that opens the next question."""

    line: Line
    label: marks.Label | None


@dataclass(slots=True)
class Section:
    """Questions whose numbers run on. line: of its heading or first question."""

    kind: Kind
    line: int
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class AnswerGroup:
    """Answers that stand together, from line to last. after: how many sections stand above them."""

    kind: Kind
    line: int
    last: int
    after: int
    items: list[Listed] = field(default_factory=list)
    fields: dict[int, list[Field]] = field(default_factory=dict)  # by number
    bad: list[BadRange] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    sections: list[Section] = field(default_factory=list)
    groups: list[AnswerGroup] = field(default_factory=list)
    unread: list[Line] = field(default_factory=list)
    titles: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def gather(lines: Sequence[Line]) -> Gathered:
    """Put the lines of a paper together. Every line ends in a question, a list of answers, unread or titles."""
    gatherer = _Gatherer(lines)
    for place, line in enumerate(lines):
        gatherer.take(place, line)
    return gatherer.out


class _Gatherer:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.out = Gathered()
        self._lines = lines
        self._kind = Kind()
        self._section: Section | None = None  # None: the next question opens one
        self._section_line = 0
        self._block: Block | None = None
        self._last = 0  # number of the question before, in this section
        self._style = ""
        self._list_next = 0  # the number that would go on with a list inside an explanation or stem
        self._in_answers = False  # below a heading 参考答案
        self._group: AnswerGroup | None = None
        self._item = 0  # the number of the listed answer whose explanation may go on
        self._columns: list[str] = []  # numbers of a row 题号

    def take(self, place: int, line: Line) -> None:
        rest = self._take_start(place, line)
        while rest is not None:
            rest = self._take_rest(rest)

    def _take_start(self, place: int, line: Line) -> Rest | None:
        shadow = line.shadow
        if shadow[0] == "#" and self._take_title(line):
            return None
        if _MAY_LIST.match(shadow) or self._item:
            if (self.out.sections or self._in_answers) and self._take_listed(line):
                return None
        if self._take_heading(place, line):
            return None
        number = marks.number_at(shadow)
        if number and not (self._in_answers and self._item) and self._opens(place, line, number):
            return self._open(line, number)
        if label := marks.label_at(shadow):
            return self._take_label(line, label)
        return self._take_text(line, number)

    def _take_rest(self, rest: Rest) -> Rest | None:
        if rest.label is not None:
            return self._take_label(rest.line, rest.label)
        number = marks.number_at(rest.line.shadow)
        if number is None:  # it was one where it was found; kept for a text that surprises
            return self._take_text(rest.line, None)
        more = self._open(rest.line, number)
        said = f"题号{number.value}接在上一题的文字之后，按新题读入，请核对。"
        self.out.sections[-1].blocks[-1].doubts.append((rest.line.number, "题号", said, "warning"))
        return more

    # Titles and headings

    def _take_title(self, line: Line) -> bool:
        """`# ` is the title of a file in markdown; a heading of a lower rank that names a kind is a section's."""
        if marks.heading_of(line.shadow):
            return False
        if line.shadow.startswith("##"):
            self.out.titles.append(line)
            self._section = None
        self._close()
        return True

    def _take_heading(self, place: int, line: Line) -> bool:
        shadow = line.shadow
        if marks.is_summary(shadow):
            self.out.titles.append(line)
            return True
        heading = marks.heading_of(shadow)
        if heading and marks.is_heading(shadow, heading):
            if self._in_answers and self._answers_follow(place):
                self._open_group(line, heading.kind)
            else:
                self._open_section(line, heading.kind)
            return True
        if "答案" in shadow and self._is_answers_heading(place, line):
            self._in_answers = True
            found = marks.heading_of(shadow)
            self._open_group(line, found.kind if found else Kind())
            return True
        if marks.is_chapter(shadow):
            self.out.titles.append(line)
            if self._in_answers:
                self._open_group(line, Kind())
            else:
                self._close()
                self._section = None
            return True
        return False

    def _open_section(self, line: Line, kind: Kind) -> None:
        self._close()
        self._in_answers = False
        self._kind, self._section, self._section_line = kind, None, line.number
        if kind.name == "other":
            said = f"不能识别题型标题“{line.text[:20]}”，可以用：单选题、多选题、不定项选择题、判断题。"
            self.out.problems.append(Problem(line.number, "题型", said))

    def _is_answers_heading(self, place: int, line: Line) -> bool:
        if not marks.is_answers_heading(line.shadow):
            return False
        bare = _BARE_ANSWERS.fullmatch(line.shadow)
        return self._answers_follow(place) if bare or not self.out.sections else True

    def _answers_follow(self, place: int) -> bool:
        """Whether answers with numbers stand in the next lines, a heading of a section between."""
        for line in self._lines[place + 1 : place + 4]:
            if answers.listed_in(line) or answers.table_row(line) or answers.item_at(line, in_list=True):
                return True
            heading = marks.heading_of(line.shadow)
            if heading and (tail := line.cut(heading.tail)).shadow and answers.listed_in(tail.cut(1)):
                return True
            if not (heading and marks.is_heading(line.shadow, heading)) and not marks.is_chapter(line.shadow):
                return False
        return False

    # Lists of answers

    def _take_listed(self, line: Line) -> bool:
        """1.B 2.A, 1-5 ABCDA, 2.【答案】B。解析：…, a table 题号/答案; whatever follows an answer of the list."""
        shadow = line.shadow
        start = 0
        kind = Kind()
        heading = marks.heading_of(shadow)
        if heading:
            start, kind = heading.tail, heading.kind
        elif label := marks.label_at(shadow):
            start = label.end if label.name == "答案" else 0
        elif chapter := _ORDINAL.match(shadow):
            start = chapter.end()
        listed = answers.listed_in(line, start + len(shadow[start:]) - len(shadow[start:].lstrip(" :。、")))
        if listed and (self._in_answers or len(listed) > 1 or self._item_fits(listed[0])):
            self._add(line, listed, kind if start and heading else None, fresh=bool(start))
            return True
        if (row := answers.table_row(line)) and self._take_row(line, row):
            return True
        item = answers.item_at(line, in_list=self._in_answers)
        if item and (self._in_answers or self._item_fits(item[0])):
            self._add(line, [item[0]], None)
            self._item = item[0].number
            self._explain(line.cut(item[1]))
            return True
        if self._item and self._goes_on_explaining(line):
            self._explain(line)
            return True
        return False

    def _item_fits(self, item: Listed | BadRange) -> bool:
        """Outside 参考答案 an answer must have a question above it, so that 3.对 opens none but ends the questions."""
        if isinstance(item, BadRange):
            return True
        sections = self.out.sections[-3:]
        return any(block.number == item.number for section in sections for block in section.blocks)

    def _goes_on_explaining(self, line: Line) -> bool:
        if marks.is_answers_heading(line.shadow) or marks.is_chapter(line.shadow):
            return False
        heading = marks.heading_of(line.shadow)
        if heading and marks.is_heading(line.shadow, heading):
            return False
        return self._in_answers or marks.number_at(line.shadow) is None

    def _take_row(self, line: Line, row: tuple[str, list[str]]) -> bool:
        name, cells = row
        if name == "题号":
            self._columns = cells
            self._in_answers = self._in_answers or not cells
            return True
        columns, self._columns = self._columns, []
        if not columns:
            return False
        if len(columns) != len(cells):
            said = f"题号有{len(columns)}个，答案有{len(cells)}个，没有对应。"
            self.out.problems.append(Problem(line.number, "答案", said))
            return True
        pairs = zip(columns, cells, strict=True)
        self._add(
            line, [Listed(int(n), answers.answer_of(c, line.number, "文末答案")) for n, c in pairs], None
        )
        return True

    def _open_group(self, line: Line, kind: Kind) -> AnswerGroup:
        self._close()
        self._item = 0
        self._group = AnswerGroup(kind, line.number, line.number, len(self.out.sections))
        self.out.groups.append(self._group)
        return self._group

    def _add(
        self, line: Line, listed: Sequence[Listed | BadRange], kind: Kind | None, *, fresh: bool = False
    ) -> None:
        """Add answers to the group; numbers that start again open a new one."""
        self._close()
        self._item = 0
        group = self._group
        if group is None or group.after != len(self.out.sections) or (fresh and group.items) or kind:
            group = self._open_group(line, kind or Kind())
        for item in listed:
            group.last = line.number
            if isinstance(item, BadRange):
                group.bad.append(item)
                continue
            if group.items and item.number <= group.items[-1].number:
                group = self._open_group(line, Kind())
            group.items.append(item)

    def _explain(self, line: Line) -> None:
        """A line that goes on with a listed answer; without a label it is an explanation."""
        if not line.shadow or self._group is None:
            return
        self._group.last = line.number
        fields = self._group.fields.setdefault(self._item, [])
        if label := marks.label_at(line.shadow):
            fields.append(Field(label.name, [line.cut(label.end)], line.number))
        elif fields and fields[-1].name in (*marks.EXPLAINING, "续"):
            fields[-1].lines.append(line)
        else:
            fields.append(Field("续" if fields else "解析", [line], line.number))

    # Questions

    def _opens(self, place: int, line: Line, number: Number) -> bool:
        """Whether this number opens a question, or belongs to the text around it."""
        n, last, block = number.value, self._last, self._block
        if self._section is None and block is None:
            return number.sure or n in (1, last + 1) or self._shows(place, number)
        same = number.style == self._style
        free = block is None or (block.done and not self._is_explaining())
        if n == last + 1:
            if self._list_next == n or not same or number.style in ("bare", "glued"):
                return self._shows(place, number) and (
                    free or (number.sure and self._is_explaining()) or same
                )
            return True
        if not number.sure or not same or (self._list_next == n and n > 1):
            return False
        done = block is None or block.done
        return done and (self._shows(place, number) or (n == 1 and free))

    def _is_explaining(self) -> bool:
        fields = self._block.fields if self._block else []
        return bool(fields) and fields[-1].name in (*marks.EXPLAINING, "续")

    def _shows(self, place: int, number: Number) -> bool:
        """Whether the lines from here to the next number look like a question."""
        first = True
        for line in self._lines[place : place + LOOK_AHEAD]:
            shadow = line.shadow[number.end :] if first else line.shadow
            if not first and (found := marks.number_at(shadow)) and found.sure:
                return False
            if _EVIDENCE.search(shadow):
                return True
            first = False
        return False

    def _open(self, line: Line, number: Number) -> Rest | None:
        n, block = number.value, self._block
        tag, _ = marks.tag_of(line.cut(0, number.start)) if number.start else (None, line)
        lead = next(iter(answers.answers_inside(line.cut(0, number.start))), None) if number.start else None
        self._close()
        restarts = self._section is not None and n <= self._last and n == 1
        if self._section is None or restarts:
            kind = self._kind
            self._section = Section(kind, self._section_line or line.number)
            self._section_line = 0
            self.out.sections.append(self._section)
            self._style, self._last = number.style, 0
        own, rest = marks.tag_of(line, number.end)
        own = own or tag
        new = Block(n, line.number, own or self._section.kind, tagged=own is not None)
        new.lead = lead[0] if lead else None
        self._doubt_number(new, block)
        self._section.blocks.append(new)
        self._block, self._last, self._list_next = new, n, 0
        self._in_answers, self._item = False, 0
        return self._take_body(rest) if rest.shadow else None

    def _doubt_number(self, new: Block, before: Block | None) -> None:
        n, last = new.number, self._last
        if last and n == last:
            new.doubts.append((new.line, "题号", f"题号{n}重复，按另一题读入，请核对。", "warning"))
        elif last and n != last + 1:
            new.doubts.append((new.line, "题号", f"题号为{n}，前一题是{last}，请核对是否漏题。", "warning"))
        kind = self._section.kind if self._section else Kind()
        if new.tagged and kind.name not in ("", "choice") and kind_words(kind) != kind_words(new.kind):
            said = f"标题是{kind.word}，题中写的是{new.kind.word}，按题中所写读入，请核对。"
            new.doubts.append((new.line, "题型", said, "warning"))

    def _take_body(self, line: Line) -> Rest | None:
        """A line of stem or options, up to a label inside it or to the next question's number."""
        label = marks.label_inside(line.shadow, 0, "stem", WINDOW)
        glued = self._glued_number(line, label.start if label else WINDOW)
        stop = glued if glued is not None else label.start if label else None
        own = line if stop is None else line.cut(0, stop)
        own.indented, own.blanks = line.indented, line.blanks
        if own.shadow:
            self._append(own)
        return self._rest(line, label, glued)

    def _rest(self, line: Line, label: marks.Label | None, glued: int | None = None) -> Rest | None:
        if glued is not None:
            return Rest(line.cut(glued), None)
        if label is None:
            return None
        tail = line.cut(label.start)
        lost = len(line.shadow) - label.start - len(tail.shadow)  # a blank before the label
        return Rest(tail, marks.Label(label.name, 0, max(label.end - label.start - lost, 0)))

    def _append(self, line: Line) -> None:
        block = self._block
        assert block is not None  # noqa: S101 - only a question has a body
        block.body.append(line)
        block.done = block.done or bool(_IS_DONE.search(line.shadow))

    def _glued_number(self, line: Line, end: int) -> int | None:
        """Where in a line of options, or behind an answer in brackets, the next question's number stands."""
        for mark in (".", "、"):
            place = line.shadow.find(f"{self._last + 1}{mark}", 1, end)
            if place > 0 and self._may_be_glued(line.shadow, place):
                return place
        return None

    def _may_be_glued(self, shadow: str, place: int) -> bool:
        before = shadow[max(place - 200, 0) : place].rstrip(" ")
        if before[-1:].isdecimal() or not (before.endswith((")", "√", "×")) or _HAS_OPTION.search(before)):
            return False
        number = marks.number_at(shadow, place)
        if number is None or not number.sure:
            return False
        rest = shadow[number.end : number.end + WINDOW]
        return bool(_WORDS_FOLLOW.match(rest)) and bool(_EVIDENCE.search(rest)) and len(rest) > 5

    def _take_label(self, line: Line, label: marks.Label) -> Rest | None:
        """A label with its words; the labels that follow in the same line are the rest."""
        block = self._block
        if block is None:
            self.out.unread.append(line)
            return None
        where = "explanation" if label.name in marks.EXPLAINING else "answer"
        following = marks.label_inside(line.shadow, label.end, where, WINDOW)
        words = line.cut(label.end, following.start if following else None)
        self._list_next = 0
        block.done = True
        if label.name == "题型" and (kind := marks.kind_named(words.shadow)):
            block.kind, block.tagged = kind, True
            return self._rest(line, following)
        if label.name == "答案" and (glued := self._next_behind_answer(words)):
            block.fields.append(Field("答案", [words.cut(0, glued)], line.number))
            return Rest(line.cut(label.end).cut(glued), None)
        block.fields.append(Field(label.name, [words] if words.shadow else [], line.number))
        self._watch_list(words)
        return self._rest(line, following)

    def _next_behind_answer(self, words: Line) -> int:
        """答案：C2.下列……: where the next question begins behind the answer; 0 where none does."""
        answer, end = answers.answer_at(words)
        start = end + (words.shadow[end : end + 1] == " ")
        number = marks.number_at(words.shadow, start)
        if answer is None or number is None or number.value != self._last + 1 or not number.sure:
            return 0
        return number.start if _WORDS_FOLLOW.match(words.shadow, number.end) else 0

    def _watch_list(self, line: Line) -> None:
        """Keep count of a list 1. 2. 3. inside an explanation, so that its numbers open no questions."""
        if number := marks.number_at(line.shadow):
            if number.value in (1, self._list_next):
                self._list_next = number.value + 1

    def _take_text(self, line: Line, number: Number | None) -> Rest | None:
        block = self._block
        if number is not None:
            self._watch_list(line)
        if block is None:
            self.out.unread.append(line)
            return None
        last = block.fields[-1] if block.fields else None
        if last is None or block.late_options:
            return self._take_body(line)
        if self._answers_stand_first(block, line):
            block.late_options = True
            return self._take_body(line)
        if last.name in (*marks.EXPLAINING, "续"):
            return self._go_on(line)
        if last.name == "答案" and not last.lines:
            block.fields.pop()
            return self._take_label(line, marks.Label("答案", 0, 0))
        if last.name == "答案":
            block.fields.append(Field("续", [line], line.number))
        else:
            said = f"“{line.text[:30]}”没有标签，不能识别，没有读入。"
            block.doubts.append((line.number, "未识别的文字", said, "error"))
        return None

    def _answers_stand_first(self, block: Block, line: Line) -> bool:
        if block.fields[-1].name != "答案" or not opens_first_option(line.shadow):
            return False
        return not any(opens_option(own.shadow) for own in block.body)

    def _go_on(self, line: Line) -> Rest | None:
        """A further line of an explanation, up to a label in brackets inside it."""
        assert self._block is not None  # noqa: S101 - its last field is an explanation
        label = marks.label_inside(line.shadow, 0, "explanation", WINDOW)
        own = line.cut(0, label.start) if label else line
        own.indented, own.blanks = line.indented, line.blanks
        if own.shadow:
            self._block.fields[-1].lines.append(own)
        return self._rest(line, label)

    def _close(self) -> None:
        self._block = None
        self._list_next = 0


def kind_words(kind: Kind) -> tuple[str, bool]:
    """What makes two kinds the same, whatever word the paper uses."""
    return kind.name, kind.any_number
