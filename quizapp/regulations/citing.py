"""Addresses of provisions: from words (第三十一条第六项) to anchors (31.1.6) and back; whether a quote stands there.

An anchor is article.paragraph.item.subitem; 第一百二十条之一 is 120-1. In words 第一款 is left out where an
article has only one paragraph, as drafters do: 第三十一条第六项. An address that leaves the paragraph out is
understood wherever only one paragraph of the article has a list.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

from quizapp.regulations.numerals import NUMERAL, key, label, words

ADDRESS = re.compile(
    rf"第({NUMERAL})条(?:之({NUMERAL}))?(?:第({NUMERAL})款)?(?:第[（(]?({NUMERAL})[）)]?项)?(?:第({NUMERAL})目)?"
)
KEPT = 4096  # addresses and texts that a law remembers
_OWN_NAME = r"(?:《[^》]*》|本条例|本法|本规定|本办法)?"


class NoSuchProvision(ValueError):
    """An address that leads nowhere; `str()` is the sentence for people."""


class Row(Protocol):
    """What a law is built from: a parsed provision or a row of the table, in the order of reading."""

    @property
    def kind(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def anchor(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Subitem:
    """A 目."""

    anchor: str
    number: str
    text: str

    @property
    def marker(self) -> str:
        return f"{self.number}."


@dataclass(frozen=True)
class Item:
    """A 项."""

    anchor: str
    number: str
    text: str
    subitems: tuple[Subitem, ...] = ()

    @property
    def marker(self) -> str:
        return f"（{words(int(self.number))}）"


@dataclass(frozen=True)
class Paragraph:
    """A 款 with the list that hangs on it. text is empty where an article opens with its list."""

    anchor: str
    number: str
    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Line:
    """One printed line of an article: a paragraph's words, an item or a subitem with its mark."""

    anchor: str
    kind: str  # paragraph, item, subitem
    marker: str  # "", （六）, 1.
    text: str


@dataclass(frozen=True)
class Article:
    """A 条."""

    number: str  # "24", "120-1"
    chapter: str  # the number of its chapter, "" for none
    section: str  # the anchor of its section, "" for none
    paragraphs: tuple[Paragraph, ...]

    @property
    def in_words(self) -> str:
        return label(self.number, "条")

    @property
    def lines(self) -> list[Line]:
        """Everything it says, in order."""
        out = []
        for paragraph in self.paragraphs:
            if paragraph.text:
                out.append(Line(paragraph.anchor, "paragraph", "", paragraph.text))
            for item in paragraph.items:
                out.append(Line(item.anchor, "item", item.marker, item.text))
                out += [Line(sub.anchor, "subitem", sub.marker, sub.text) for sub in item.subitems]
        return out


@dataclass(frozen=True)
class Section:
    """A 节 and the numbers of its articles."""

    number: str
    anchor: str
    heading: str
    articles: tuple[str, ...]

    @property
    def title(self) -> str:
        """第一节　一般规定."""
        return f"{label(self.number, '节')}　{self.heading}".rstrip("　")


@dataclass(frozen=True)
class Chapter:
    """A 章: the stretch of articles that blueprints, practice and reports count by.

    number is unique in the regulation: "3"; "2-3" for the third chapter of the second 编. Articles that stand in no
    chapter form one with an empty number and heading.
    """

    number: str
    anchor: str
    heading: str
    part: str  # 第二编 物权, "" where there are no 编
    articles: tuple[str, ...]
    sections: tuple[Section, ...] = ()

    @property
    def in_words(self) -> str:
        """第三章; "" for articles that stand in no chapter."""
        return label(self.anchor.rpartition("c")[2], "章") if self.number else ""

    @property
    def title(self) -> str:
        """第三章　信访事项的提出和受理, or 全文 where there are no chapters."""
        return f"{self.in_words}　{self.heading}".rstrip("　") if self.number else "全文"

    @property
    def span(self) -> str:
        """第十七条至第二十六条."""
        first, last = label(self.articles[0], "条"), label(self.articles[-1], "条")
        return first if first == last else f"{first}至{last}"


class Law:
    """One edition of a regulation, ready to be read and cited. Never changes, so it may be kept in memory."""

    def __init__(self, title: str, rows: Iterable[Row]) -> None:
        self.title = title
        self._articles: dict[str, Article] = {}
        self.chapters: list[Chapter] = []
        _Builder(self._articles, self.chapters).build(list(rows))
        self._chapter_of = {n: chapter.number for chapter in self.chapters for n in chapter.articles}
        self._found = lru_cache(KEPT)(self._find)  # thousands of questions cite the same few provisions
        self._named = lru_cache(KEPT)(self._name)
        self._said = lru_cache(KEPT)(self._say)

    @property
    def articles(self) -> list[Article]:
        """All articles in order."""
        return list(self._articles.values())

    @cached_property
    def anchors(self) -> frozenset[str]:
        """Every anchor of an article and below."""
        lines = {line.anchor for article in self.articles for line in article.lines}
        paragraphs = {paragraph.anchor for article in self.articles for paragraph in article.paragraphs}
        return frozenset(lines | paragraphs | self._articles.keys())

    @cached_property
    def divisions(self) -> dict[str, Chapter]:
        """The anchors of chapters and sections in order, each with the chapter on whose page it stands."""
        found: dict[str, Chapter] = {}
        for chapter in self.chapters:
            for anchor in (chapter.anchor, *(section.anchor for section in chapter.sections)):
                found |= {anchor: chapter} if anchor else {}
        return found

    def division_holds(self, anchor: str, article: str) -> bool:
        """Whether an article stands in the chapter or section of this anchor."""
        chapter = self.divisions[anchor]
        own = next(
            (section.articles for section in chapter.sections if section.anchor == anchor), chapter.articles
        )
        return article in own

    def article(self, number: str) -> Article:
        """The article of this number ("24", "120-1"). Raises NoSuchProvision."""
        try:
            return self._articles[number]
        except KeyError:
            raise NoSuchProvision(f"《{self.title}》没有该条：{number}。") from None

    def chapter_of(self, article: str) -> str:
        """The number of an article's chapter, "" for none. Raises NoSuchProvision."""
        return self._chapter_of[self.article(article).number]

    def chapter(self, number: str) -> Chapter:
        """The chapter of this number. Raises NoSuchProvision."""
        for chapter in self.chapters:
            if chapter.number == number:
                return chapter
        raise NoSuchProvision(f"《{self.title}》没有该章：{number}。")

    def neighbours(self, article: str) -> tuple[str | None, str | None]:
        """The numbers of the articles before and after."""
        numbers = list(self._articles)
        place = numbers.index(self.article(article).number)
        before = numbers[place - 1] if place else None
        return before, numbers[place + 1] if place + 1 < len(numbers) else None

    def anchor_of(self, address: str) -> str:
        """第二十四条第一款 as "24.1". Raises NoSuchProvision with a sentence when there is no such provision."""
        return self._found(address)

    def _find(self, address: str) -> str:
        given = re.sub(r"\s", "", address)
        found = re.fullmatch(_OWN_NAME + ADDRESS.pattern, given)
        if found is None:
            raise NoSuchProvision(f"“{address}”不是条款的写法，应当写作“第二十四条第一款”。")
        try:
            own = key(found[1], found[2])
            below = [int(key(part)) if part else 0 for part in found.groups()[2:]]
        except ValueError:
            raise NoSuchProvision(f"“{address}”中的序号无法识别。") from None
        if own not in self._articles:
            raise NoSuchProvision(f"《{self.title}》没有{label(own, '条')}。")
        return self._below(self._articles[own], *below, address=address)

    def _below(self, article: Article, paragraph: int, item: int, subitem: int, *, address: str) -> str:
        if subitem and not item:
            raise NoSuchProvision(f"“{address}”缺少第几项。")
        if item and not paragraph:
            lists = [p for p in article.paragraphs if p.items]
            if len(lists) > 1:
                raise NoSuchProvision(f"“{address}”须写明第几款，{article.in_words}不止一款有分项。")
            paragraph = int(lists[0].number) if lists else 1
        anchor = ".".join([article.number, *(str(n) for n in (paragraph, item, subitem) if n)])
        if anchor not in self.anchors:
            raise NoSuchProvision(f"《{self.title}》没有{address}。")
        return anchor

    def in_words(self, anchor: str) -> str:
        """ "24.1" as 第二十四条第一款. 第一款 is left out where the article has only one. Raises NoSuchProvision."""
        return self._named(anchor)

    def _name(self, anchor: str) -> str:
        if anchor not in self.anchors:
            raise NoSuchProvision(f"《{self.title}》没有该条款：{anchor}。")
        number, *below = anchor.split(".")
        article = self._articles[number]
        names = [label(part, unit) for part, unit in zip(below, "款项目", strict=False)]
        if names and len(article.paragraphs) == 1:
            names = names[1:]
        return article.in_words + "".join(names)

    def words(self, anchor: str) -> str:
        """What a provision says, with the list that hangs on it, one line each. Raises NoSuchProvision."""
        return self._said(anchor)

    def _say(self, anchor: str) -> str:
        self.in_words(anchor)
        article = self._articles[anchor.partition(".")[0]]
        return "\n".join(line.marker + line.text for line in article.lines if _within(line.anchor, anchor))

    def quote_stands(self, anchor: str, quote: str) -> bool:
        """Whether these words stand there character by character (line breaks aside)."""
        wanted = quote.strip().replace("\n", "")
        return bool(wanted) and wanted in self.words(anchor).replace("\n", "")

    def places_of(self, quote: str) -> list[str]:
        """The smallest provisions in which these words stand character by character, in order of reading."""
        found: list[str] = []
        for article in self.articles:
            if not self.quote_stands(article.number, quote):
                continue
            below = [paragraph.anchor for paragraph in article.paragraphs]
            below += [line.anchor for line in article.lines if line.kind != "paragraph"]
            holding = [anchor for anchor in below if self.quote_stands(anchor, quote)]
            smallest = [a for a in holding if not any(b != a and _within(b, a) for b in holding)]
            found += smallest or [article.number]
        return found


def _within(anchor: str, above: str) -> bool:
    return (anchor + ".").startswith(above + ".")


class _Builder:
    """Puts rows in order of reading together."""

    def __init__(self, articles: dict[str, Article], chapters: list[Chapter]) -> None:
        self._articles, self._chapters = articles, chapters
        self._part: Row | None = None
        self._chapter: Row | None = None
        self._section: Row | None = None
        self._in_chapter: list[str] = []
        self._sections: list[tuple[Row, list[str]]] = []

    def build(self, rows: Sequence[Row]) -> None:
        for place, row in enumerate(rows):
            if row.kind == "part":
                self._close_chapter()
                self._part = row
            elif row.kind == "chapter":
                self._close_chapter()
                self._chapter = row
            elif row.kind == "section":
                self._section = row
                self._sections.append((row, []))
            elif row.kind == "article":
                self._add_article(row, rows, place)
        self._close_chapter()

    def _chapter_number(self) -> str:
        if self._chapter is None:
            return ""
        part = self._part.anchor.replace("p", "").replace("b", "") if self._part else ""
        return f"{part}-{self._chapter.number}" if part else self._chapter.number

    def _add_article(self, row: Row, rows: Sequence[Row], place: int) -> None:
        below = []
        for follower in rows[place + 1 :]:
            if follower.kind not in ("paragraph", "item", "subitem"):
                break
            below.append(follower)
        section = self._section.anchor if self._section else ""
        self._articles[row.number] = Article(row.number, self._chapter_number(), section, _paragraphs(below))
        self._in_chapter.append(row.number)
        if self._section is not None:
            self._sections[-1][1].append(row.number)

    def _close_chapter(self) -> None:
        if self._in_chapter:
            unit = "分编" if self._part and "b" in self._part.anchor else "编"
            part = f"{label(self._part.number, unit)}　{self._part.heading}" if self._part else ""
            self._chapters.append(
                Chapter(
                    self._chapter_number(),
                    self._chapter.anchor if self._chapter else "",
                    self._chapter.heading if self._chapter else "",
                    part,
                    tuple(self._in_chapter),
                    tuple(Section(s.number, s.anchor, s.heading, tuple(n)) for s, n in self._sections),
                )
            )
        self._chapter = self._section = None
        self._in_chapter, self._sections = [], []


def _paragraphs(rows: Sequence[Row]) -> tuple[Paragraph, ...]:
    paragraphs: list[Paragraph] = []
    for row in rows:
        if row.kind == "paragraph":
            paragraphs.append(Paragraph(row.anchor, row.number, row.text))
            continue
        paragraph = paragraphs.pop()
        items = list(paragraph.items)
        if row.kind == "item":
            items.append(Item(row.anchor, row.number, row.text))
        else:
            item = items.pop()
            subitem = Subitem(row.anchor, row.number, row.text)
            items.append(Item(item.anchor, item.number, item.text, (*item.subitems, subitem)))
        paragraphs.append(Paragraph(paragraph.anchor, paragraph.number, paragraph.text, tuple(items)))
    return tuple(paragraphs)
