"""The results of a sitting on paper, from a spreadsheet: who sat which form, and the letters on the sheet. Pure.

Every problem at once, with its row and column; whether all or nothing is stored is decided by whoever calls. A row
that names a person and has no 作答 says nothing: the person did not sit, as in the template that comes filled in.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quizapp.exams.printing import answers, sitters
from quizapp.exams.printing.answers import Asked
from quizapp.exams.printing.sheets import Printed
from quizapp.exams.printing.sitters import NUMBERS, Roll, Sitter, Wrong
from quizapp.people.unit_sheet import Problem
from quizapp.spreadsheets import Row, header_of

HEADINGS = {
    **sitters.HEADINGS,
    "form": ("卷别", "试卷", "试卷类型", "卷型", "AB卷"),
    "answers": ("作答", "作答情况", "答案", "考生答案", "答题情况", "选项"),
}
ABSENT = ("缺考", "未考", "未参加")


@dataclass(frozen=True)
class Result:
    """The sheet of one person. form: its name in the forms handed in; answers: letters as printed, per question."""

    row: int
    sitter: Sitter
    form: str
    answers: tuple[str, ...]

    @property
    def sheet(self) -> str:
        """As an answer sheet is stored: "C.ABD..A"."""
        return ".".join(self.answers)


@dataclass
class Reading:
    """What a spreadsheet says. warnings: of rows that are read, and that a person should look at."""

    results: list[Result] = field(default_factory=list)
    absent: list[Sitter] = field(default_factory=list)  # named without an answer
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """读到98人的答卷，2人没有作答，3处问题."""
        counts = f"读到{len(self.results)}人的答卷，{len(self.absent)}人没有作答"
        return f"{counts}，{len(self.problems)}处问题" if self.problems else counts


def asked_of(paper: Printed) -> tuple[Asked, ...]:
    """What each question of a paper lets one answer."""
    return tuple(Asked(question.kind, question.letters, question.any_number) for question in paper.questions)


def read(rows: Sequence[Row], roll: Iterable[Sitter], forms: Mapping[str, Sequence[Asked]]) -> Reading:
    """The results of every row, and all that is wrong.

    roll: the candidates of the exam. forms: by name ("A卷"; "" for the only one) in their order, each with its
    questions. Raises Refused without a header with 作答 and a number or name.
    """
    start, columns = header_of(rows, HEADINGS, ("answers",))
    if not {*NUMBERS, "name"} & columns.keys():
        start, columns = header_of(rows, HEADINGS, ("answers", "account"))
    reader = _Reader(columns, Roll(roll), forms)
    filled = [row for row in rows[start + 1 :] if not row.is_blank]
    for row in filled:
        reader.take(row)
    if not filled:
        reader.reading.problems.append(Problem(0, "", "表中没有人员"))
    return reader.reading


class _Reader:
    """Goes through the rows; remembers who was met where."""

    def __init__(self, columns: Mapping[str, int], roll: Roll, forms: Mapping[str, Sequence[Asked]]) -> None:
        self.columns, self.roll, self.forms, self.reading = columns, roll, forms, Reading()
        self.form_of = _form_words(list(forms))
        self.met: dict[int, int] = {}  # sitter: row

    def take(self, row: Row) -> None:
        """One row: a result, somebody who did not sit, or problems, those of person and answers together."""
        cell = {name: row.cell(self.columns.get(name)) for name in HEADINGS}
        sat = bool(cell["answers"]) and cell["answers"] not in ABSENT
        sitter = form = read = None
        try:
            sitter = self._sitter(row, cell, sat)
        except Wrong as wrong:
            self._say(row, wrong)
        if not sat:
            self.reading.absent += [sitter] if sitter else []
            return
        try:
            form = self._form(cell["form"])
            read = answers.read(cell["answers"], self.forms[form])
        except Wrong as wrong:
            self._say(row, wrong)
        except answers.Unclear as unclear:
            self._say(row, Wrong("answers", str(unclear)))
        if sitter is not None and form is not None and read is not None:
            self.reading.results.append(Result(row.number, sitter, form, read))
            self._warn(row, self.forms[form], read)

    def _say(self, row: Row, wrong: Wrong) -> None:
        self.reading.problems.append(Problem(row.number, HEADINGS[wrong.column][0], str(wrong)))

    def _sitter(self, row: Row, cell: Mapping[str, str], sat: bool) -> Sitter:
        """Whom the row is about, met for the first time. Raises Wrong."""
        for column in NUMBERS:
            if self.columns.get(column) in row.damaged:
                raise Wrong(column, "数字过长，已被表格软件改动，请把该列设为文本后重新填写")
        sitter = self.roll.find(cell)
        if sitter.id in self.met:
            raise Wrong("name", f"{sitter.name}与第{self.met[sitter.id]}行重复，请删除其中一行")
        self.met[sitter.id] = row.number
        if sat and not sitter.expected:
            raise Wrong("name", f"{sitter.name}已免考或缓考，不能录入答卷")
        return sitter

    def _form(self, text: str) -> str:
        """The form that a cell means; a blank one means the only form. Raises Wrong."""
        if not text and len(self.forms) == 1:
            return next(iter(self.forms))
        form = self.form_of.get(_form_word(text)) if text else None
        if form is None:
            said = f"没有卷别“{text[:20]}”" if text else "没有填写卷别"
            raise Wrong("form", f"{said}，应为{'、'.join(self.forms)}" if len(self.forms) > 1 else said)
        return form

    def _warn(self, row: Row, asked: Sequence[Asked], read: Sequence[str]) -> None:
        for message in _slips(asked, read):
            self.reading.warnings.append(Problem(row.number, HEADINGS["answers"][0], message))


def _slips(asked: Sequence[Asked], read: Sequence[str]) -> Iterator[str]:
    """What is a slip of the typist more often than an answer: several letters where one can be right, and one letter
    for a multiple choice, as when A、C was taken for two answers."""
    both = list(enumerate(zip(asked, read, strict=True), 1))
    several = [str(at) for at, (one, letters) in both if one.kind != "multiple" and len(letters) > 1]
    if several:
        yield f"第{'、'.join(several)}题只能选一项，填了多项，将按答错计分，请核对"
    alone = [
        str(at)
        for at, (one, letters) in both
        if one.kind == "multiple" and not one.any_number and len(letters) == 1
    ]
    if alone:
        yield f"第{'、'.join(alone)}题是多选题，只填了一项，请核对"


def _form_word(text: str) -> str:
    """A, a, Ａ卷 and 试卷A are one word."""
    return re.sub(r"[\s()第套试卷]", "", unicodedata.normalize("NFKC", text)).upper()


def _form_words(forms: Sequence[str]) -> dict[str, str]:
    """Which form a word means: its name, or its number in the order of forms; a name goes before a number."""
    by_place = {str(place): form for place, form in enumerate(forms, 1)}
    return {**by_place, **{_form_word(form): form for form in forms}}
