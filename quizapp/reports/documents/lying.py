"""What the Word and PDF forms on a lying A4 sheet share: margins, widths of columns, size of letters. Pure."""

from collections.abc import Collection, Sequence
from math import ceil

from quizapp.exams.printing.sizes import Size

LYING = Size("a4", 297, 210, 1, left=18, right=18)
TYPE = 10.0  # points, in tables
MARGIN = 0.8  # mm at both sides of what stands in a cell
FIGURE = 16  # mm: a column of figures, at least
FEET_AT = (
    44,
    88,
    158,
)  # mm from the margin: the second to fourth of five places to sign; the last ends the line
_POINT = 25.4 / 72  # mm


def widths(
    headings: Sequence[str], texts: Collection[int] = (0,), sheet: Size = LYING, points: float = TYPE
) -> list[int]:
    """The widths in mm of a table as wide as the sheet: each figure's heading on one line, the rest for the texts.

    texts: the places of the columns with texts, which share what is left alike; points: of the letters.
    """
    own = [max(FIGURE, ceil(len(heading) * points * _POINT + 2 * MARGIN + 0.5)) for heading in headings]
    rest = sheet.printed - sum(width for place, width in enumerate(own) if place not in texts)
    return [rest // len(texts) if place in texts else width for place, width in enumerate(own)]
