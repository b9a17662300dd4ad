"""References inside a text: where they stand, where they lead.

本条例第三十一条第六项, 第二十条、第二十六条, 第十条第一项、第三项, 前款, 前两条, 前款第二项, and 第二款 without its
article, which is this one; whole chapters and sections, see `divisions`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.regulations import divisions
from quizapp.regulations.citing import Article, Law, Line, NoSuchProvision
from quizapp.regulations.divisions import JOINT as _JOINT
from quizapp.regulations.numerals import NUMERAL, number, words

_N = NUMERAL
_BELOW = rf"(?:第(?:{_N})款)?(?:第[（(]?(?:{_N})[）)]?项)?(?:第(?:{_N})目)?"
_PLACE = rf"第(?:{_N})条(?:之(?:{_N}))?{_BELOW}"
_WHOSE = "《[^》]{0,100}》|本(?:条例|法|规定|办法|细则|决定|规则|准则)"
_TAIL = rf"第(?:{_N})款(?:第[（(]?(?:{_N})[）)]?项)?|第[（(]?(?:{_N})[）)]?项(?:第(?:{_N})目)?"
_CHAIN = re.compile(rf"(?P<whose>{_WHOSE})?(?P<first>{_PLACE})(?P<more>(?:{_JOINT}(?:{_PLACE}|{_TAIL}))*)")
_STEP = re.compile(rf"(?P<joint>{_JOINT})?(?P<place>{_PLACE}|{_TAIL})")
_BEFORE = re.compile(
    rf"(?<![目当以此之先日])前(?P<how_many>[一二两三四五])?(?P<unit>[条款项])(?!目|件)(?P<item>第[（(]?(?:{_N})[）)]?项)?"
    rf"|(?:本条|(?<![条款项]))(?P<below>{_TAIL})(?:{_JOINT}(?P<second>{_TAIL}))?"
)
_OTHER_LAW = re.compile(r"(?:》|法|条例|规定|办法|细则|解释|章程)$")
_ENDS_WITH_OWNER = re.compile(rf"(?:{_WHOSE})$")


@dataclass(frozen=True)
class Reference:
    """Characters start…end of a line's text lead to the anchor. between: what is left unsaid by 至."""

    start: int
    end: int
    anchor: str
    between: tuple[str, ...] = ()


def references(law: Law, article: Article, line: Line) -> list[Reference]:
    """The references of one line that lead to provisions and chapters of the same regulation, from left to right.

    第二百条 of another law (《刑法》第二百条, 刑法第二百条) is none of ours, nor is an address that leads nowhere.
    """
    chains = list(_CHAIN.finditer(line.text))
    found = [reference for chain in chains for reference in _addresses(law, line.text, chain)]
    spoken_for = [(chain.start(), chain.end()) for chain in chains]
    found += [
        r for r in _relative(law, article, line) if not any(s < r.end and r.start < e for s, e in spoken_for)
    ]
    found += _divisions(law, article, line.text)
    known = law.anchors | law.divisions.keys()
    return sorted((r for r in found if r.anchor in known), key=lambda r: r.start)


def _divisions(law: Law, article: Article, text: str) -> Iterator[Reference]:
    """本法第三章 with whose it is; none of another law's."""
    for start, end, anchor, between in divisions.places(law, article, text):
        whose = _ENDS_WITH_OWNER.search(text[:start])
        if not _is_others(law, whose[0] if whose else "", text[:start]):
            yield Reference(whose.start() if whose else start, end, anchor, between)


def _is_others(law: Law, whose: str, before: str) -> bool:
    """Whether an address belongs to another law. whose: 本法 or 《…》 right before it; before: the text till there."""
    if whose:
        return whose.startswith("《") and whose.strip("《》") != law.title
    return _OTHER_LAW.search(before) is not None


def _addresses(law: Law, text: str, chain: re.Match[str]) -> Iterator[Reference]:
    """The places of one chain: 本条例第二十条、第二十六条, 第十条第一项、第三项, 第二十条至第二十二条."""
    before = divisions.without_division(text[: chain.start()])
    whose = _ENDS_WITH_OWNER.search(before) if len(before) < chain.start() else None
    if _is_others(law, chain["whose"] or (whose[0] if whose else ""), before):
        return
    last, at = "", chain.start("first")
    while step := _STEP.match(text, at, chain.end()):
        at = step.end()
        begin = step.start("place") if last else chain.start()
        try:
            anchor = law.anchor_of(_whole(step["place"], last))
        except NoSuchProvision:
            last = step["place"] if "条" in step["place"] else last
            continue
        between = _between(law, law.anchor_of(last), anchor) if step["joint"] == "至" and last else ()
        last = _whole(step["place"], last)
        yield Reference(begin, at, anchor, between)


def _whole(place: str, last: str) -> str:
    """第三项 after 第十条第一项 is 第十条第三项; 第二款 after 第十条第一款 is 第十条第二款."""
    if "条" in place:
        return place
    unit = "款" if "款" in place else "项"
    before = re.match(rf"第(?:{_N})条(?:之(?:{_N}))?" + (rf"(?:第(?:{_N})款)?" if unit == "项" else ""), last)
    return (before[0] if before else "") + place


def _between(law: Law, first: str, last: str) -> tuple[str, ...]:
    """The articles between two anchors, without either."""
    numbers = [article.number for article in law.articles]
    start, end = (numbers.index(anchor.partition(".")[0]) for anchor in (first, last))
    return tuple(numbers[start + 1 : end])


def _relative(law: Law, article: Article, line: Line) -> Iterator[Reference]:
    paragraph = line.anchor.split(".")[1]
    for found in _BEFORE.finditer(line.text):
        if found["below"]:
            yield from _own(law, article, line, found)
            continue
        back = number(found["how_many"]) if found["how_many"] else 1
        anchor = _back(law, article, line, paragraph, found["unit"], back)
        end = found.end("item") if found["item"] else found.end("unit")
        if anchor and found["item"]:
            anchor = f"{anchor}.{number(re.sub('[第（()）项]', '', found['item']))}"
        if anchor:
            yield Reference(found.start(), end, anchor)


def _own(law: Law, article: Article, line: Line, found: re.Match[str]) -> Iterator[Reference]:
    """第二款, 第一款第三项 of this article; 第三项 of this paragraph."""
    if _OTHER_LAW.search(line.text[max(0, found.start() - 2) : found.start()]):
        return
    own = f"{article.in_words}第{words(int(line.anchor.split('.')[1]))}款"
    last = own
    for name in ("below", "second"):
        if found[name]:
            last = article.in_words + found[name] if "款" in found[name] else _whole(found[name], last)
            begin = found.start() if name == "below" else found.start(name)
            try:
                yield Reference(begin, found.end(name), law.anchor_of(last))
            except NoSuchProvision:
                continue


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
