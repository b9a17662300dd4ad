"""The answer card as Word: boxes as text, so that a place can change it; the one to print is the PDF."""

from collections.abc import Sequence
from dataclasses import replace

from docx.shared import Pt
from docx.table import _Cell

from quizapp.exams.printing import card, word
from quizapp.exams.printing.sheets import Printed
from quizapp.exams.printing.sizes import A4

SIZE = replace(A4, left=18)


def write(paper: Printed, forms: Sequence[str] = ()) -> bytes:
    """One page for up to 100 questions. forms: all forms of the exam, for the boxes 卷别."""
    sheet = word.Sheet(f"{paper.name}答题卡", SIZE)
    _edges(sheet, paper)
    sheet.centred(paper.title, word.TITLE)
    sheet.centred(f"答题卡（{paper.form}）" if paper.form else "答题卡", word.HEADING).runs[0].font.size = Pt(
        14
    )
    _who(sheet, card.forms_of(paper, forms))
    for number, line in enumerate(card.ADVICE, 1):
        sheet.add(f"{number}．{line}", word.SMALL)
    for part in card.parts(paper):
        sheet.add(part.heading, word.HEADING, together=True).paragraph_format.space_before = Pt(6)
        _boxes(sheet, part)
    return sheet.bytes()


def _edges(sheet: word.Sheet, paper: Printed) -> None:
    """A second page asks again whose it is."""
    sheet.page.different_first_page_header_footer = True
    above = sheet.page.header.paragraphs[0]
    above.style = sheet.document.styles[word.BODY]
    word.say(above, f"{paper.name}答题卡　　{card.AGAIN}")
    for footer in (sheet.page.first_page_footer, sheet.page.footer):
        word.foot(sheet, footer, paper.form, f"试卷标识：{paper.mark}")


def _who(sheet: word.Sheet, forms: Sequence[tuple[str, bool]]) -> None:
    account = "□" * card.ACCOUNT_DIGITS
    boxes = "　".join(f"{'■' if own else '□'}{form}" for form, own in forms)
    rows = [["单位", "", "姓名", ""], ["学法账号", account, "缺考", f"□ {card.ABSENT}"]]
    table = sheet.table(rows, [20, 62, 16, SIZE.printed - 98], height=8)
    for run in table.cell(1, 1).paragraphs[0].runs:
        run.font.size = Pt(17)
    for run in table.cell(1, 3).paragraphs[0].runs:
        run.font.size = Pt(9)
    if boxes:
        row = table.add_row()
        wide = row.cells[1].merge(row.cells[3])
        for cell, text in ((row.cells[0], "卷别"), (wide, boxes)):
            word.say(cell.paragraphs[0], text)
            word.centre(cell)
    sheet.gap(4)


def _boxes(sheet: word.Sheet, part: card.Part) -> None:
    widths = [SIZE.printed / part.columns] * part.columns
    table = sheet.table([[""] * part.columns for _ in part.rows], widths, lines=False)
    for cells, row in zip((row.cells for row in table.rows), part.rows, strict=True):
        for place, cell in zip(cells, row, strict=True):
            if cell is not None:
                _fill(place, cell)
    if len(part.rows) > card.BLOCK:
        word.air_every(table, card.BLOCK)


def _fill(place: _Cell, cell: card.Cell) -> None:
    paragraph = place.paragraphs[0]
    paragraph.alignment = None
    boxes = "".join(f"[{mark}]" for mark in cell.marks)
    paragraph.add_run(f"{cell.number:>3} {boxes}").font.size = Pt(9.5)  # numbers end at one line
