"""A table of marks from a file: rows are attempts, columns are items, an empty cell was not met.

So a paper exam can be analysed too. In the file marks are 分; in the table of marks they are tenths of it.
"""

import csv
import io
from collections.abc import Sequence
from math import isfinite

import numpy as np

from quizapp.analysis.sheets import Sheets, of_table
from quizapp.errors import Refused
from quizapp.spreadsheets import decode

YES, NO = {"1", "是", "true", "yes"}, {"", "0", "否", "false", "no"}
Line = tuple[int, list[str]]


def read(marks: bytes, maxima: bytes | None = None, drawn: bytes | None = None) -> tuple[Sheets, list[str]]:
    """The sheets, and what a person should know about how they were read.

    marks: CSV, its first line the names of the items. maxima, drawn: CSV with the same names in the first line and the
    values (full marks; 1 or 0) in the second, or a line "name,value" for each item; of drawn also the names alone.
    Without maxima the highest mark of a column is taken for the full one. Raises Refused with the place of what cannot
    be read.
    """
    (_, names), *rows = _lines(marks, "成绩表")
    if not rows:
        raise _bad("成绩表只有表头，没有成绩。")
    told = []
    if _is_label(rows):
        told.append(f"第1列“{names[0]}”不是成绩，没有读入。")
        names, rows = names[1:], [(number, cells[1:]) for number, cells in rows]
    _check_names(names)
    table = np.array([_marks(number, cells, names) for number, cells in rows])
    if maxima is None:
        full = [float(np.nanmax(column)) if not np.isnan(column).all() else 0.0 for column in table.T]
        told.append("没有给出满分，以每题的最高得分为满分。")
    else:
        full = _full_marks(maxima, names)
        _check_full(table, full, names, rows)
    lots = _drawn(drawn, names) if drawn is not None else [False] * len(names)
    blank = [
        name
        for name, column, lot in zip(names, table.T, lots, strict=True)
        if np.isnan(column).any() and not lot
    ]
    if blank:
        told.append(
            f"{_listed(blank)}有空白，按没有考到该题处理；缺答应填0分，每人随机抽取的题请用--drawn指明。"
        )
    return of_table(names, np.round(table * 10, 9), [round(mark * 10, 9) for mark in full], lots), told


def _bad(sentence: str) -> Refused:
    return Refused("table", sentence, "请改正后重试。")


def _lines(data: bytes, what: str) -> list[Line]:
    """Lines with something in them, with their numbers from 1; cells without blanks around."""
    try:
        reader = csv.reader(io.StringIO(decode(data), newline=""), strict=True)
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise _bad(f"{what}中有引号不成对，无法读取。") from error
    found = [(number, cells) for number, cells in lines if any(cells)]
    if not found:
        raise _bad(f"{what}是空的。")
    return found


def _is_label(rows: Sequence[Line]) -> bool:
    """Whether the first column names the attempts, as lists of marks do: not one number stands in it."""
    first = [cells[0] for _, cells in rows if cells[0]]
    return bool(first) and len(rows[0][1]) > 1 and all(_number(cell) is None for cell in first)


def _check_names(names: Sequence[str]) -> None:
    if any(not name for name in names):
        raise _bad(f"成绩表的表头第{list(names).index('') + 1}格是空的，应为题目名称。")
    if all(_number(name) is not None for name in names) and len({_number(n) for n in names}) < len(names):
        raise _bad("成绩表的第一行应为题目名称。")
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise _bad(f"成绩表的表头中，{_listed(twice)}出现了不止一次。")


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(f"“{name}”" for name in names[:5])
    return f"{shown}等{len(names)}列" if len(names) > 5 else shown


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) else None


def _marks(number: int, cells: Sequence[str], names: Sequence[str]) -> list[float]:
    if len(cells) != len(names):
        raise _bad(f"成绩表第{number}行有{len(cells)}格，表头有{len(names)}格。")
    found = []
    for name, cell in zip(names, cells, strict=True):
        mark = _number(cell) if cell else float("nan")
        if mark is None:
            raise _bad(f"成绩表第{number}行“{name}”列的“{cell}”不是数字。")
        found.append(mark)
    return found


def _pairs(data: bytes, names: Sequence[str], what: str) -> dict[str, str]:
    """The values of items in a second file, written across or down."""
    lines = _lines(data, what)
    (_, first), rest = lines[0], lines[1:]
    if len(rest) == 1 and len(first) == len(rest[0][1]) and set(first) <= set(names):
        pairs = list(zip(first, rest[0][1], strict=True))
    else:
        for number, cells in lines:
            if len(cells) != 2:
                raise _bad(f"{what}第{number}行应为“题目名称,值”，或者整个文件只有表头和一行值。")
        body = lines if first[0] in names else rest  # a line of headings such as 题目,满分
        pairs = [(cells[0], cells[1]) for _, cells in body]
    for name, _ in pairs:
        if name not in names:
            raise _bad(f"{what}中的“{name}”不是成绩表中的题目。")
    if len({name for name, _ in pairs}) < len(pairs):
        raise _bad(f"{what}中有题目出现了不止一次。")
    return dict(pairs)


def _full_marks(data: bytes, names: Sequence[str]) -> list[float]:
    pairs, found = _pairs(data, names, "满分表"), []
    for name in names:
        if name not in pairs:
            raise _bad(f"满分表中没有“{name}”。")
        mark = _number(pairs[name])
        if mark is None or mark < 0:
            raise _bad(f"满分表中“{name}”的“{pairs[name]}”不是满分。")
        found.append(mark)
    return found


def _check_full(table: np.ndarray, full: Sequence[float], names: Sequence[str], rows: Sequence[Line]) -> None:
    above = np.argwhere(table > np.array(full) + 1e-9)
    if len(above):
        row, column = above[0]
        raise _bad(
            f"成绩表第{rows[row][0]}行“{names[column]}”列得{table[row, column]:g}分，高于满分{full[column]:g}分。"
        )


def _drawn(data: bytes, names: Sequence[str]) -> list[bool]:
    lines = _lines(data, "抽题表")
    cells = [cell for _, line in lines for cell in line if cell]
    if set(cells) <= set(names) and (len(lines) == 1 or all(len(line) == 1 for _, line in lines)):
        return [name in cells for name in names]
    pairs = _pairs(data, names, "抽题表")
    for name, value in pairs.items():
        if value.casefold() not in YES | NO:
            raise _bad(f"抽题表中“{name}”的“{value}”应为1（随机抽取）或0。")
    return [pairs.get(name, "").casefold() in YES for name in names]
