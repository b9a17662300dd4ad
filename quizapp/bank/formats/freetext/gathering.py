"""Lines to questions: each line opens a section or a question, goes on with one, or is said to be unread."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.bank.drafts import Problem
from quizapp.bank.formats.freetext import answers, listing, marks
from quizapp.bank.formats.freetext.listing import Listing
from quizapp.bank.formats.freetext.marks import Kind, Number
from quizapp.bank.formats.freetext.normalise import Line
from quizapp.bank.formats.freetext.opening import WINDOW, Numbering, is_done
from quizapp.bank.formats.freetext.options import opens_first_option, opens_option
from quizapp.bank.formats.freetext.paper import Block, Field, Gathered, Section


@dataclass(slots=True)
class Rest:
    """What is left of a line: a label with its words, or a number that opens the next question."""

    line: Line
    label: marks.Label | None


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
        self._numbers = Numbering()
        self._listing = Listing(self.out)

    def take(self, place: int, line: Line) -> None:
        rest = self._take_start(place, line)
        while rest is not None:
            rest = self._take_rest(rest)

    def _take_start(self, place: int, line: Line) -> Rest | None:
        if line.shadow[0] == "#" and self._take_title(line):
            return None
        if self._listing.take(line, self._block is not None and self._block.is_explaining):
            self._close()
            return None
        if self._take_heading(place, line):
            return None
        if (heading := marks.heading_of(line.shadow)) and (
            start := marks.number_behind(line.shadow, heading)
        ):
            self._open_section(line, heading.kind)
            return Rest(line.cut(start), None)
        number = marks.number_at(line.shadow)
        if number and not self._listing.explains and self._opens(place, number):
            return self._open(line, number)
        if label := marks.label_at(line.shadow):
            return self._take_label(line, label)
        return self._take_text(line, number)

    def _take_rest(self, rest: Rest) -> Rest | None:
        if rest.label is not None:
            return self._take_label(rest.line, rest.label)
        number = marks.number_at(rest.line.shadow)
        if number is None:  # it was one where it was found; kept for a text that surprises
            return self._take_text(rest.line, None)
        more = self._open(rest.line, number)
        said = f"题号{number.value}接在前面的文字之后，按新题读入，请核对。"
        self.out.sections[-1].blocks[-1].doubt(rest.line.number, "题号", said)
        return more

    def _close(self) -> None:
        self._block = None
        self._numbers.end_list()

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
            if self._listing.under_heading and self._follows(place):
                self._open_list(line, heading.kind)
            else:
                self._open_section(line, heading.kind)
            return True
        if "答案" in shadow and self._is_answers_heading(place, line):
            self._listing.under_heading = True
            self._open_list(line, heading.kind if heading else Kind())
            return True
        if marks.is_chapter(shadow):
            self.out.titles.append(line)
            if self._listing.under_heading:
                self._open_list(line, Kind())
            else:
                self._close()
                self._section = None
            return True
        return False

    def _open_section(self, line: Line, kind: Kind) -> None:
        self._close()
        self._listing.leave()
        self._kind, self._section, self._section_line = kind, None, line.number
        if kind.name == "other":
            said = f"不能识别题型标题“{line.text[:20]}”，可以用：单选题、多选题、不定项选择题、判断题。"
            self.out.problems.append(Problem(line.number, "题型", said))

    def _open_list(self, line: Line, kind: Kind) -> None:
        self._close()
        self._listing.open_group(line, kind)

    def _follows(self, place: int) -> bool:
        return listing.follow(self._lines[place + 1 : place + 4])

    def _is_answers_heading(self, place: int, line: Line) -> bool:
        """A line 答案 may also be a label whose letter stands in the next line: then no list follows."""
        if not marks.is_answers_heading(line.shadow):
            return False
        if self.out.sections and not marks.is_bare_answers_heading(line.shadow):
            return True
        return self._follows(place)

    # Questions

    def _opens(self, place: int, number: Number) -> bool:
        if self._section is None and self._block is None:
            return self._numbers.opens_first(self._lines, place, number)
        return self._numbers.opens(self._lines, place, number, self._block)

    def _open(self, line: Line, number: Number) -> Rest | None:
        """Open the question whose number stands here; what stands before the number is a tag or an answer."""
        head = line.cut(0, number.start)
        before, _ = marks.tag_of(head)
        lead = answers.answers_inside(head)
        self._close()
        if self._section is None or (number.value == 1 and self._numbers.last >= 1):
            self._section = Section(self._kind, self._section_line or line.number)
            self._section_line = 0
            self.out.sections.append(self._section)
            self._numbers.begin(number)
        tag, words = marks.tag_of(line, number.end)
        tag = tag or before
        block = Block(number.value, line.number, tag or self._section.kind, tagged=tag is not None)
        block.lead = lead[0][0] if lead else None
        block.done = block.kind.name == "judge"
        self._doubt(block, self._section.kind)
        self._section.blocks.append(block)
        self._numbers.taken(number)
        self._listing.leave()
        self._block = block
        return self._take_body(block, words) if words.shadow else None

    def _doubt(self, block: Block, kind: Kind) -> None:
        n, last = block.number, self._numbers.last
        if last and n == last:
            block.doubt(block.line, "题号", f"题号{n}重复，按另一题读入，请核对。")
        elif last and n != last + 1:
            block.doubt(block.line, "题号", f"题号为{n}，前一题是{last}，请核对是否漏题。")
        if block.tagged and kind.name not in ("", "choice") and kind.meaning != block.kind.meaning:
            said = f"标题是{kind.word}，题中写的是{block.kind.word}，按题中所写读入，请核对。"
            block.doubt(block.line, "题型", said)

    def _take_body(self, block: Block, line: Line) -> Rest | None:
        """A line of stem or options, up to a label inside it or to the next question's number."""
        label = marks.label_inside(line.shadow, 0, "stem", WINDOW)
        glued = self._numbers.glued(line, label.start if label else WINDOW)
        stop = glued if glued is not None else label.start if label else None
        own = line if stop is None else line.cut(0, stop)
        own.indented, own.blanks = line.indented, line.blanks
        if own.shadow:
            block.body.append(own)
            block.done = block.done or is_done(own.shadow)
        return _rest(line, label, glued)

    def _take_label(self, line: Line, label: marks.Label) -> Rest | None:
        """A label with its words; the labels that follow in the same line are the rest."""
        block = self._block
        if block is None:
            self.out.unread.append(line)
            return None
        where = "explanation" if label.name in marks.EXPLAINING else "answer"
        following = marks.label_inside(line.shadow, label.end, where, WINDOW)
        words = line.cut(label.end, following.start if following else None)
        self._numbers.end_list()
        block.done, block.late_options = True, False
        if label.name == "题型" and (kind := marks.kind_named(words.shadow)):
            block.kind, block.tagged = kind, True
            return _rest(line, following)
        if label.name == "答案" and (glued := self._numbers.behind_answer(words)):
            block.fields.append(Field("答案", [words.cut(0, glued)], line.number))
            return Rest(line.cut(label.end).cut(glued), None)
        block.fields.append(Field(label.name, [words] if words.shadow else [], line.number))
        self._numbers.watch(words)
        return _rest(line, following)

    def _take_text(self, line: Line, number: Number | None) -> Rest | None:
        block = self._block
        if number is not None:
            self._numbers.watch(line)
        if block is None:
            self.out.unread.append(line)
            return None
        last = block.fields[-1] if block.fields else None
        if last is None or block.late_options:
            return self._take_body(block, line)
        if _stands_behind_answer(block, line):
            block.late_options = True
            return self._take_body(block, line)
        if block.is_explaining:
            return _go_on(block, line)
        if last.name == "答案" and not last.lines:
            block.fields.pop()
            return self._take_label(line, marks.Label("答案", 0, 0))
        if last.name == "答案":
            block.fields.append(Field("续", [line], line.number))
        else:
            said = f"“{line.text[:30]}”没有标签，不能识别，没有读入。"
            block.doubt(line.number, "未识别的文字", said, "error")
        return None


def _stands_behind_answer(block: Block, line: Line) -> bool:
    """Whether this is option A of a question whose answer stands above its options."""
    if block.fields[-1].name != "答案" or not opens_first_option(line.shadow):
        return False
    return not any(opens_option(own.shadow) for own in block.body)


def _go_on(block: Block, line: Line) -> Rest | None:
    """A further line of an explanation, up to a label in brackets inside it."""
    label = marks.label_inside(line.shadow, 0, "explanation", WINDOW)
    own = line.cut(0, label.start) if label else line
    own.indented, own.blanks = line.indented, line.blanks
    if own.shadow:
        block.fields[-1].lines.append(own)
    return _rest(line, label)


def _rest(line: Line, label: marks.Label | None, glued: int | None = None) -> Rest | None:
    if glued is not None:
        return Rest(line.cut(glued), None)
    if label is None:
        return None
    tail = line.cut(label.start)
    lost = len(line.shadow) - label.start - len(tail.shadow)  # a blank before the label
    return Rest(tail, marks.Label(label.name, 0, max(label.end - label.start - lost, 0)))
