"""Tables of a document as the lines that somebody would have typed: questions, answers, or rows of text.

A table of questions is found by its headings, as in a spreadsheet, whether they stand in the first rows or in the
first column; a table of answers by its 题号 and 答案, or by what it holds. Whether the words are right, who reads
the lines decides.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quizapp import spreadsheets
from quizapp.bank.drafts import LETTERS
from quizapp.bank.formats.paper import INDENT
from quizapp.bank.formats.sheet import HEADINGS
from quizapp.errors import Refused

ANSWERS_A_LINE = 10
_NUMBER = ("序号", "题号", "题目序号")
_SYNONYMS = {"number": _NUMBER, **HEADINGS}
_LABELS = {"key": "答案", "citations": "依据", "explanation": "解析", "difficulty": "难度"}
_LABELS |= {"code": "编号", "uses": "用途", "tags": "标签"}
_ANSWER = re.compile(r"[A-Ha-h][A-Ha-h、，,\s]*|[√×✓✗对错是否]|正确|错误")
_OWN_NUMBER = re.compile(r"[（(]?\d{1,4}[）).．、]|第\d{1,4}题")


@dataclass(frozen=True)
class Line:
    """A line of text. told: what is to be looked at here, each as (label, sentence)."""

    text: str
    told: tuple[tuple[str, str], ...] = ()


Cell = list[Line]
Row = list[Cell | None]  # None: the cell above goes on


class Tables:
    """Turns the tables of one document into lines; questions without a number of their own are counted through."""

    def __init__(self) -> None:
        self._kind = ""
        self._count = 0

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """The table in the shape that it most looks like."""
        width = max((len(row) for row in rows), default=0)
        rows = [[*row, *([] for _ in range(width - len(row)))] for row in rows]
        return self._questions(rows) or _answers(rows) or [line for row in rows for line in _plain(row)]

    def _questions(self, rows: Sequence[Row]) -> list[Line]:
        """[] when it is no table of questions."""
        for way in (rows, turned(rows)):
            sheet = [
                spreadsheets.Row(place, [_text(cell) for cell in row]) for place, row in enumerate(way, 1)
            ]
            try:
                start, places = spreadsheets.header_of(sheet, _SYNONYMS, ("stem",))
            except Refused:
                continue
            if len(places) > 1 and len(way) > start + 1:
                above = [line for row in way[:start] for line in _plain(row)]
                below = way[start + 1 :]
                return [*above, *_unknown(sheet[start], places, below), *self._rows(below, places)]
        return []

    def _rows(self, rows: Sequence[Row], places: dict[str, int]) -> Iterator[Line]:
        for row in _joined(rows, places["stem"]):
            filled = [text for cell in row if (text := _text(cell))]
            told = tuple(said for cell in row for line in cell for said in line.told)
            texts = filled[0].split("\n") if len(filled) == 1 else [""]
            if len(filled) == 1:  # a heading over all columns
                self._count = 0
            elif filled:
                texts = list(self._question({name: _text(row[at]) for name, at in places.items()}))
            if filled or told:
                yield from (Line(text, () if place else told) for place, text in enumerate(texts))

    def _question(self, cells: dict[str, str]) -> Iterator[str]:
        kind = cells.get("kind", "")
        if kind and kind != self._kind:
            self._kind, self._count = kind, 0
            yield kind
        yield from self._numbered(cells["stem"], cells.get("number", "")).split("\n")
        for letter in LETTERS:
            if option := cells.get(f"option_{letter}"):
                yield from f"{letter}. {option}".split("\n")
        yield from cells["options"].split("\n") if cells.get("options") else ()
        cells["citations"] = _with_quotes(cells.get("citations", ""), cells.get("quote", ""))
        for name, label in _LABELS.items():
            if text := cells.get(name):
                yield from _labelled(label, text)

    def _numbered(self, stem: str, given: str) -> str:
        """A stem behind the number that the table gives it, that it has itself, or that is next."""
        plain = given.rstrip(".．、")
        if given and not re.fullmatch("[0-9]{1,4}", plain):
            return f"{given} {stem}"
        self._count = int(plain) if plain else self._count + 1
        return stem if _OWN_NUMBER.match(stem) and not plain else f"{self._count}. {stem}"


def _text(cell: Cell | None) -> str:
    return "\n".join(line.text for line in cell or []).strip()


def turned(rows: Sequence[Row]) -> list[Row]:
    """Columns as rows, of a table whose rows are equally long."""
    return [list(column) for column in zip(*rows, strict=True)]


def _plain(row: Row) -> list[Line]:
    """Short cells side by side on one line, such as four options; cells of several lines one below the other."""
    cells = [cell for cell in row if cell and (_text(cell) or any(line.told for line in cell))]
    if any(len([line for line in cell if line.text.strip()]) > 1 for cell in cells):
        return [line for cell in cells for line in cell]
    told = tuple(said for cell in cells for line in cell for said in line.told)
    return [Line("\t".join(text for cell in cells if (text := _text(cell))), told)] if cells else []


# Questions ------------------------------------------------------------------------------------------------------


def _unknown(header: spreadsheets.Row, places: dict[str, int], rows: Sequence[Row]) -> Iterator[Line]:
    """Columns with a heading that nobody knows, or with none, said on an empty line above the questions."""
    for column in range(len(header.cells)):
        heading = header.cell(column)[:20]
        if column not in places.values() and (heading or any(_text(row[column]) for row in rows)):
            which = f"“{heading}”一栏不能识别" if heading else f"第{column + 1}栏没有表头"
            yield Line("", ((heading or "表头", f"表格的{which}，这一栏没有读入。"),))


def _joined(rows: Sequence[Row], stem: int) -> Iterator[list[Cell]]:
    """Rows over which the stem goes on are one question, such as one with an option in each row."""
    whole: list[Cell] = []
    for row in rows:
        if row[stem] is None and whole:
            for above, cell in zip(whole, row, strict=True):
                above.extend(cell or [])
            continue
        if whole:
            yield whole
        whole = [[*(cell or [])] for cell in row]
    if whole:
        yield whole


def _with_quotes(citations: str, quotes: str) -> str:
    """依据 and 条文原文, line by line, in one."""
    lines, words = citations.split("\n"), [quote.strip('“”"') for quote in quotes.split("\n")]
    if not quotes or len(lines) != len(words):
        return "\n".join(text for text in (citations, quotes) if text)
    return "\n".join(f"{line} “{quote}”" for line, quote in zip(lines, words, strict=True))


def _labelled(label: str, text: str) -> Iterator[str]:
    """Every line of 依据 is a citation of its own; further lines of anything else are indented."""
    for place, line in enumerate(line for line in text.split("\n") if line.strip()):
        yield f"{INDENT}{line}" if place and label != "依据" else f"{label}：{line}"


# Answers --------------------------------------------------------------------------------------------------------


def _answers(rows: Sequence[Row]) -> list[Line]:
    """1.B 2.A …; [] when it is no table of answers."""
    lines: list[str] = []
    every: list[tuple[str, str, str]] = []
    for part in _parts(rows):
        if isinstance(part, str):
            lines.append(part)
            continue
        pairs = _pairs(part) or _pairs([[*column] for column in zip(*part, strict=True)])
        if pairs is None:
            return []
        every.extend(pairs)
        lines.extend(_answer_lines(pairs))
    told = [said for row in rows for cell in row for line in cell or [] for said in line.told]
    if missing := sum(not answer for _, answer, _ in every):
        told.append(("答案", f"答案表中有{missing}题没有答案。"))
    return (
        [Line(text, () if place else tuple(told)) for place, text in enumerate(lines or [""])]
        if every
        else []
    )


def _parts(rows: Sequence[Row]) -> Iterator[str | list[list[str]]]:
    """A table cut at the rows that hold one heading over all columns."""
    part: list[list[str]] = []
    for row in rows:
        texts = [_text(cell) for cell in row]
        filled = [text for text in texts if text]
        if len(filled) == 1 and len(texts) > 1 and not (filled[0].isdigit() or _meaning(filled[0])):
            yield from [part] if part else []
            part = []
            yield filled[0].replace("\n", " ")
        elif filled:
            part.append(texts)
    yield from [part] if part else []


def _pairs(rows: Sequence[Sequence[str]]) -> list[tuple[str, str, str]] | None:
    """(number, answer, explanation) in the order of the columns; None when the columns are not of this kind."""
    names = [_meaning(cell) for cell in rows[0]]
    body = rows[1:]
    if not all(names):
        body = rows
        names = [_nature(column) for column in zip(*rows, strict=True)]
    if not all(names) or names[0] != "number" or (body is rows and len(rows) * names.count("number") < 2):
        return None
    starts = [column for column, name in enumerate(names) if name == "number"]
    groups = [names[start:end] for start, end in zip(starts, [*starts[1:], len(names)], strict=True)]
    if any(group not in (["number", "key"], ["number", "key", "explanation"]) for group in groups):
        return None
    if any(row[start + 1] and not row[start] for start in starts for row in body):
        return None
    return [
        (row[start], row[start + 1], row[start + 2] if len(group) == 3 else "")
        for start, group in zip(starts, groups, strict=True)
        for row in body
        if row[start]
    ]


def _meaning(heading: str) -> str:
    plain = re.sub(r"[\s：:*]", "", heading)
    known = {"number": _NUMBER, "key": HEADINGS["key"], "explanation": HEADINGS["explanation"]}
    return next((name for name, headings in known.items() if plain in headings), "")


def _nature(column: Iterable[str]) -> str:
    """What a column without a heading holds."""
    filled = [text for text in column if text]
    if filled and all(re.fullmatch(r"[0-9]{1,4}[.．、]?", text) for text in filled):
        return "number"
    return "key" if filled and all(_ANSWER.fullmatch(text) for text in filled) else ""


def _answer_lines(pairs: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    short: list[str] = []
    for given, answer, explanation in pairs:
        if not answer:
            continue
        letters = re.sub(r"[、，,\s]", "", answer) if _ANSWER.fullmatch(answer) else answer.replace("\n", " ")
        text = f"{given.rstrip('.．、')}.{letters}"
        if explanation or len(short) == ANSWERS_A_LINE:
            yield from [" ".join(short)] if short else []
            short = []
        if explanation:
            first, *rest = explanation.split("\n")
            yield f"{text}【解析】{first}"
            yield from (f"{INDENT}{line}" for line in rest)
        else:
            short.append(text)
    yield from [" ".join(short)] if short else []
