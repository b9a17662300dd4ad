"""Which provisions of a regulation name which others: the references of its text, read backwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from quizapp.regulations.citing import Chapter, Law
from quizapp.regulations.references import references

KEPT = 64  # regulations whose references are remembered


@dataclass(frozen=True)
class Mention:
    """A provision that names another. words: how it does so, 本条例第三十一条第六项."""

    anchor: str
    words: str
    names: str  # the anchor that is named


@lru_cache(KEPT)
def mentions(law: Law) -> Mapping[str, tuple[Mention, ...]]:
    """By number of the article, who names it or a part of it from another article, in order of reading; by anchor of
    the chapter or section (c3, c3-s2), who names it from outside.

    第二十条至第二十二条 names the articles in between as well.
    """
    found: dict[str, list[Mention]] = {}
    for article in law.articles:
        for line in article.lines:
            for reference in references(law, article, line):
                words = line.text[reference.start : reference.end]
                for anchor in (*reference.between, reference.anchor):
                    there = found.setdefault(anchor.partition(".")[0], [])
                    mention = Mention(line.anchor, words, anchor)
                    if not _holds(law, anchor, article.number) and mention not in there:
                        there.append(mention)
    return {number: tuple(mentions) for number, mentions in found.items() if mentions}


def _holds(law: Law, anchor: str, article: str) -> bool:
    """Whether the article stands in what is named."""
    if anchor in law.divisions:
        return law.division_holds(anchor, article)
    return anchor.partition(".")[0] == article


def chapter_mentions(law: Law, chapter: Chapter) -> tuple[Mention, ...]:
    """Who names a chapter or one of its sections."""
    anchors = [chapter.anchor, *(section.anchor for section in chapter.sections)]
    return tuple(mention for anchor in anchors for mention in mentions(law).get(anchor, ()))
