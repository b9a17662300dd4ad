"""References inside a text (本条例第三十一条第六项, 前款, 第二十条、第二十六条): where they stand, where they lead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.regulations.citing import Article, Law, Line, NoSuchProvision
from quizapp.regulations.numerals import NUMERAL, number

_N = NUMERAL
_BELOW = rf"(?:第(?:{_N})款)?(?:第[（(]?(?:{_N})[）)]?项)?(?:第(?:{_N})目)?"
_PLACE = rf"第(?:{_N})条(?:之(?:{_N}))?{_BELOW}"
_JOINT = "(?:、|和|或者|或|至|以及|及|，)"
_WHOSE = "《[^》]*》|本(?:条例|法|规定|办法|细则|决定|规则|准则)"
_CHAIN = re.compile(rf"(?P<whose>{_WHOSE})?(?P<first>{_PLACE})(?P<more>(?:{_JOINT}{_PLACE})*)")
_BEFORE = re.compile(
    rf"(?<![目当以此之先日])前(?P<how_many>[一二两三四五])?(?P<unit>[条款项])(?!目|件)"
    rf"|本条(?P<below>第(?:{_N})款(?:第(?:{_N})项)?)"
)
_OTHER_LAW = re.compile(r"(?:》|法|条例|规定|办法|细则|解释|章程)$")


@dataclass(frozen=True)
class Reference:
    """Characters start…end of a line's text lead to the anchor."""

    start: int
    end: int
    anchor: str


def references(law: Law, article: Article, line: Line) -> list[Reference]:
    """The references of one line that lead to provisions of the same regulation, from left to right.

    第二百条 of another law (《刑法》第二百条, 刑法第二百条) is none of ours, nor is an address that leads nowhere.
    """
    found = [*_addresses(law, line.text), *_relative(law, article, line)]
    out: list[Reference] = []
    for reference in sorted(found, key=lambda r: r.start):
        if reference.anchor in law.anchors and (not out or reference.start >= out[-1].end):
            out.append(reference)
    return out


def _addresses(law: Law, text: str) -> Iterator[Reference]:
    for chain in _CHAIN.finditer(text):
        whose = chain["whose"] or ""
        if whose.startswith("《") and whose.strip("《》") != law.title:
            continue
        if not whose and _OTHER_LAW.search(text[: chain.start()]):
            continue
        for place in re.finditer(_PLACE, chain[0]):
            start = chain.start() + place.start()
            begin = chain.start() if place.start() == len(whose) else start
            try:
                yield Reference(begin, start + len(place[0]), law.anchor_of(place[0]))
            except NoSuchProvision:
                continue


def _relative(law: Law, article: Article, line: Line) -> Iterator[Reference]:
    paragraph = line.anchor.split(".")[1]
    for found in _BEFORE.finditer(line.text):
        if found["below"]:
            try:
                anchor = law.anchor_of(article.in_words + found["below"])
            except NoSuchProvision:
                continue
            yield Reference(found.start(), found.end(), anchor)
            continue
        back = number(found["how_many"]) if found["how_many"] else 1
        anchor = _back(law, article, line, paragraph, found["unit"], back)
        if anchor:
            yield Reference(found.start(), found.end(), anchor)


def _back(law: Law, article: Article, line: Line, paragraph: str, unit: str, back: int) -> str:
    """Where 前条, 前款, 前两项 lead: the first of the provisions meant, "" for none."""
    if unit == "款":
        place = int(paragraph) - back
        return f"{article.number}.{place}" if place >= 1 else ""
    if unit == "项":
        parts = line.anchor.split(".")
        place = int(parts[2]) - back if len(parts) > 2 else 0
        return f"{article.number}.{paragraph}.{place}" if place >= 1 else ""
    numbers = [a.number for a in law.articles]
    index = numbers.index(article.number) - back
    return numbers[index] if index >= 0 else ""
