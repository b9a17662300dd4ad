"""What a remark of the sheet says about somebody's standing: retired, gone, on leave, back. Pure.

Only a cell that begins with one of these words counts; any other remark is left alone.
"""

import re
from dataclasses import dataclass
from datetime import date

SAID = {
    "retired": ("退休", "已退休", "离退休", "内退", "离休"),
    "left": ("调离", "已调离", "调出", "已调出", "辞职", "离职", "已离职", "辞退", "解聘", "开除"),
    "maternity": ("产假", "休产假", "生育假"),
    "sick": ("长病假", "长期病假", "病假", "休病假", "病休", "长期病休"),
    "back": ("在岗", "在职", "在编在岗", "返岗", "销假", "正常"),
}
LEAVE_WORDS = {"maternity": "产假", "sick": "长病假"}
_MEANING = {word: kind for kind, words in SAID.items() for word in words}
_LONGEST = max(map(len, _MEANING))
_DAY = re.compile(r"(\d{4})\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class Standing:
    """kind: a key of SAID. since, until: the first and the second date that stand beside it."""

    kind: str
    since: date | None = None
    until: date | None = None


def standing(text: str) -> Standing | None:
    """What a cell says, or None. "产假（2026.3.1—2026.8.31）" is a leave with both its days.

    Dates that do not exist, or that end before they begin, are not read.
    """
    begins = next((text[:n] for n in range(min(_LONGEST, len(text)), 0, -1) if text[:n] in _MEANING), None)
    if begins is None:
        return None
    days = [day for found in _DAY.findall(text) if (day := _day(*map(int, found))) is not None]
    since, until = (days + [None, None])[:2]
    if since is not None and until is not None and until < since:
        since = until = None
    return Standing(_MEANING[begins], since, until)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
