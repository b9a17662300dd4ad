"""Long tables in Word: a heading that stands on every page, rows that are never split.

python-docx looks through a table for every cell; here a row is made once and copied, so that 500 units take no
longer than they must. Text goes in through the library, never into XML source.
"""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm
from docx.table import Table
from docx.text.paragraph import Paragraph

from quizapp.exams.printing import word
from quizapp.exams.printing.sheets import printable
from quizapp.reports.documents.lying import MARGIN

CELL, HEAD = "Body Text 2", "Body Text 3"  # styles: of what stands in a table, and of its headings


def table(
    sheet: word.Sheet,
    headings: Sequence[str],
    rows: Iterable[Sequence[int | str]],
    widths: Sequence[float],
    *,
    texts: Sequence[int] = (0,),
    height: float = 7,
    stays: bool = False,
) -> Table:
    """A table in the middle of the sheet; the styles CELL and HEAD must be its.

    widths: mm; texts: columns that begin at the left; height: of a row, at least, in mm; stays: the last row stands on
    the page of what follows.
    """
    made = sheet.table([headings, [""] * len(headings)], widths, height=height)
    _tight(made)
    head, pattern = made.rows
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, (above, below) in enumerate(zip(head.cells, pattern.cells, strict=True)):
        above.paragraphs[0].style = sheet.document.styles[HEAD]
        below.paragraphs[0].style = sheet.document.styles[CELL]
        below.paragraphs[0].paragraph_format.keep_with_next = None
        if place in texts:
            below.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
    made._tbl.remove(pattern._tr)
    for values in rows:
        made._tbl.append(_filled(pattern._tr, values))
    if stays:
        for element in made._tbl.findall(qn("w:tr"))[-1].iter(qn("w:p")):
            Paragraph(element, made).paragraph_format.keep_with_next = True
    return made


def _filled(pattern: Any, values: Sequence[int | str]) -> Any:
    """A copy of the row with these words."""
    made = deepcopy(pattern)
    for paragraph, value in zip(made.iter(qn("w:p")), values, strict=True):
        paragraph.add_r().text = printable(str(value))
    return made


def _tight(table: Table) -> None:
    """Narrow margins in all cells, for figures need the room."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(Mm(MARGIN).twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)
