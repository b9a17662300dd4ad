"""PDF files with a text layer: their lines for the reader of free text. A scan has none and is refused.

The text is taken out in a child process (`pdf_reader`). Page numbers, and headers and footers that come back from
page to page, stand in the middle of questions and are taken out here, with a word.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

from quizapp import child
from quizapp.bank.drafts import Problem
from quizapp.errors import Refused

SAVE_AS = "请在WPS中另存为.docx或.xlsx后重新上传。"
EDGE = 3  # lines at the top and the bottom of a page among which headers, footers and page numbers stand
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PAGE_MARK = re.compile(
    r"第\s*\d+\s*页[\s，,/／|]*(?:共\s*\d+\s*页)?|共\s*\d+\s*页[\s，,/／|]*第\s*\d+\s*页"
    r"|[-—–－·]+\s*\d+\s*[-—–－·]+|\d+\s*[/／]\s*\d+|page\s*\d+(?:\s*(?:of|/)\s*\d+)?",
    re.IGNORECASE,
)
_OF_A_QUESTION = re.compile(
    r"[（(]?[A-Ha-h][）)]?(?![A-Za-z])|[（(]?\d{1,4}[）)]?(?:\s*[.．、:：)）]|$)|[①-⑳]|[一二三四五六七八九十]+、"
    r"|.{0,6}(?:答案|解析|依据|难度)|(?:正确|错误|对|错|√|×|[A-H]{1,8})$"
)


def text_of(data: bytes, file_name: str) -> tuple[str, list[Problem]]:
    """The lines of all pages, and what was left out of them. Raises Refused."""
    pages = _read(data)
    texts = [[_CONTROL.sub("", line).strip() for line in text.splitlines()] for text, _ in pages]
    texts = [[line for line in lines if line] for lines in texts]
    left_out = list(_without_edges(texts))
    if not any(texts):
        raise _refuse("file_scanned", "PDF中没有文字，可能是扫描件。", SAVE_AS)
    problems = [Problem(1, column, said, "warning", file_name) for column, said in left_out]
    problems += _of_pages(texts, [pictured for _, pictured in pages], file_name)
    return "\n".join(line for lines in texts for line in lines), problems


def _read(data: bytes) -> list[Any]:
    broken = _refuse("file_broken", "文件已损坏，或不是PDF文件。", SAVE_AS)
    if not data.strip():
        raise _refuse("file_empty", "文件是空的。", "请核对文件后重新上传。")
    if b"%PDF-" not in data[:1024]:
        raise broken
    try:
        found = child.read("quizapp.bank.formats.pdf_reader", data)
    except child.Failed as error:
        raise broken from error
    if found.get("refused") == "encrypted":
        raise _refuse("file_encrypted", "PDF文件已加密，不能读取。", f"请去掉密码，或者{SAVE_AS}")
    if "refused" in found:
        raise _refuse("file_too_large", "PDF文件的内容过多。", "请拆分成几个文件，或者" + SAVE_AS)
    return list(found["pages"])


def _refuse(code: str, sentence: str, advice: str) -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{advice}", status=422)


def _of_pages(texts: list[list[str]], pictured: list[bool], source: str) -> Iterator[Problem]:
    """Pages that show what no text says: each kind is told once, at the first of them."""
    starts = list(accumulate((len(lines) for lines in texts), initial=1))  # lines, from 1
    for column, said, on in (
        ("页", "没有文字，可能是图片或空白页，没有读入，请核对。", [not lines for lines in texts]),
        ("图片", "有图片，没有读入，请核对题意。", pictured),
    ):
        if places := [place for place, yes in enumerate(on) if yes]:
            yield Problem(starts[places[0]], column, f"第{_numbers(places)}页{said}", "warning", source)


def _numbers(places: list[int]) -> str:
    """1、2、3; of more than five the first five and how many they are."""
    named = "、".join(str(place + 1) for place in places[:5])
    return named if len(places) <= 5 else f"{named}等{len(places)}"


# Headers, footers, page numbers ---------------------------------------------------------------------------------

Unwanted = Callable[[int, str], bool]  # number of the page, from 0; line


def _without_edges(pages: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Take page numbers, then repeated lines, out of the pages; says (label, sentence) of what went."""
    if numbers := _take(pages, _page_numbers(pages)).total():
        yield "页码", f"{numbers}处页码没有读入。"
    for line, times in _take(pages, _repeated(pages)).items():
        yield "页眉页脚", f"页眉或页脚“{line[:20]}”出现{times}次，没有读入。"


def _take(pages: list[list[str]], unwanted: Unwanted) -> Counter[str]:
    """Remove unwanted lines at the edges of pages; how often each went, under its first wording."""
    taken: Counter[str] = Counter()
    wording: dict[str, str] = {}
    for number, lines in enumerate(pages):
        gone = {place for place in _edges(lines) if unwanted(number, lines[place])}
        taken.update(wording.setdefault(_pattern(lines[place]), lines[place]) for place in sorted(gone))
        lines[:] = [line for place, line in enumerate(lines) if place not in gone]
    return taken


def _edges(lines: list[str]) -> list[int]:
    """Places of the lines at the top and at the bottom of a page."""
    return sorted({*range(min(EDGE, len(lines))), *range(max(0, len(lines) - EDGE), len(lines))})


def _pattern(line: str) -> str:
    """A line whose numbers may differ from page to page."""
    return re.sub(r"\d+", "#", line)


def _page_numbers(pages: list[list[str]]) -> Unwanted:
    """第3页, -3-, 3/9; and a bare number that runs along with at least two pages."""
    bare = re.compile(r"\d{1,4}")
    ahead = Counter(
        int(lines[place]) - number
        for number, lines in enumerate(pages)
        for place in _edges(lines)
        if bare.fullmatch(lines[place])
    )
    [(offset, times)] = ahead.most_common(1) or [(0, 0)]
    return lambda number, line: bool(
        _PAGE_MARK.fullmatch(line) or (times > 1 and bare.fullmatch(line) and int(line) == number + offset)
    )


def _repeated(pages: list[list[str]]) -> Unwanted:
    """What stands at the edge of two pages in five, at least of two, and is no part of a question."""
    seen = Counter(
        pattern for lines in pages for pattern in {_pattern(lines[place]) for place in _edges(lines)}
    )
    enough = max(2, len(pages) * 0.4)
    return lambda _, line: seen[_pattern(line)] >= enough and not _OF_A_QUESTION.match(line)
