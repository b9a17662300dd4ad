"""References to whole 章 and 节 in a text: 本法第三章, 第三章第二节, 第二章至第四章, 本章, 第二节 of this chapter."""

import re
from collections.abc import Iterator

from quizapp.regulations.citing import Article, Law
from quizapp.regulations.numerals import NUMERAL, key

Place = tuple[int, int, str, tuple[str, ...]]  # start, end, anchor, the anchors left unsaid by 至

_N = NUMERAL
_ABOVE = rf"(?:第(?:{_N})编)?(?:第(?:{_N})分编)?"
_CHAPTER = rf"{_ABOVE}第(?:{_N})章(?:第(?:{_N})节)?"
_SECTION = rf"第(?:{_N})节"
JOINT = "(?:、|和|或者|或|至|以及|及|，)"
_CHAIN = re.compile(rf"(?:{_CHAPTER}|{_SECTION})(?:{JOINT}(?:{_CHAPTER}|{_SECTION}))*")
_STEP = re.compile(rf"(?P<joint>{JOINT})?(?P<place>{_CHAPTER}|{_SECTION})")
_OWN = re.compile("本(?P<unit>[章节])(?![程约日能省目])")
_NUMBERS = re.compile(rf"第({_N})(分编|编|章|节)")
_NAMED = re.compile(rf"(?:{_CHAPTER}|{_SECTION})$")
_LETTER = {"编": "p", "分编": "b", "章": "c", "节": "s"}


def without_division(text: str) -> str:
    """A text that ends with 第三章 or 第三章第二节, without it: whose chapter it is stands before."""
    return _NAMED.sub("", text)


def places(law: Law, article: Article, text: str) -> Iterator[Place]:
    """Where a line of an article names chapters and sections, and which; not asked is whether they are this law's."""
    for chain in _CHAIN.finditer(text):
        yield from _named(law, article, text, chain)
    for own in _OWN.finditer(text):
        anchor = law.chapter(article.chapter).anchor if own["unit"] == "章" else article.section
        if anchor:
            yield own.start(), own.end(), anchor, ()


def _named(law: Law, article: Article, text: str, chain: re.Match[str]) -> Iterator[Place]:
    last, at = "", chain.start()
    while step := _STEP.match(text, at, chain.end()):
        at, before = step.end(), last
        last = _anchor(law, step["place"], last or law.chapter(article.chapter).anchor)
        between = _between(law, before, last) if step["joint"] == "至" else ()
        yield step.start("place"), at, last, between


def _anchor(law: Law, place: str, near: str) -> str:
    """The anchor of a place in words, "" for none. near: a chapter or section; what it stands in need not be said."""
    try:
        said = {unit: f"{_LETTER[unit]}{key(number)}" for number, unit in _NUMBERS.findall(place)}
    except ValueError:
        return ""
    if "章" not in said:
        chapter = near.partition("-s")[0]
        return f"{chapter}-{said['节']}" if chapter else ""
    above = near.rpartition("c")[0] if "编" not in said else f"{said['编']}-"
    above += f"{said['分编']}-" if "编" in said and "分编" in said else ""
    anchor = above + said["章"]
    if anchor not in law.divisions:  # chapters counted through all 编
        same = [one for one in law.divisions if one.endswith("-" + said["章"]) or one == said["章"]]
        anchor = same[0] if len(same) == 1 and "编" not in said else ""
    return f"{anchor}-{said['节']}" if anchor and "节" in said else anchor


def _between(law: Law, first: str, last: str) -> tuple[str, ...]:
    """The divisions of the same kind between two anchors, without either."""
    alike = [anchor for anchor in law.divisions if ("-s" in anchor) == ("-s" in last)]
    if first not in alike or last not in alike:
        return ()
    return tuple(alike[alike.index(first) + 1 : alike.index(last)])
