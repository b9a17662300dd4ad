"""What looks wrong in a regulation once it was read as a whole."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from quizapp.regulations import marks
from quizapp.regulations.doubts import Doubt
from quizapp.regulations.numerals import label
from quizapp.regulations.provisions import ParsedProvision

LONG = 2000  # characters from which an article is compared with the others
TIMES_LONGER = 5  # than the article in the middle
_UNITS = {"p": "编", "b": "分编", "c": "章", "s": "节"}
_DIVISIONS = ("part", "chapter", "section")


def doubts_of(provisions: Sequence[ParsedProvision], contents: Iterable[str]) -> list[Doubt]:
    """Chapters without articles or out of their order, 目录 that lists others, articles that look like several."""
    divisions = [one for one in provisions if one.kind in _DIVISIONS]
    articles = [one for one in provisions if one.kind == "article"]
    return [
        *_without_articles(divisions, articles),
        *_out_of_order(divisions),
        *_not_in_contents(divisions, list(contents)),
        *_long(articles),
        *_several(articles),
    ]


def _name(division: ParsedProvision) -> str:
    return label(division.number, _unit_of(division.anchor))


def _unit_of(anchor: str) -> str:
    """The unit of a division by its anchor: c3-s1 and c3-s1-1 are 节."""
    return _UNITS[re.findall("[pbcs]", anchor)[-1]]


def _without_articles(
    divisions: Iterable[ParsedProvision], articles: Iterable[ParsedProvision]
) -> Iterator[Doubt]:
    parents = {article.parent for article in articles}
    above = {division.anchor: division.parent for division in divisions}
    filled: set[str] = set()
    for anchor in parents:
        while anchor and anchor not in filled:
            filled.add(anchor)
            anchor = above.get(anchor, "")
    for division in divisions:
        if division.anchor not in filled:
            yield Doubt("empty", f"{_name(division)}没有条文。", division.line)


def _out_of_order(divisions: Iterable[ParsedProvision]) -> Iterator[Doubt]:
    """Each kind of division counts on from the one before, or begins again below another parent."""
    last: dict[str, tuple[str, str]] = {}  # unit: (parent, number)
    for division in divisions:
        unit = _unit_of(division.anchor)
        parent, before = last.get(unit, ("", "0"))
        main, _, insert = before.partition("-")
        expected = {f"{int(main) + 1}", f"{main}-{int(insert or 0) + 1}"}
        if parent != division.parent or before == "0":
            expected.add("1")
        if division.number not in expected:
            said = (
                f"{label(before, unit)}之后是{_name(division)}"
                if before != "0"
                else f"最前面的是{_name(division)}"
            )
            yield Doubt("chapters", f"{said}，请核对是否缺少或排错。", division.line)
        last[unit] = (division.parent, division.number)


def _not_in_contents(divisions: Iterable[ParsedProvision], contents: Sequence[str]) -> Iterator[Doubt]:
    if not contents:
        return
    listed = {
        (found.unit, found.number): found.heading for entry in contents if (found := marks.division(entry))
    }
    there = {(_unit_of(one.anchor), one.number): one for one in divisions}
    for (unit, own), heading in listed.items():
        if (unit, own) not in there:
            yield Doubt("contents", f"目录列有{label(own, unit)}，正文中没有。", 0)
        elif heading and re.sub(r"\s", "", there[unit, own].heading) != heading:
            division = there[unit, own]
            said = f"{_name(division)}的标题与目录不同：正文是“{division.heading}”，目录是“{heading}”。"
            yield Doubt("contents", said, division.line)


def _long(articles: Sequence[ParsedProvision]) -> Iterator[Doubt]:
    usual = median(len(article.text) for article in articles) if articles else 0
    for article in articles:
        size = len(article.text)
        if size > LONG and size > TIMES_LONGER * usual:
            said = f"{label(article.number, '条')}有{size}字，远长于其他条，请核对其后的条是否没有识别。"
            yield Doubt("long", said, article.line)


def _several(articles: Sequence[ParsedProvision]) -> Iterator[Doubt]:
    """The next article stands in the middle of a line: …执行。第三条　…"""
    following = {one.number: two.number for one, two in pairwise(articles)}
    for article in articles:
        after = str(int(article.number.partition("-")[0]) + 1)
        if following.get(article.number) != after:
            name = label(after, "条") if int(after) < 10000 else ""
            if name and re.search(rf"[。；]\s*{name}[\s\u3000]", article.text):
                said = f"{label(article.number, '条')}中似有{name}，请把它另起一行。"
                yield Doubt("several", said, article.line)
