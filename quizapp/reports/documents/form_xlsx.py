"""A form as Excel: title and facts above the table, room to sign below, ready to print on lying A4.

Counts are numbers; rates stand as they are printed, so that no program rounds them anew. Text is always text, never
a formula (hazard H35).
"""

import io
from collections.abc import Sequence
from math import ceil
from typing import Any

import xlsxwriter

from quizapp.exams.printing.widths import width
from quizapp.reports.documents.form import Cell, Form

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST = 32_767  # characters of a cell
A4 = 9  # as Excel counts sizes of paper
NAME, FIGURE = 34, 8.5  # widths of columns in characters
LINE = 14.0  # points: the height of a line


def write(form: Form, name: str) -> bytes:
    """The file with one sheet of this name: rows 1 and 2 title and facts, row 3 the headings, then the rows, the note
    and the places to sign."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    page = book.add_worksheet(name)
    styles = _styles(book)
    last = len(form.headings) - 1
    for column in range(last + 1):
        page.set_column(column, column, NAME if column in form.texts else FIGURE)
    page.set_row(0, 34)
    page.merge_range(0, 0, 0, last, "", styles["title"])
    page.write_string(0, 0, form.title, styles["title"])
    page.merge_range(1, 0, 1, last, "", styles["line"])
    page.write_string(1, 0, "　　".join(form.fact_words), styles["line"])
    _row(page, 2, form.headings, [styles["head"]] * (last + 1))
    page.set_row(2, 2 * LINE + 6)
    of_column = [styles["name" if place in form.texts else "figure"] for place in range(last + 1)]
    for number, row in enumerate(form.rows, 3):
        _row(page, number, row, of_column)
        page.set_row(number, _height([str(row[place]) for place in form.texts]))
    _below(page, 3 + len(form.rows), last, form, styles)
    _print(page, 3 + len(form.rows), last)
    book.close()
    return target.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    cell = {"border": 1, "valign": "vcenter", "text_wrap": True, "font_name": "宋体", "font_size": 10}
    plain = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "text_wrap": True}
    centred = {"align": "center"}
    return {
        "title": book.add_format(
            {"font_name": "黑体", "font_size": 18, "valign": "vcenter", "shrink": True} | centred
        ),
        "line": book.add_format(plain),
        "note": book.add_format(plain | {"font_size": 9, "valign": "top"}),
        "head": book.add_format(cell | centred | {"font_name": "黑体"}),
        "name": book.add_format(cell),
        "figure": book.add_format(cell | centred),
    }


def _height(texts: Sequence[str]) -> float:
    """Points of a row with these texts: not every program fits a row to its texts by itself."""
    return LINE * max(ceil(width(text) / (NAME - 1)) for text in (*texts, " ")) + 6


def _row(page: Any, number: int, values: Sequence[Cell], styles: Sequence[Any]) -> None:
    for column, (value, style) in enumerate(zip(values, styles, strict=True)):
        if isinstance(value, str):
            page.write_string(number, column, value[:LONGEST], style)
        else:
            page.write_number(number, column, value, style)


def _below(page: Any, number: int, last: int, form: Form, styles: dict[str, Any]) -> None:
    page.merge_range(number, 0, number, last, "", styles["note"])
    page.write_string(number, 0, form.note, styles["note"])
    page.set_row(number, 2 * LINE)
    page.set_row(number + 1, 2 * LINE + 6)
    page.merge_range(number + 1, 0, number + 1, last, "", styles["line"])
    page.write_string(number + 1, 0, "　　　　　　".join(form.feet), styles["line"])


def _print(page: Any, rows: int, last: int) -> None:
    """A4 lying, as wide as one page, the headings on every page, page numbers; no green corners at rates."""
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
    page.freeze_panes(3, 1)
    page.set_footer("&C第 &P 页　共 &N 页")
    page.ignore_errors({"number_stored_as_text": f"A1:{chr(ord('A') + last)}{rows + 2}"})
