"""Lines that print broke off are put together again.

In a law a 款, 项 or 目 ends with 。； or ：. A line that ends otherwise goes on in the next one that opens nothing of
its own. In a text broken at a fixed width a full line may also end with 。 by chance: the indent of what follows
decides then, and where a text has no indents a person does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quizapp.regulations import marks
from quizapp.regulations.doubts import Doubt, told_lines
from quizapp.regulations.lines import Line

BROKEN = 3  # lines that go on, from which a text counts as broken at a fixed width
SLACK = 4  # columns by which a full line may be shorter: a mark of punctuation never begins a line
INDENTED = 0.8  # share of the articles and items that begin with blanks in a text that has indents


@dataclass(frozen=True)
class _Page:
    """How the text was set. width: columns at which lines break, 0 for none."""

    width: int
    has_indents: bool


def joined(lines: Sequence[Line]) -> tuple[list[Line], list[Doubt]]:
    """The lines of articles with their broken ones put together, and which they were."""
    page = _page(lines)
    out: list[Line] = []
    broken: list[int] = []
    unsure: list[int] = []
    last: Line | None = None
    for line in lines:
        if last is not None and out and _may_go_on(out[-1].text) and _opens_nothing(line.text):
            full = page.width and last.width >= page.width - SLACK
            if not marks.ends(last.text) or (full and page.has_indents and not line.indented):
                out[-1] = replace(out[-1], text=_together(out[-1].text, line.text))
                broken.append(line.number)
                last = line
                continue
            if full and not page.has_indents:
                unsure.append(line.number)
        out.append(line)
        last = line
    return out, _doubts(broken, unsure)


def _may_go_on(text: str) -> bool:
    """Whether a line says words of an article: a heading and a bare 第一条 do not."""
    if marks.division(text):
        return False
    article = marks.article(text)
    return article is None or bool(article[1])


def _opens_nothing(text: str) -> bool:
    return not marks.opens(text)


def _page(lines: Sequence[Line]) -> _Page:
    going_on = [
        (one, two)
        for one, two in zip(lines, lines[1:], strict=False)
        if _may_go_on(one.text) and not marks.ends(one.text) and _opens_nothing(two.text)
    ]
    if len(going_on) < BROKEN:
        return _Page(0, False)
    begun = [line for line in lines if marks.article(line.text) or marks.item(line.text)]
    indented = sum(line.indented for line in begun) >= INDENTED * len(begun) > 0
    flush = sum(not two.indented for _, two in going_on) >= INDENTED * len(going_on)
    return _Page(max(one.width for one, _ in going_on), indented and flush)


def _together(one: str, two: str) -> str:
    between = (
        " " if one[-1:].isascii() and one[-1:].isalpha() and two[:1].isascii() and two[:1].isalpha() else ""
    )
    return one + between + two


def _doubts(broken: Sequence[int], unsure: Sequence[int]) -> list[Doubt]:
    doubts = []
    if broken:
        said = f"{told_lines(broken)}接在上一行之后，已连成一段，请核对。"
        doubts.append(Doubt("joined", said, broken[0]))
    if unsure:
        said = f"{told_lines(unsure)}是新的一款，还是上一款的续行，文中看不出，已作为新的一款读入，请核对。"
        doubts.append(Doubt("paragraph", said, unsure[0]))
    return doubts
