"""The few things that printed Word files are made of: a sheet of paper, paragraphs, tables, page numbers.

Everything is ordinary styles and paragraphs, so that WPS and Word can change it. Text goes in through python-docx,
never into XML source.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENTATION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from quizapp.bank.drafts import BLANK
from quizapp.exams.printing.sheets import printable
from quizapp.exams.printing.sizes import TYPE, Size

SONG, HEI = "宋体", "黑体"
TITLE, HEADING, BODY, INDENTED, SMALL = "Title", "Heading 1", "Normal", "List", "List 2"
UNBROKEN = BLANK.replace("\u3000", "\u00a0" * 3)
STYLES = {  # built-in style: font, points, space behind in points
    TITLE: (HEI, 18, 4),
    HEADING: (HEI, TYPE, 3),
    BODY: (SONG, TYPE, 2),
    INDENTED: (SONG, TYPE, 2),
    SMALL: (SONG, 9, 0),
}


class Sheet:
    """A Word document under construction. styles: like STYLES, the ones it uses."""

    def __init__(
        self, title: str, size: Size, styles: Mapping[str, tuple[str, float, float]] = STYLES
    ) -> None:
        self.document = Document()
        self.page = self.document.sections[0]
        self.page.page_width, self.page.page_height = Mm(size.width), Mm(size.height)
        self.page.left_margin, self.page.right_margin = Mm(size.left), Mm(size.right)
        self.page.top_margin, self.page.bottom_margin = Mm(20), Mm(18)
        self.page.header_distance, self.page.footer_distance = Mm(9), Mm(9)
        self.size = size
        if size.columns > 1:
            self.page.orientation = WD_ORIENTATION.LANDSCAPE
            columns = self.page._sectPr.find(qn("w:cols"))
            columns.set(qn("w:num"), str(size.columns))
            columns.set(qn("w:space"), str(Mm(size.gutter).twips))
        core = self.document.core_properties
        core.title, core.author, core.comments = printable(title)[:255], "", ""
        for language in self.document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        for name, (font, points, behind) in styles.items():
            _dress(self.document.styles[name], font, points, behind)
        self._ids = {name: self.document.styles[name].style_id for name in styles}
        self._end = self.document.element.body[-1]  # what a section says stands behind its paragraphs

    def add(self, text: str = "", style: str = BODY, *, together: bool = False) -> Paragraph:
        """A paragraph, never split between pages; together: on the page of the next one."""
        element = OxmlElement("w:p")
        self._end.addprevious(element)  # add_paragraph would look through the whole body each time
        element.style = self._ids[style]  # by its id; a Paragraph would compare all styles
        paragraph = Paragraph(element, self.document)
        paragraph.paragraph_format.keep_together = True
        if together:
            paragraph.paragraph_format.keep_with_next = True
        say(paragraph, text)
        return paragraph

    def centred(self, text: str, style: str = BODY) -> Paragraph:
        """A paragraph in the middle, on the page of the next one."""
        paragraph = self.add(text, style, together=True)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        return paragraph

    def gap(self, points: float) -> None:
        """A little room."""
        kept = self.add().paragraph_format
        kept.space_after, kept.line_spacing = Pt(0), Pt(points)

    def table(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, height: float = 0, lines: bool = True
    ) -> Table:
        """A table in the middle, its rows kept together. widths: mm; height: of each row, at least, in mm;
        lines: around its cells."""
        table = self.document.add_table(len(rows), len(widths), "Table Grid" if lines else "Normal Table")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for place, (row, texts) in enumerate(zip(table.rows, rows, strict=True), 1):
            if height:
                row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
            _unsplit(row._tr)
            for cell, text, width in zip(row.cells, texts, widths, strict=True):
                cell.width = Mm(width)
                say(cell.paragraphs[0], text)
                centre(cell)
                cell.paragraphs[0].paragraph_format.keep_with_next = place < len(rows)
        return table

    def bytes(self) -> bytes:
        """The file."""
        target = io.BytesIO()
        self.document.save(target)
        return target.getvalue()


def say(paragraph: Paragraph, text: str, font: str = "") -> None:
    """Text behind what the paragraph has; its line breaks become breaks within the paragraph, and no line breaks
    within a （　　）, as it would at the wide blanks."""
    if text:
        run = paragraph.add_run(printable(text).replace(BLANK, UNBROKEN))
        if font:
            _fonts(run._r.get_or_add_rPr(), font)


def centre(cell: _Cell) -> None:
    """The words of a cell in its middle."""
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    cell.paragraphs[0].paragraph_format.space_after = Pt(0)


def air_every(table: Table, rows: int) -> None:
    """A little room below every so many rows of a table."""
    for row in list(table.rows)[rows - 1 : -1 : rows]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.space_after = Pt(5)


def tabs(paragraph: Paragraph, places: Iterable[float]) -> None:
    """Tab stops in points from the left margin."""
    for place in places:
        paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(place), WD_TAB_ALIGNMENT.LEFT)


def foot(sheet: Sheet, footer: Any, left: str, right: str) -> None:
    """第 X 页　共 Y 页 in the middle of a footer, small words at its sides."""
    paragraph = footer.paragraphs[0]
    paragraph.style = sheet.document.styles[SMALL]
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(sheet.size.printed / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(Mm(sheet.size.printed), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{printable(left)}\t第 ")
    field(paragraph, "PAGE")
    paragraph.add_run(" 页　共 ")
    field(paragraph, "NUMPAGES")
    paragraph.add_run(f" 页\t{printable(right)}")


def field(paragraph: Paragraph, what: str) -> None:
    """A figure that Word counts by itself."""
    counted = OxmlElement("w:fldSimple")
    counted.set(qn("w:instr"), f" {what} ")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    counted.append(run)
    paragraph._p.append(counted)


def _unsplit(row: Any) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _dress(style: Any, font: str, points: float, behind: float) -> None:
    """The font by its Chinese name, which Word and WPS both know, for Han and for Latin letters; nothing coloured."""
    style.font.size, style.font.bold, style.font.color.rgb = Pt(points), False, None
    _fonts(style.element.get_or_add_rPr(), font)
    for border in list(style.element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
    kept = style.paragraph_format
    kept.left_indent = kept.first_line_indent = kept.space_before = Pt(0)
    kept.space_after, kept.line_spacing, kept.keep_with_next = Pt(behind), 1.15, False


def _fonts(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
