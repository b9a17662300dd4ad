"""Questions in a spreadsheet, one a row: .xlsx, .xls and .csv in, .xlsx out. Columns are found by their headings."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from quizapp import spreadsheets
from quizapp.bank import labels
from quizapp.bank.drafts import (
    JUDGE_OPTIONS,
    LETTERS,
    CitationDraft,
    Draft,
    Problem,
    Reading,
    tidied,
    tidy,
)
from quizapp.errors import Refused

HEADINGS: dict[str, tuple[str, ...]] = {
    "kind": ("题型", "试题类型", "题目类型", "类型"),
    "stem": ("题干", "题目", "试题", "试题内容", "题目内容", "问题"),
    **{f"option_{letter}": (f"选项{letter}", letter, f"{letter}选项", f"答案{letter}") for letter in LETTERS},
    "options": ("选项", "备选项", "备选答案", "选项内容"),
    "key": ("答案", "正确答案", "标准答案", "参考答案"),
    "citations": ("依据", "法条", "条文依据", "依据条款", "出处"),
    "quote": ("条文原文", "引文", "原文"),
    "explanation": ("解析", "答案解析", "试题解析", "解释"),
    "difficulty": ("难度", "难度等级", "难易度"),
    "code": ("编号", "题号编码", "试题编号", "题目编号"),
    "uses": ("用途", "使用范围"),
    "tags": ("标签", "知识点"),
}
_KINDS = {
    "单选题": ("single", False),
    "单选": ("single", False),
    "单项选择题": ("single", False),
    "多选题": ("multiple", False),
    "多选": ("multiple", False),
    "多项选择题": ("multiple", False),
    "不定项选择题": ("multiple", True),
    "不定项": ("multiple", True),
    "判断题": ("judge", False),
    "判断": ("judge", False),
    "是非题": ("judge", False),
}
_COLUMNS = ("kind", "stem", *(f"option_{letter}" for letter in LETTERS), "key", "citations", "explanation")
_COLUMNS += ("difficulty", "code", "uses", "tags")
_WIDTHS = (12, 48, *(22 for _ in LETTERS), 10, 40, 48, 8, 16, 16, 16)
_LETTERED = re.compile(r"(?:^|(?<=[\s；;]))([A-H])[ \t]*[.．、:：][ \t]*")


@dataclass(frozen=True)
class Columns:
    """Where what stands, as a person said it. header: number of the row with the headings, 0 for none."""

    header: int
    places: dict[str, int]  # a name of HEADINGS: column from 0


def read(data: bytes, file_name: str, columns: Columns | None = None) -> Reading:
    """All questions of the first sheet with their row numbers. columns: instead of looking for the headings.

    Raises Refused when it is no sheet of questions.
    """
    rows = _rows(data, file_name)
    reading = Reading(lines=_as_lines(rows))
    if columns is None:
        start, places = spreadsheets.header_of(rows, HEADINGS, ("stem", "key"))
        _unknown_headings(rows[start], places, reading, file_name)
        below = rows[start + 1 :]
    else:
        places, below = columns.places, [row for row in rows if row.number > columns.header]
    for row in below:
        if not row.is_blank:
            cells = {name: row.cell(column) for name, column in places.items()}
            reading.drafts.append(_draft(cells, row.number, file_name))
    return reading


def head(data: bytes, file_name: str, most: int = 12) -> list[spreadsheets.Row]:
    """The first rows, for saying which column holds what. Raises Refused."""
    return _rows(data, file_name)[:most]


def guessed(rows: Sequence[spreadsheets.Row], width: int) -> list[str]:
    """For each column the name of HEADINGS that its own heading in the first ten rows suggests, "" for none."""
    best: dict[str, int] = {}
    for row in rows[: spreadsheets.HEADER_WITHIN]:
        with suppress(Refused):  # two columns that mean the same: a person decides
            best = max(best, spreadsheets.columns(row, HEADINGS), key=len)
    named = {column: name for name, column in best.items() if len(best) > 1}
    return [named.get(column, "") for column in range(width)]


def not_enough(chosen: Sequence[str]) -> str:
    """Why questions cannot be read by these names of columns, as a sentence; "" when they can."""
    named = [name for name in chosen if name]
    if unknown := [name for name in named if name not in HEADINGS]:
        return f"没有“{unknown[0][:20]}”这一项。"
    for name in ("stem", "key"):
        if name not in named:
            return f"请指明哪一列是{HEADINGS[name][0]}。"
    double = next((name for name in named if named.count(name) > 1), None)
    return f"有两列都选了{HEADINGS[double][0]}，请只保留一列。" if double else ""


def _rows(data: bytes, file_name: str) -> list[spreadsheets.Row]:
    rows = spreadsheets.read(data, file_name)
    if not file_name.lower().endswith(".csv"):
        return rows
    return [replace(row, cells=[spreadsheets.unsafe(cell) for cell in row.cells]) for row in rows]


def _as_lines(rows: Sequence[spreadsheets.Row]) -> list[str]:
    """The rows as lines of text, row n at n − 1: what the review desk shows as the source."""
    shown = {row.number: " ｜ ".join(cell for cell in map(str.strip, row.cells) if cell) for row in rows}
    return [shown.get(number, "") for number in range(1, max(shown, default=0) + 1)]


def _unknown_headings(
    header: spreadsheets.Row, places: dict[str, int], reading: Reading, source: str
) -> None:
    for column in range(len(header.cells)):
        heading = header.cell(column)
        if heading and column not in places.values():
            letter = spreadsheets.letter(column)
            said = f"{letter}列“{heading[:20]}”不能识别，这一列没有读入。"
            reading.problems.append(Problem(header.number, heading[:20], said, "warning", source))


def _draft(cells: dict[str, str], number: int, source: str) -> Draft:
    draft = Draft(line=number, source=source)
    for name in ("stem", "explanation", "code"):
        setattr(draft, name, cells.get(name, ""))
    draft.tags = labels.tags_of(cells.get("tags", ""))
    _read_options(draft, cells)
    _read_kind(draft, cells)
    _read_key(draft, cells)
    _read_citations(draft, cells)
    _read_rest(draft, cells)
    return tidied(draft)


def _say(draft: Draft, column: str, message: str, severity: str = "error") -> None:
    heading = HEADINGS[column][0]
    draft.problems.append(Problem(draft.line, heading, message, severity, draft.source))


def _read_options(draft: Draft, cells: dict[str, str]) -> None:
    given = [cells.get(f"option_{letter}", "") for letter in LETTERS]
    while given and not given[-1]:
        given.pop()
    if missing := [LETTERS[place] for place, text in enumerate(given) if not text]:
        _say(draft, "options", f"选项{'、'.join(missing)}是空的，后面的选项却有内容。")
    draft.options = given or _options_in_one_cell(draft, cells.get("options", ""))


def _options_in_one_cell(draft: Draft, text: str) -> list[str]:
    """A. … B. … in one cell, each on its own line or behind a blank; or one option a line without letters."""
    if not text:
        return []
    found = list(_LETTERED.finditer(text))
    if not found:
        return [line for line in tidy(text).split("\n") if line]
    names = "".join(mark[1] for mark in found)
    if names != LETTERS[: len(names)] or text[: found[0].start()].strip():
        _say(draft, "options", "选项字母不连续，请每行写一个选项。")
    ends = [mark.start() for mark in found[1:]] + [len(text)]
    return [text[mark.end() : end].strip(" \t\n；;") for mark, end in zip(found, ends, strict=True)]


def _read_kind(draft: Draft, cells: dict[str, str]) -> None:
    given = tidy(cells.get("kind", ""))
    if given in _KINDS:
        draft.kind, draft.any_number = _KINDS[given]
        return
    if given:
        _say(draft, "kind", f"题型“{given[:20]}”不能识别，可以填：单选题、多选题、不定项选择题、判断题。")
        return
    answer = cells.get("key", "")
    if not draft.options or tuple(draft.options) == JUDGE_OPTIONS:
        draft.kind = "judge" if labels.key_of(answer, "judge") else ""
    else:
        draft.kind = "multiple" if len(labels.key_of(answer, "single") or "") > 1 else "single"
    if draft.kind:
        _say(draft, "kind", f"没有填题型，按{draft.kind_word}读入，请核对。", "warning")
    else:
        _say(draft, "kind", "没有填题型，也不能从答案看出题型。")


def _read_key(draft: Draft, cells: dict[str, str]) -> None:
    if draft.kind == "judge":
        if draft.options and tuple(tidy(option) for option in draft.options) != JUDGE_OPTIONS:
            _say(draft, "options", "判断题不填选项，或者只填“正确”“错误”。")
        draft.options = list(JUDGE_OPTIONS)
    answer = cells.get("key", "")
    key = labels.key_of(answer, draft.kind)
    if answer and key is None:
        wanted = "“正确”或“错误”" if draft.kind == "judge" else "选项字母，如C或ABD"
        _say(draft, "key", f"答案“{answer[:20]}”不能识别，应当填{wanted}。")
    draft.key = key or ""


def _read_citations(draft: Draft, cells: dict[str, str]) -> None:
    lines = [line for line in tidy(cells.get("citations", "")).split("\n") if line]
    quotes = [line.strip('“”"') for line in tidy(cells.get("quote", "")).split("\n") if line]
    if quotes and len(quotes) != len(lines):
        _say(draft, "quote", f"条文原文有{len(quotes)}行，依据有{len(lines)}行，应当一一对应。")
        quotes = []
    for place, line in enumerate(lines):
        citation = labels.citation_of(line)
        if citation is None:
            _say(draft, "citations", f"依据“{line[:20]}”不能识别，应当写作：第二十四条第一款 “原文”。")
            continue
        if quotes and not citation.quote:
            citation = CitationDraft(
                citation.words, quotes[place], citation.kind, citation.regulation, citation.source
            )
        draft.citations.append(citation)


def _read_rest(draft: Draft, cells: dict[str, str]) -> None:
    if text := cells.get("difficulty", ""):
        difficulty = labels.difficulty_of(text)
        if difficulty is None:
            _say(draft, "difficulty", f"难度“{text[:20]}”不能识别，应当填1至5。")
        draft.difficulty = difficulty or draft.difficulty
    if text := cells.get("uses", ""):
        uses = labels.uses_of(text)
        if uses is None:
            _say(draft, "uses", f"用途“{text[:20]}”不能识别，应当填日常、模拟卷、考试中的一项或几项。")
        draft.uses = uses or draft.uses


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Iterable[Draft]) -> bytes:
    """An .xlsx that `read` reads back without loss."""
    return spreadsheets.workbook([_sheet(drafts)])


def write_csv(drafts: Iterable[Draft]) -> bytes:
    """The same as a .csv: UTF-8 with its mark, safe against formulas."""
    return spreadsheets.csv_bytes([HEADINGS[name][0] for name in _COLUMNS], map(_row, drafts))


def _sheet(drafts: Iterable[Draft]) -> spreadsheets.Sheet:
    header = [HEADINGS[name][0] for name in _COLUMNS]
    rows = (_row(draft) for draft in drafts)
    return spreadsheets.Sheet("试题", header, rows, _WIDTHS, tuple(range(len(_COLUMNS))))


def _row(draft: Draft) -> list[spreadsheets.Value]:
    options = [] if draft.kind == "judge" else draft.options
    return [
        draft.kind_word if draft.kind else "",
        draft.stem,
        *(options + [""] * len(LETTERS))[: len(LETTERS)],
        labels.answer_text(draft),
        "\n".join(labels.citation_text(citation) for citation in draft.citations),
        draft.explanation,
        str(draft.difficulty),
        draft.code,
        labels.uses_text(draft.uses),
        "、".join(draft.tags),
    ]


EXAMPLES = (
    Draft(
        "single",
        "涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。",
        ["共同的上一级机关、单位决定受理机关", "共同受理", "协商受理"],
        "C",
        "第二十四条第一款规定先由所涉及的机关、单位协商受理；受理有争议的，才由其共同的上一级机关、单位决定受理机关。",
        2,
        [CitationDraft("第二十四条第一款", "由所涉及的机关、单位协商受理")],
        "示例-01",
    ),
    Draft(
        "judge",
        "受理有争议的，由其共同的上一级机关、单位决定受理机关。",
        list(JUDGE_OPTIONS),
        "A",
        "第二十四条第一款原文。",
        1,
        [CitationDraft("第二十四条第一款", "受理有争议的，由其共同的上一级机关、单位决定受理机关")],
        "示例-02",
    ),
)
_GUIDE = (
    ("题型", "单选题、多选题、不定项选择题或判断题。", "必填"),
    ("题干", "需要填空的位置写（　　）。", "必填"),
    ("选项A至选项H", "从A起依次填写，至少两个；判断题不填。", "选择题必填"),
    ("答案", "选项字母，如C或ABD；判断题填“正确”或“错误”。", "必填"),
    ("依据", "条款和原文，如：第二十四条第一款 “由所涉及的机关、单位协商受理”。原文须与条文一字不差。"
     "有多条依据时在同一格内分行填写。没有依据的试题可以导入，但不能发布。", "发布前必填"),
    ("解析", "说明正确选项为什么对、其他选项为什么错。", "建议填写"),
    ("难度", "1至5，1最易，5最难；不填为3。", "选填"),
    ("编号", "试题的固定编号，如XF-024-01。再次导入同一编号时更新原题，不会重复。", "建议填写"),
    ("用途", "日常、模拟卷、考试中的一项或几项，用顿号分开；不填为日常、考试。", "选填"),
    ("标签", "用顿号分开。", "选填"),
)  # fmt: skip


def template() -> bytes:
    """The sheet to fill in: two examples to be replaced, and a second sheet that explains each column."""
    guide = spreadsheets.Sheet("填写说明", ("列名", "怎样填", "要求"), _GUIDE, (16, 72, 14))
    return spreadsheets.workbook([_sheet(EXAMPLES), guide])
