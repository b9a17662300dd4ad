"""The text of a PDF file, page by page. `child.read` runs this in a child process.

Says {"pages": [[text, has pictures], …]}, or {"refused": "encrypted" | "too_long"}.
"""

import io
from typing import Any

from pypdf import PageObject, PdfReader

from quizapp.child import seconds_left

PAGES = 500
ENOUGH = 4  # seconds for handing over what was read


def read(data: bytes) -> dict[str, Any]:
    """Raises whatever a damaged file makes the parser raise: the child ends, and its caller refuses the file."""
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        return {"refused": "encrypted"}
    if len(reader.pages) > PAGES:
        return {"refused": "too_long"}
    pages: list[tuple[str, bool]] = []
    for page in reader.pages:
        pages.append((page.extract_text(), _has_pictures(page)))
        if seconds_left() < ENOUGH:  # soon the child would be ended without a word
            return {"refused": "too_long"}
    return {"pages": pages}


def _has_pictures(page: PageObject) -> bool:
    """Pictures are counted, never decoded."""
    try:
        objects = page["/Resources"]["/XObject"].values()  # type: ignore[index]
        return any(one.get_object()["/Subtype"] == "/Image" for one in objects)
    except (KeyError, TypeError, AttributeError):
        return False
