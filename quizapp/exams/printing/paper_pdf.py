"""Paper, answer card and key as PDF: the same words as in Word, set by Typst."""

from collections.abc import Sequence
from typing import Any

from quizapp.exams.printing import card, key, seal
from quizapp.exams.printing.sheets import Printed, Question, Section, printable
from quizapp.exams.printing.typesetting import pdf
from quizapp.exams.printing.widths import per_line
from quizapp.regulations.numerals import words

ROOM = 84  # half widths of 10.5 points between the margins of a paper, less the indent of the options


def paper(printed: Printed) -> bytes:
    """The candidate's paper; nothing in it tells a key. Raises Refused without a Chinese font."""
    sections = [
        {
            "numeral": words(number),
            "heading": section.heading,
            "questions": [_asked(question, section) for question in section.questions],
        }
        for number, section in enumerate(printed.sections, 1)
    ]
    strip = {"fields": seal.FIELDS, "line": "密封线", "words": seal.WORDS}
    notice = [printable(line) for line in printed.notice]
    return pdf("paper", {**_common(printed), "notice": notice, "sections": sections, "seal": strip})


def answer_card(printed: Printed, forms: Sequence[str] = ()) -> bytes:
    """One page for up to 100 questions. forms: all forms of the exam, for the boxes 卷别. Raises Refused."""
    data = {
        "digits": card.ACCOUNT_DIGITS,
        "absent": card.ABSENT,
        "advice": card.ADVICE,
        "block": card.BLOCK,
        "forms": [{"name": form, "own": own} for form, own in card.forms_of(printed, forms)],
        "parts": [_part(part) for part in card.parts(printed)],
    }
    return pdf("card", {**_common(printed), **data})


def answer_key(printed: Printed) -> bytes:
    """标准答案与解析; for those who mark, never for candidates. Raises Refused without a Chinese font."""
    sections = [
        {
            "heading": section.heading,
            "table": key.table(section),
            "questions": [_explained(question) for question in section.questions],
        }
        for section in printed.sections
    ]
    data = {"heading": key.TITLE, "caution": key.CAUTION, "across": key.ACROSS, "sections": sections}
    return pdf("key", {**_common(printed), **data})


def _common(printed: Printed) -> dict[str, Any]:
    return {
        "title": printable(printed.title),
        "name": printable(printed.name),
        "form": printable(printed.form),
        "organiser": printable(printed.organiser),
        "facts": printed.facts,
        "mark": printed.mark,
    }


def _asked(question: Question, section: Section) -> dict[str, Any]:
    options = [] if question.kind == "judge" else question.options
    return {
        "number": question.number,
        "text": printable(section.words_of(question)),
        "across": per_line(options, ROOM),
        "options": [(letter, printable(text)) for letter, text in options],
    }


def _explained(question: Question) -> dict[str, Any]:
    return {
        "number": question.number,
        "text": printable(question.stem),
        "notes": [(label, printable(text)) for label, text in key.notes(question)],
    }


def _part(part: card.Part) -> dict[str, Any]:
    rows = [
        [None if cell is None else {"number": cell.number, "marks": list(cell.marks)} for cell in row]
        for row in part.rows
    ]
    return {"heading": part.heading, "columns": part.columns, "rows": rows}
