"""A 学情简报 as Word: one A4 in the type and measures of GB/T 9704—2012, its table in smaller letters."""

from docx.enum.text import WD_LINE_SPACING
from docx.shared import Mm, Pt

from quizapp.exams.printing import word
from quizapp.reports.documents import official, rows
from quizapp.reports.documents.circular_docx import FIRST, fallbacks, indented
from quizapp.reports.study.briefing import Briefing

SECOND, NOTE = "Subtitle", "List 2"
LINE, SMALL_TYPE, NOTE_TYPE = 24.0, 10.5, 9.0  # points: from line to line; 五号; 小五
TOP, BOTTOM = 25, 20  # mm: one sheet holds it all
WIDTHS = (23, 15, 60, 58)  # mm
STYLES = {
    word.TITLE: (official.BIAO, official.TITLE, 0),
    word.BODY: (official.FANG, official.TEXT, 0),
    FIRST: (word.HEI, official.TEXT, 0),
    SECOND: (official.KAI, official.TEXT, 6),
    NOTE: (word.SONG, NOTE_TYPE, 0),
    rows.HEAD: (word.HEI, SMALL_TYPE, 0),
    rows.CELL: (official.FANG, SMALL_TYPE, 0),
}


def write(briefing: Briefing) -> bytes:
    """The file."""
    sheet = word.Sheet(f"{briefing.unit}{briefing.title}", official.SHEET, STYLES)
    sheet.page.top_margin, sheet.page.bottom_margin = Mm(TOP), Mm(BOTTOM)
    for name in (word.TITLE, word.BODY, FIRST, SECOND):
        kept = sheet.document.styles[name].paragraph_format
        kept.line_spacing_rule, kept.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
    sheet.document.styles[word.TITLE].paragraph_format.line_spacing = Pt(official.TITLE * 1.5)
    for name, points in ((rows.HEAD, SMALL_TYPE), (rows.CELL, SMALL_TYPE), (NOTE, NOTE_TYPE)):
        kept = sheet.document.styles[name].paragraph_format
        kept.line_spacing_rule, kept.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points * 1.35)
    fallbacks(sheet, official.WORD_FALLBACKS)
    sheet.centred(briefing.title, word.TITLE)
    sheet.centred(f"{briefing.unit}　{briefing.day}", SECOND)
    overview, weakest, training = briefing.heads
    _section(sheet, overview, (briefing.overview,))
    _section(sheet, weakest, ())
    if briefing.rows:
        rows.table(sheet, briefing.headings, briefing.rows, WIDTHS, texts=(0, 2, 3), height=8)
    else:
        indented(sheet.add("暂无数据。"), 2)
    _section(sheet, training, briefing.advice)
    sheet.gap(4)
    sheet.add(briefing.note, NOTE)
    return sheet.bytes()


def _section(sheet: word.Sheet, heading: str, paragraphs: tuple[str, ...]) -> None:
    indented(sheet.add(heading, FIRST, together=True), 2)
    for text in paragraphs:
        indented(sheet.add(text), 2)
