"""What is found in a paper, before questions are made of it: sections, their questions, lists of answers."""

from dataclasses import dataclass, field

from quizapp.bank.drafts import Problem
from quizapp.bank.formats.freetext import marks
from quizapp.bank.formats.freetext.answers import Answer, BadRange, Listed
from quizapp.bank.formats.freetext.marks import Kind
from quizapp.bank.formats.freetext.normalise import Line

EXPLAINING = (*marks.EXPLAINING, "续")


@dataclass(slots=True)
class Field:
    """A label with its lines. name: of marks.LABELS, or 续 for a text behind an answer that has no label."""

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

    def doubt(self, line: int, column: str, message: str, severity: str = "warning") -> None:
        self.doubts.append((line, column, message, severity))

    @property
    def introduces_list(self) -> bool:
        """Whether the stem so far ends in a colon: the numbers below it are those of a list."""
        return not self.fields and bool(self.body) and self.body[-1].shadow.endswith(":")

    @property
    def is_explaining(self) -> bool:
        """Whether a line without a label would go on with an explanation."""
        return bool(self.fields) and self.fields[-1].name in EXPLAINING


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
    """A whole paper. unread: what nobody understands; titles: what is understood and belongs to no question."""

    sections: list[Section] = field(default_factory=list)
    groups: list[AnswerGroup] = field(default_factory=list)
    unread: list[Line] = field(default_factory=list)
    titles: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Option:
    letter: str
    lines: list[Line]


@dataclass(slots=True)
class FoundOptions:
    """The stem's lines, the options, and what was doubtful: (line, column, sentence, severity)."""

    stem: list[Line]
    options: list[Option] = field(default_factory=list)
    doubts: list[tuple[int, str, str, str]] = field(default_factory=list)
