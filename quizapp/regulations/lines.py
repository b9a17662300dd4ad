"""The lines of a published text without what print, the web and Markdown put around the words of the law."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp.regulations import marks
from quizapp.regulations.doubts import Doubt, told_lines

BLANKS = " \t\u3000\u00a0\u2002\u2003\u2009"
WIDEST = 300  # characters of a line that are measured; no print breaks lines later
REPEATED = 3  # times that a line stands beside page numbers before it is a running header
_NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))  # zero width, soft hyphen
_ENTITY = re.compile("&(?:nbsp|emsp|ensp|#160|#12288);")
_MARKDOWN = re.compile(rf"(?:>[{BLANKS}]?)*(?:#{{1,6}}[{BLANKS}]+)?(?:[-*+•●][{BLANKS}]+)?")
_BOLD = re.compile(r"(\*\*|__)([^*_]{1,200})\1")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~])")
_RULE = re.compile(r"[-*_=~—─ ]{3,}")
_DASHES = r"[-—–―─·•~\s]{0,6}"
_PAGE = re.compile(rf"{_DASHES}第?\s?\d{{1,4}}\s?页?\s?(?:[/／共，,]\s?共?\s?\d{{1,4}}\s?页?)?{_DASHES}")  # noqa: RUF001
_WEB = re.compile(
    r"[【\[（(]?(?:责任编辑|编辑|来源|信息来源|发布时间|字号|字体|打印|打印本页|关闭窗口|关闭|分享到?|扫一扫|上一篇|下一篇"
    r"|版权所有|网站地图|主办单位|网站标识码|返回顶部)(?:[】\]）)：:\s|].{0,60})?"
)


@dataclass(frozen=True)
class Line:
    """A line with words. number: in the source, from 1; width: columns in print, a Han character takes two."""

    number: int
    text: str
    indented: bool = False
    width: int = 0


def lines_of(text: str) -> list[Line]:
    """The lines with words, without Markdown's marks and outer blanks."""
    found = []
    for number, raw in enumerate(text.splitlines(), 1):
        bare = _bare(raw)
        if bare and not _RULE.fullmatch(bare[:80]):
            printed = _ENTITY.sub("\u3000", raw.translate(_NOTHING)).rstrip()
            found.append(Line(number, bare, printed[:1] in tuple(BLANKS), _width(printed)))
    return found


def _bare(raw: str) -> str:
    text = _ENTITY.sub(" ", raw.translate(_NOTHING)).strip(BLANKS)
    text = text[mark.end() :] if (mark := _MARKDOWN.match(text)) else text
    text = _BOLD.sub(r"\2", text) if "**" in text or "__" in text else text
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text).removesuffix("\\")
    return "".join(c for c in text if c >= " " or c == "\t").strip(BLANKS)


def _width(printed: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in printed[:WIDEST])


def without_noise(lines: Sequence[Line]) -> tuple[list[Line], list[Doubt]]:
    """The lines without page numbers, running headers, words of a web page and tables, and what was left out."""
    headers = _headers(lines)
    kept, pages, tables = [], [], []
    for line in lines:
        if _is_page(line.text) or headers.get(line.text, line.number) != line.number:
            pages.append(line.number)
        elif len(line.text) > 1 and line.text[0] == line.text[-1] == "|":
            tables.append(line.number)
        else:
            kept.append(line)
    return kept, [
        *_told("noise", pages, "是页码、页眉或网页上的文字"),
        *_told("table", tables, "是表格"),
    ]


def _is_page(text: str) -> bool:
    return len(text) <= 80 and bool(_PAGE.fullmatch(text) or _WEB.fullmatch(text))


def _headers(lines: Sequence[Line]) -> dict[str, int]:
    """Short lines that stand beside page numbers again and again: the number of the line that stays, 0 for none."""
    pages = {place for place, line in enumerate(lines) if _is_page(line.text)}
    beside = [lines[place] for place in range(len(lines)) if {place - 1, place + 1} & pages]
    short = [line for line in beside if len(line.text) <= 40 and not marks.opens(line.text)]
    times = Counter(line.text for line in short if not marks.ends(line.text))
    body = next((line.number for line in lines if marks.opens(line.text)), 0)
    first = {line.text: line.number for line in reversed(lines)}
    return {text: first[text] if first[text] < body else 0 for text, n in times.items() if n >= REPEATED}


def _told(code: str, numbers: Sequence[int], what: str) -> Iterable[Doubt]:
    if numbers:
        yield Doubt(code, f"{told_lines(numbers)}{what}，没有读入。", numbers[0])
