"""A 通报 as PDF: the same words as in Word, set by Typst."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from quizapp import typesetting
from quizapp.exams.printing.sheets import printable
from quizapp.reports.documents import official
from quizapp.reports.documents.circular import HEADINGS, TABLE, Circular
from quizapp.reports.documents.lying import MARGIN, widths

TEMPLATE = Path(__file__).with_name("circular.typ")


def write(circular: Circular) -> bytes:
    """The file. Raises Refused without a Chinese font."""
    data = {
        "letterhead": printable(circular.letterhead),
        "mark_points": official.mark_points(circular.letterhead),
        "number": printable(circular.number),
        "title": printable(circular.title),
        "recipients": printable(circular.recipients),
        "lines": [
            {**asdict(line), "lead": printable(line.lead), "rest": printable(line.rest)}
            for line in circular.lines
        ],
        "attachment": circular.attachment,
        "signature": printable(circular.signature),
        "day": circular.day,
        "indents": circular.indents,
        "rows": [[printable(str(value)) for value in row] for row in circular.rows],
        "headings": HEADINGS,
        "table": TABLE,
        "widths": widths(HEADINGS, sheet=official.SHEET, points=official.TABLE),
        "note": circular.note,
        "inset": MARGIN,
        "official": _facts(),
    }
    return typesetting.pdf(TEMPLATE, {**data, **fonts(typesetting.installed())})


def fonts(there: frozenset[str]) -> dict[str, Any]:
    """Which of these families set 小标宋, 仿宋 and 楷体, each the best first, 宋体 at last; a 宋体 in the place of
    小标宋 is set bold."""
    others = [family for family in (*typesetting.SERIF, *typesetting.SANS) if family in there]
    found: dict[str, Any] = {
        name: [family for family in wanted if family in there]
        for name, wanted in official.PDF_FAMILIES.items()
    }
    weight = "regular" if found["biao"] else "bold"
    return {name: [*own, *others] for name, own in found.items()} | {"biao_weight": weight}


def _facts() -> dict[str, float]:
    names = (
        "TOP",
        "BOTTOM",
        "TEXT",
        "TITLE",
        "SMALL",
        "TABLE",
        "LINE",
        "ADVANCE",
        "MARK_TOP",
        "RULE_BELOW",
        "PAGE_BELOW",
    )
    return {name.lower(): getattr(official, name) for name in names} | {
        "left": official.SHEET.left,
        "right": official.SHEET.right,
    }
