"""What follows the last article: 附件 and 附表, a signature, the words of a web page. It is told and not stored."""

import re
from collections.abc import Sequence

from quizapp.regulations import marks
from quizapp.regulations.doubts import Doubt, told_lines
from quizapp.regulations.lines import Line

_ANNEX = re.compile(
    r"(?:附件|附表|附录|附图)[ \u3000]?[\d一二三四五六七八九十]{0,3}(?:[ \u3000：:.、].{0,80})?|附[：:].{0,80}"
)
LAST = 60  # lines at the end among which a signature may stand


def without_endings(lines: Sequence[Line], title: str) -> tuple[list[Line], list[Doubt]]:
    """The lines up to the end of the last article, and what followed it. Its title again is a header of print."""
    lines = [line for line in lines if marks.closed_up(line.text).strip("《》") != title]
    kept, doubts = _without_annex(lines)
    end = _end_of_text(kept)
    if end < len(kept):
        told = told_lines([line.number for line in kept[end:]])
        said = f"{told}在最后一条之后（如落款），没有读入：“{kept[end].text[:30]}”。"
        doubts.append(Doubt("ending", said, kept[end].number))
    return kept[:end], doubts


def _without_annex(lines: list[Line]) -> tuple[list[Line], list[Doubt]]:
    seen = False
    for place, line in enumerate(lines):
        seen = seen or marks.article(line.text) is not None
        if seen and _ANNEX.fullmatch(line.text) and not line.text.endswith("。"):
            told = told_lines([after.number for after in lines[place:]])
            return lines[:place], [
                Doubt("annex", f"{told}是附件，没有读入：“{line.text[:30]}”。", line.number)
            ]
    return lines, []


def _end_of_text(lines: Sequence[Line]) -> int:
    """Behind the last line that opens something or ends a sentence; the whole where that is no end of a sentence."""
    for place in range(len(lines) - 1, max(-1, len(lines) - 1 - LAST), -1):
        text = lines[place].text
        if marks.ends(text):
            return place + 1
        if marks.opens(text):
            return len(lines)
    return len(lines)
