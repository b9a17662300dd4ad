"""A 通报 as Word, ready to be changed and printed: GB/T 9704—2012. Its facts stand in `official`."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from quizapp.exams.printing import word
from quizapp.exams.printing.sheets import printable
from quizapp.reports.documents import official, rows
from quizapp.reports.documents.circular import HEADINGS, TABLE, Circular, Line
from quizapp.reports.documents.lying import widths

FIRST, SECOND, MARK, FOOT = "Heading 1", "Subtitle", "Heading 2", "List"
RED = RGBColor(0xFF, 0, 0)
PITCH = int(official.LINE * 20)  # twentieths of a point from line to line
CLOSER = floor(
    (official.ADVANCE - official.TEXT) * 20
)  # twentieths of a point between two characters: less than 0
STYLES = {
    word.TITLE: (official.BIAO, official.TITLE, 0),
    word.BODY: (official.FANG, official.TEXT, 0),
    FIRST: (word.HEI, official.TEXT, 0),
    SECOND: (official.KAI, official.TEXT, 0),
    MARK: (official.BIAO, official.MARK_LARGEST, 0),
    FOOT: (word.SONG, official.SMALL, 0),
    rows.HEAD: (word.HEI, official.TABLE, 0),
    rows.CELL: (official.FANG, official.TABLE, 0),
}


def write(circular: Circular) -> bytes:
    """The file."""
    sheet = _sheet(circular)
    _head(sheet, circular)
    title = sheet.centred(circular.title, word.TITLE)
    title.paragraph_format.keep_with_next = True
    sheet.add()
    if circular.recipients:
        sheet.add(circular.recipients)
    for line in circular.lines:
        _line(sheet, line)
    if circular.attachment:
        sheet.add()
        indented(sheet.add(circular.attachment), 2)
    _signed(sheet, circular)
    if circular.rows:
        _behind(sheet, circular)
    return sheet.bytes()


def _sheet(circular: Circular) -> word.Sheet:
    """The sheet with its 22 lines of 28 characters, and page numbers outside: odd right, even left.

    Programs do not agree on a grid of characters, so each character stands a little closer instead.
    """
    sheet = word.Sheet(circular.title, official.SHEET, STYLES)
    page = sheet.page
    page.top_margin, page.bottom_margin = Mm(official.TOP), Mm(official.BOTTOM)
    number_height = official.SMALL * 25.4 / 72
    page.footer_distance = Mm(official.BOTTOM - official.PAGE_BELOW - number_height)
    for grid in page._sectPr.findall(qn("w:docGrid")):
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(PITCH))
    for name in (word.TITLE, word.BODY, FIRST, SECOND):
        kept = sheet.document.styles[name].paragraph_format
        kept.line_spacing_rule, kept.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH / 20)
        kept.widow_control = False  # every page is filled, as the standard asks
    for name in (rows.HEAD, rows.CELL):
        sheet.document.styles[name].paragraph_format.line_spacing = Pt(official.TABLE * 1.4)
    for name in STYLES:
        _closer(sheet, name, CLOSER if name in (word.BODY, FIRST) else 0)
        snap = OxmlElement("w:snapToGrid")  # the lines are as high as they should be by themselves
        snap.set(qn("w:val"), "0")
        sheet.document.styles[name].element.get_or_add_pPr().insert_element_before(snap, *_BEHIND_SNAP)
    sheet.document.settings.odd_and_even_pages_header_footer = True
    _page_number(sheet, page.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(sheet, page.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    fallbacks(sheet, official.WORD_FALLBACKS)
    return sheet


def _closer(sheet: word.Sheet, name: str, twentieths: int) -> None:
    """The room between the characters of a style; the built-in one of a title goes."""
    properties = sheet.document.styles[name].element.get_or_add_rPr()
    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)
    if twentieths:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(twentieths))
        properties.insert_element_before(
            spacing, *("w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
        )


def _page_number(sheet: word.Sheet, foot: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character away from its side."""
    foot.style, foot.alignment = sheet.document.styles[FOOT], side
    foot.paragraph_format.left_indent = foot.paragraph_format.right_indent = Pt(official.SMALL)
    foot.add_run("— ")
    word.field(foot, "PAGE")
    foot.add_run(" —")


def _head(sheet: word.Sheet, circular: Circular) -> None:
    """版头: 发文机关标志 in red where it is wanted, two lines below it the 发文字号 above a red line."""
    if circular.letterhead:
        mark = sheet.add(circular.letterhead, MARK)
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        mark.paragraph_format.space_before = Mm(official.MARK_TOP)
        mark.paragraph_format.line_spacing = 1.0
        mark.runs[0].font.size = Pt(official.mark_points(circular.letterhead))
        mark.runs[0].font.color.rgb = RED
        sheet.add()
        sheet.add()
    number = sheet.centred(circular.number)
    if circular.letterhead:
        _red_line(number)
    sheet.add()
    sheet.add()


def _red_line(paragraph: Paragraph) -> None:
    borders = OxmlElement("w:pBdr")
    below = OxmlElement("w:bottom")
    for name, value in (
        ("val", "single"),
        ("sz", "12"),
        ("space", str(round(official.RULE_BELOW * 72 / 25.4))),
        ("color", "FF0000"),
    ):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, *_BEHIND_BORDERS)


_BEHIND_SNAP = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
_BEHIND_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _line(sheet: word.Sheet, line: Line) -> None:
    """A paragraph of the text, two characters in."""
    made = sheet.add(line.lead, FIRST, together=True) if line.level == 1 else sheet.add()
    if line.level == 2:
        lead = made.add_run(printable(line.lead))
        _in(lead._r, official.KAI)
    word.say(made, line.rest)
    made.paragraph_format.keep_together = False
    indented(made, 2)


def _in(run: Any, font: str) -> None:
    fonts = run.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)


def indented(paragraph: Paragraph, characters: float) -> None:
    """The first line so many characters in; counted in characters, so that it follows a change of size."""
    paragraph.paragraph_format.first_line_indent = Pt(characters * official.ADVANCE)
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(round(characters * 100)))


def _signed(sheet: word.Sheet, circular: Circular) -> None:
    """Signature and date with room for a seal; they stay on one page with the line above them."""
    sheet.add(together=True)
    sheet.add(together=True)
    for place, (text, behind) in enumerate(
        zip((circular.signature, circular.day), circular.indents, strict=True)
    ):
        made = sheet.add(text, together=place == 0)
        made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        made.paragraph_format.right_indent = Pt(behind * official.ADVANCE)


def _behind(sheet: word.Sheet, circular: Circular) -> None:
    """The table on a page of its own: 附件 at its upper left, the title on the third line."""
    mark = sheet.add("附件", FIRST)
    mark.paragraph_format.page_break_before = True
    sheet.add()
    sheet.centred(TABLE, word.TITLE)
    sheet.add(together=True)
    measures: Sequence[float] = widths(HEADINGS, sheet=official.SHEET, points=official.TABLE)
    rows.table(sheet, HEADINGS, circular.rows, measures, height=8, stays=bool(circular.note))
    if circular.note:
        sheet.add(circular.note, rows.CELL)


def fallbacks(sheet: word.Sheet, names: Mapping[str, Sequence[str]]) -> None:
    """Tell Word and WPS which fonts stand in for one that a machine has not (w:altName)."""
    part = sheet.document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(part.blob)
    for name, others in names.items():
        font = OxmlElement("w:font")
        font.set(qn("w:name"), name)
        for tag, value in (("altName", ",".join(others)), ("charset", "86"), ("family", "auto")):
            told = OxmlElement(f"w:{tag}")
            told.set(qn("w:val"), value)
            font.append(told)
        table.append(font)
    part._blob = serialize_part_xml(table)
