"""A form as Word: lying A4, its heading on every page, page numbers, and room to sign."""

from collections.abc import Iterable, Sequence

from docx.enum.section import WD_ORIENTATION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from quizapp.exams.printing import word
from quizapp.reports.documents import rows
from quizapp.reports.documents.form import Form
from quizapp.reports.documents.lying import FEET_AT, LYING, TYPE, widths

STYLES = word.STYLES | {
    word.TITLE: (word.HEI, 18, 10),
    word.SMALL: (word.SONG, 9, 0),
    rows.CELL: (word.SONG, TYPE, 0),
    rows.HEAD: (word.HEI, TYPE, 0),
}


def write(form: Form) -> bytes:
    """The file."""
    sheet = word.Sheet(form.title, LYING, STYLES)
    sheet.page.orientation = WD_ORIENTATION.LANDSCAPE
    word.foot(sheet, sheet.page.footer, "", "")
    sheet.centred(form.title, word.TITLE)
    sheet.add(form.fact_words[0], together=True)
    _line(sheet, form.fact_words[1:], ())
    measures = widths(form.headings, form.texts)
    rows.table(sheet, form.headings, form.rows, measures, texts=form.texts, stays=True)
    sheet.gap(4)
    sheet.add(form.note, word.SMALL, together=True)
    _line(sheet, form.feet, FEET_AT).paragraph_format.space_before = Pt(16)
    return sheet.bytes()


def _line(sheet: word.Sheet, words: Sequence[str], places: Iterable[float]) -> Paragraph:
    """Words on one line: the first at the left, the last at the right, the others at these places (mm)."""
    line = sheet.add(words[0], together=True)
    stops = line.paragraph_format.tab_stops
    for place in places:
        stops.add_tab_stop(Mm(place), WD_TAB_ALIGNMENT.LEFT)
    stops.add_tab_stop(Mm(LYING.printed), WD_TAB_ALIGNMENT.RIGHT)
    for more in words[1:]:
        line.add_run("\t")
        word.say(line, more)
    return line
