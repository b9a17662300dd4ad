"""Paper, answer card and key as PDF: the same words as in Word, set by Typst."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from quizapp.exams.printing import card, key, seal
from quizapp.exams.printing.sheets import Printed, Question, Section, printable
from quizapp.exams.printing.sizes import A4, Size
from quizapp.exams.printing.typesetting import pdf
from quizapp.exams.printing.widths import per_line
from quizapp.regulations.numerals import words


def paper(printed: Printed, size: Size = A4) -> bytes:
    """The candidate's paper; nothing in it tells a key. Raises Refused without a Chinese font."""
    sections = [
        {
            "numeral": words(number),
            "heading": section.heading,
            "questions": [_asked(question, section, size.room) for question in section.questions],
        }
        for number, section in enumerate(printed.sections, 1)
    ]
    strip = {"fields": seal.FIELDS, "line": "密封线", "words": seal.WORDS}
    notice = [printable(line) for line in printed.notice]
    data = {"notice": notice, "sections": sections, "seal": strip, "size": asdict(size)}
    return pdf("paper", {**_common(printed), **data})


def answer_card(printed: Printed, forms: Sequence[str] = ()) -> bytes:
    """One page for up to 100 questions. forms: all forms of the exam, for the boxes 卷别. Raises Refused."""
    data = {
        "digits": card.ACCOUNT_DIGITS,
        "absent": card.ABSENT,
        "again": f"{printable(printed.name)}答题卡　　{card.AGAIN}",
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


def _asked(question: Question, section: Section, room: int) -> dict[str, Any]:
    options = [] if question.kind == "judge" else question.options
    return {
        "number": question.number,
        "text": printable(section.words_of(question)),
        "across": per_line(options, room),
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
