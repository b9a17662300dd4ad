"""A form as PDF: the same words as in Word, set by Typst."""

from pathlib import Path

from quizapp import typesetting
from quizapp.exams.printing.sheets import printable
from quizapp.reports.documents.form import Form
from quizapp.reports.documents.lying import FEET_AT, LYING, MARGIN, TYPE, widths

TEMPLATE = Path(__file__).with_name("form.typ")


def write(form: Form) -> bytes:
    """The file. Raises Refused without a Chinese font."""
    data = {
        "title": printable(form.title),
        "facts": [printable(words) for words in form.fact_words],
        "headings": form.headings,
        "rows": [[printable(str(value)) for value in row] for row in form.rows],
        "widths": widths(form.headings, form.texts),
        "texts": form.texts,
        "note": form.note,
        "feet": form.feet,
        "feet_at": FEET_AT,
        "margin": LYING.left,
        "inset": MARGIN,
        "type": TYPE,
    }
    return typesetting.pdf(TEMPLATE, data)
