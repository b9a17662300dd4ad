"""The words that a regulation itself defines (本条例所称…是指, 以下简称…, …称信访人), and where it does so."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from quizapp.regulations.citing import Law, Line

KEPT = 64  # regulations whose words are remembered
_OPEN, _CLOSE = "[“「]?", "[”」]?"
_WORD = "[^，。；：、（）“”「」《》的和或]"
_CALLED = re.compile(
    rf"本(?:条例|法|规定|办法|细则|决定|规则|准则)所称(?:的)?{_OPEN}(?P<called>[^，。；：“”]{{2,20}}?){_CLOSE}，?(?:是指|系指|指的是|包括|指)"
    rf"|以下(?:简称|统称|并称|称)(?:为)?{_OPEN}(?P<short>[^，。；：（）“”]{{2,20}}?){_CLOSE}[）)，。；]"
    rf"|，(?:统称|称)(?:为)?{_OPEN}(?P<named>{_WORD}{{2,12}}){_CLOSE}(?=[。；，]|$)"
)
_OPENS = re.compile(rf"{_OPEN}(?P<word>{_WORD}{{2,15}}){_CLOSE}，?是指")


@dataclass(frozen=True)
class Definition:
    """A word and the provision that says what it means."""

    word: str
    anchor: str


@lru_cache(KEPT)
def definitions(law: Law) -> tuple[Definition, ...]:
    """The words that a regulation defines, in order of reading; of a word defined twice the first place."""
    found: dict[str, Definition] = {}
    for article in law.articles:
        for line in article.lines:
            for word in _defined(line):
                found.setdefault(word, Definition(word, line.anchor))
    return tuple(found.values())


def _defined(line: Line) -> Iterator[str]:
    opening = _OPENS.match(line.text)
    if opening and not opening["word"].startswith(("本", "所称")):
        yield opening["word"]
    for found in _CALLED.finditer(line.text):
        yield (found["called"] or found["short"] or found["named"]).strip()


@dataclass(frozen=True)
class Use:
    """Characters start…end of a line's text are a defined word; the anchor leads to its meaning."""

    start: int
    end: int
    anchor: str


def uses(law: Law, lines: list[Line]) -> dict[str, list[Use]]:
    """By anchor of the line, where an article's lines first use each defined word; not where it is defined.

    Of words that lie in one another (信访事项, 信访) the longer counts.
    """
    defined = sorted(definitions(law), key=lambda d: -len(d.word))
    out: dict[str, list[Use]] = {line.anchor: [] for line in lines}
    seen = {d.word for d in defined if any(line.anchor == d.anchor for line in lines)}
    for line in lines:
        taken: list[Use] = []
        for definition in defined:
            places = _places(line.text, definition, taken)
            taken += places
            if places and definition.word not in seen:
                seen.add(definition.word)
                out[line.anchor].append(places[0])
    return out


def _places(text: str, definition: Definition, taken: list[Use]) -> list[Use]:
    found = [
        Use(place.start(), place.end(), definition.anchor)
        for place in re.finditer(re.escape(definition.word), text)
    ]
    return [use for use in found if all(use.end <= t.start or use.start >= t.end for t in taken)]
