"""What the words at the head of a line open: 编, 分编, 章, 节, 条, 项 or 目; and whether a line ends a sentence.

Written as published: 第三十一条, 第 31 条, 第一百二十条之一, （六）, (六), ㈥, 1., １．, （1）, ⑴, ①.
"""

import re
import unicodedata
from dataclasses import dataclass

from quizapp.regulations.numerals import NUMERAL, is_key, key, number

_B = r"[ \t\u3000\u00a0\u2002\u2003\u2009]"
_N = rf"{NUMERAL.removesuffix('+')}{{1,9}}"
_DIVISION = re.compile(rf"第{_B}{{0,2}}({_N}){_B}{{0,2}}(编|分编|章|节)(?:之({_N}))?({_B}*)(.*)")
_ARTICLE = re.compile(rf"第{_B}{{0,2}}({_N}){_B}{{0,2}}条(?:{_B}?之({_N}))?(?:(?:{_B}|[：:])+(.*)|(【.*))?")
_GLUED = re.compile(rf"第({_N})条(?:之({_N}))?([^ \t\u3000\u00a0：:【].*)")
_ITEM = re.compile(rf"[（(]{_B}?([〇零一二三四五六七八九十百]{{1,7}}){_B}?[）)]{_B}*(.*)|([㈠-㈩]){_B}*(.*)")
_SUBITEM = re.compile(rf"(?:[（(]{_B}?(\d{{1,4}}){_B}?[）)]|(\d{{1,4}})[.．、](?!\d)|([⑴-⒇①-⑳⒈-⒛])){_B}*(.*)")
_BELOW_ARTICLE = re.compile(rf"第{_N}[款项目]")
_ADDRESS_GOES_ON = re.compile(rf"第{_N}[款项目]|规定|所列|所称|[的、，和或及至与]")
_END = re.compile(r"[。；：！？!?;:…][”’」』）)\]]{0,3}$")
_LEADERS = re.compile(rf"(?:{_B}|[.…·．。﹒‥_-]){{2,200}}\d{{0,4}}$|{_B}+\d{{1,4}}$")
_INSIDE_SENTENCE = re.compile("[。；，：]")
LONGEST_HEADING = 40  # characters


@dataclass(frozen=True)
class Division:
    """The heading of a division. unit: 编, 分编, 章, 节; number: "3", "12-1"."""

    unit: str
    number: str
    heading: str


def division(text: str) -> Division | None:
    """The division that a line opens; none for a sentence about one."""
    found = _DIVISION.fullmatch(text)
    if found is None or not is_key(found[1], found[3]):
        return None
    heading = found[5]
    if _INSIDE_SENTENCE.search(heading) or len(heading) > LONGEST_HEADING:
        return None
    if not found[4] and re.match("(?:第|的|规定|所|和|、)", heading):
        return None
    return Division(found[2], key(found[1], found[3]), closed_up(heading))


def article(text: str) -> tuple[str, str] | None:
    """(number, the words behind it) of an article that a line opens: ("120-1", "")."""
    found = _ARTICLE.fullmatch(text)
    if found is None or not is_key(found[1], found[2]):
        return None
    words = found[3] or found[4] or ""
    return None if _BELOW_ARTICLE.match(words) else (key(found[1], found[2]), words)


def glued_article(text: str) -> tuple[str, str] | None:
    """The same for a line that lost the blank behind 条; it may be a sentence about an article all the same."""
    found = _GLUED.fullmatch(text)
    if found is None or not is_key(found[1], found[2]) or _ADDRESS_GOES_ON.match(found[3]):
        return None
    return key(found[1], found[2]), found[3]


def item(text: str) -> tuple[int, str] | None:
    """(count, words) of an 项."""
    found = _ITEM.fullmatch(text)
    if found is None:
        return None
    if found[3]:
        return int(unicodedata.numeric(found[3])), found[4]
    return (number(found[1]), found[2]) if is_key(found[1]) else None


def subitem(text: str) -> tuple[int, str] | None:
    """(count, words) of a 目."""
    found = _SUBITEM.fullmatch(text)
    if found is None:
        return None
    count = int(unicodedata.numeric(found[3])) if found[3] else int(found[1] or found[2])
    return count, found[4]


def opens(text: str) -> bool:
    """Whether a line begins something of its own, so that it continues no other."""
    return any(mark(text) is not None for mark in (division, article, item, subitem))


def ends(text: str) -> bool:
    """Whether a sentence or the announcement of a list ends with this line."""
    return _END.search(text[-4:]) is not None


def closed_up(words: str) -> str:
    """A heading without the blanks that only space it out (总　则 is 总则); other blanks become one."""
    pieces = [piece for piece in re.split(_B, words) if piece]
    return ("" if all(len(piece) == 1 for piece in pieces) else " ").join(pieces)


def without_leaders(text: str) -> str:
    """A line of a list of contents without its dots and page number, and without blanks."""
    return re.sub(_B, "", text[:-220] + _LEADERS.sub("", text[-220:]))
