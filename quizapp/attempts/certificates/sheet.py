"""Certificates as PDF: one lying A4 sheet each, with room for the seal of the 发证单位.

The first code leads to the public page. The second holds the signed text, so that a copy on paper can be checked where
there is no network; a PDF carries the same text as an attachment.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import segno

from quizapp import dates, typesetting
from quizapp.attempts.certificates import claims
from quizapp.attempts.certificates.claims import Signed
from quizapp.exams.printing.sheets import printable

TEMPLATE = Path(__file__).with_suffix(".typ")
ATTACHED = "certificates.txt"
TITLE_FAMILIES = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong")  # then 宋体, bold
TEXT_FAMILIES = ("FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R")  # then 宋体


def pdf(certificates: Sequence[Signed], address: str) -> bytes:
    """The sheets in their order. address: of the public page, up to the number. Raises Refused without a font."""
    data = {
        "sheets": [_sheet(one, f"{address}{one.printed.number}") for one in certificates],
        "attached": ATTACHED,
        "text": "\n\n".join(claims.text(one) for one in certificates) + "\n",
        "about": claims.TITLE if len(certificates) > 1 else certificates[0].printed.number,
    }
    return typesetting.pdf(TEMPLATE, {**data, **_fonts(typesetting.installed())})


def _fonts(there: frozenset[str]) -> dict[str, object]:
    """Which of these families set title and text, each the best first; a 宋体 as title is set bold."""
    others = [family for family in (*typesetting.SERIF, *typesetting.SANS) if family in there]
    title, text = (
        [family for family in wanted if family in there] for wanted in (TITLE_FAMILIES, TEXT_FAMILIES)
    )
    return {
        "title": [*title, *others],
        "body": [*text, *others],
        "title_weight": "regular" if title else "bold",
    }


def _sheet(one: Signed, url: str) -> dict[str, object]:
    printed, said = one.printed, one.printed.claim
    return {
        "number": printed.number,
        "title": printable(said.title),
        "unit": printable(said.unit),
        "name": printable(said.name),
        "when": dates.day(printed.examined_on),
        "exam": printable(said.exam),
        "level": said.level,
        "issuer": printable(said.issuer),
        "day": dates.day(printed.issued_on),
        "url": url,
        "key": one.key_id,
        "page": svg(url),
        "signed": svg(claims.text(one)),
    }


def svg(content: str) -> str:
    """A QR code as a drawing of its own. The mask is given, see `people.slip_sheet`."""
    drawn = io.BytesIO()
    code = segno.make(
        content, error="m" if len(content) < 100 else "l", mask=3, micro=False, boost_error=False
    )
    code.save(drawn, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None)
    return drawn.getvalue().decode()
