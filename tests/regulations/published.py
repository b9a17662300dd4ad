"""Regulations that never were, and the many ways in which such texts are published."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import strategies as st

from quizapp.regulations.numerals import words
from quizapp.regulations.structure import ParsedEdition

TITLE = "试验工作条例"
HAN = "机关单位应当依法受理办理群众提出的事项并及时答复信访工作职责协调监督追究责任"
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")  # noqa: RUF001
Node = tuple[str, str, str, str]  # kind, anchor, heading, text


@dataclass(frozen=True)
class Item:
    text: str
    subitems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """text "": the article opens with its list."""

    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Article:
    number: str  # "2", "2-1"
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Division:
    """unit: 编, 分编, 章, 节."""

    unit: str
    number: int
    heading: str


@dataclass(frozen=True)
class Style:
    """How a text is set. wrap: Han characters in a line, 0 for none; seed: for what changes from line to line."""

    below: bool = False  # the words of an article stand below its number
    blank: str = "　"
    indent: str = "　　"
    numerals: str = "words"  # words, digits, wide
    spaced: bool = False  # 第 一 条
    brackets: str = "（）"
    subitem: str = "{}."
    hashes: bool = False
    bold: bool = False
    gaps: bool = False  # blank lines between
    wrap: int = 0
    pages: int = 0  # lines on a printed page, with its number and the running header
    contents: str = ""  # "", plain, leaders
    front: str = "facts"  # facts, note, order
    ending: str = ""  # "", signature, annex
    newline: str = "\n"
    seed: int = 0


Tree = list[Division | Article]

# Trees ---------------------------------------------------------------------------------------------------------


@st.composite
def sentences(draw: st.DrawFn, end: str) -> str:
    return draw(st.text(alphabet=HAN + "，、", min_size=4, max_size=70)).strip("，、") + "之事" + end


@st.composite
def articles(draw: st.DrawFn, number: str) -> Article:
    paragraphs = []
    for place in range(draw(st.integers(1, 3))):
        if not draw(st.booleans()):
            paragraphs.append(Paragraph(draw(sentences("。"))))
            continue
        items = []
        for _ in range(draw(st.integers(1, 12 if place else 3))):
            subs = [draw(sentences("；")) for _ in range(draw(st.sampled_from([0, 0, 0, 2])))]
            items.append(Item(draw(sentences("：" if subs else "；")), tuple(subs)))
        opening = "" if not place and draw(st.integers(0, 5)) == 0 else draw(sentences("："))
        paragraphs.append(Paragraph(opening, tuple(items)))
    return Article(number, tuple(paragraphs))


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """With or without 编, 章 and 节, and with inserted articles."""
    units = draw(st.sampled_from([(), ("章",), ("章", "节"), ("编", "章"), ("编", "分编", "章", "节")]))
    tree: Tree = []
    numbers = count(1)

    def below(depth: int) -> None:
        if depth == len(units):
            for _ in range(draw(st.integers(1, 2))):
                number = str(next(numbers))
                tree.append(draw(articles(number)))
                if draw(st.integers(0, 7)) == 0:
                    tree.append(draw(articles(f"{number}-1")))
            return
        for place in range(1, draw(st.integers(1, 2)) + 1):
            tree.append(
                Division(units[depth], place, draw(st.sampled_from(["总则", "职责", "提出和受理", "附则"])))
            )
            below(depth + 1)

    below(0)
    return tree


styles = st.builds(
    Style,
    below=st.booleans(),
    blank=st.sampled_from([" ", "　", "  ", "\t", "\u00a0"]),
    indent=st.sampled_from(["", "　　", "    "]),
    numerals=st.sampled_from(["words", "digits", "wide"]),
    spaced=st.booleans(),
    brackets=st.sampled_from(["（）", "()"]),
    subitem=st.sampled_from(["{}.", "{}．", "{}、", "（{}）", "({})"]),  # noqa: RUF001
    hashes=st.booleans(),
    bold=st.booleans(),
    gaps=st.booleans(),
    wrap=st.sampled_from([0, 0, 18, 27, 40]),
    pages=st.sampled_from([0, 0, 9, 20]),
    contents=st.sampled_from(["", "plain", "leaders"]),
    front=st.sampled_from(["facts", "note", "order"]),
    ending=st.sampled_from(["", "signature", "annex"]),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    seed=st.integers(0, 9999),
)


# What has to be understood -------------------------------------------------------------------------------------

LETTERS = {"编": "p", "分编": "b", "章": "c", "节": "s"}
RANKS = list(LETTERS)
KINDS = {"编": "part", "分编": "part", "章": "chapter", "节": "section"}


def nodes(tree: Tree) -> list[Node]:
    """Every provision of a tree as the reader names it."""
    out: list[Node] = []
    above: list[tuple[int, str]] = []
    for one in tree:
        if isinstance(one, Article):
            out += _article(one)
            continue
        while above and above[-1][0] >= RANKS.index(one.unit):
            above.pop()
        own = f"{LETTERS[one.unit]}{one.number}"
        anchor = f"{above[-1][1]}-{own}" if above else own
        above.append((RANKS.index(one.unit), anchor))
        out.append((KINDS[one.unit], anchor, one.heading, ""))
    return out


def _article(one: Article) -> list[Node]:
    below: list[Node] = []
    said: list[str] = []
    for p, paragraph in enumerate(one.paragraphs, 1):
        below.append(("paragraph", f"{one.number}.{p}", "", paragraph.text))
        said += [paragraph.text] if paragraph.text else []
        for i, item in enumerate(paragraph.items, 1):
            below.append(("item", f"{one.number}.{p}.{i}", "", item.text))
            said.append(f"（{words(i)}）{item.text}")
            for s, text in enumerate(item.subitems, 1):
                below.append(("subitem", f"{one.number}.{p}.{i}.{s}", "", text))
                said.append(f"{s}.{text}")
    return [("article", one.number, "", "\n".join(said)), *below]


def understood(edition: ParsedEdition) -> list[Node]:
    return [(one.kind, one.anchor, one.heading, one.text) for one in edition.provisions]


# Publishing ----------------------------------------------------------------------------------------------------

FRONTS = {
    "facts": [TITLE, "- 制定机关：试验机关", "- 施行日期：2024-03-01"],
    "note": [
        TITLE,
        "（2024年1月2日试验机关第3次会议通过　2024年1月5日试验机关公布",
        "自2024年3月1日起施行）",
    ],
    "order": [
        "试验机关令",
        "第5号",
        "《试验工作条例》已经通过，现予公布，自2024年3月1日起施行。",
        "2024年1月5日",
        TITLE,
    ],
}
ENDINGS = {
    "": [],
    "signature": ["试验机关", "2024年1月5日"],
    "annex": ["附件：登记表", "姓名　　单位", "第一条 不是条文。"],
}


@dataclass
class _Page:
    style: Style
    chance: random.Random
    out: list[str] = field(default_factory=list)

    def put(self, text: str, *, heading: bool = False) -> None:
        style = self.style
        marks = "#" * self.chance.randrange(1, 7) + " " if style.hashes and heading else ""
        plain = text if heading or marks else style.indent + text
        size = style.wrap if style.wrap and not heading else max(len(plain), 1)
        self.out += [marks + plain[place : place + size] for place in range(0, len(plain), size)]
        self.out += [""] if style.gaps else []

    def printed(self) -> str:
        lines = self.out
        if self.style.pages:
            size, lines = self.style.pages, []
            for place in range(0, len(self.out), size):
                lines += [*self.out[place : place + size], f"— {place // size + 1} —", TITLE]
        return self.style.newline.join(lines)


def publish(tree: Tree, style: Style) -> str:
    """The text of a tree in a style."""
    page = _Page(style, random.Random(style.seed))
    for line in FRONTS[style.front]:
        page.put(line, heading=True)
    divisions = [one for one in tree if isinstance(one, Division)]
    if style.contents and divisions:
        page.put("目　　录", heading=True)
        for place, one in enumerate(divisions, 1):
            page.out.append(_heading(one, style) + (f"………………{place}" if style.contents == "leaders" else ""))
    for one in tree:
        if isinstance(one, Division):
            page.put(_heading(one, style), heading=True)
        else:
            _publish_article(page, one)
    for line in ENDINGS[style.ending]:
        page.put(line, heading=True)
    return page.printed()


def _number(value: int, style: Style) -> str:
    return (
        words(value)
        if style.numerals == "words"
        else str(value).translate(WIDE if style.numerals == "wide" else {})
    )


def _named(value: int, unit: str, style: Style) -> str:
    between = " " if style.spaced else ""
    return f"第{between}{_number(value, style)}{between}{unit}"


def _heading(one: Division, style: Style) -> str:
    heading = "　".join(one.heading) if style.spaced and len(one.heading) == 2 else one.heading
    return f"{_named(one.number, one.unit, style)}{style.blank}{heading}"


def _publish_article(page: _Page, one: Article) -> None:
    style = page.style
    main, _, insert = one.number.partition("-")
    name = _named(int(main), "条", style) + (f"之{_number(int(insert), style)}" if insert else "")
    name = f"**{name}**" if style.bold and not style.wrap else name
    lines = list(_lines(one, style))
    if style.below:
        page.put(name, heading=style.hashes)
    else:
        lines[0] = f"{name}{style.blank}{lines[0]}"
    for line in lines:
        page.put(line)


def _lines(one: Article, style: Style) -> Iterator[str]:
    left, right = style.brackets
    for paragraph in one.paragraphs:
        if paragraph.text:
            yield paragraph.text
        for i, item in enumerate(paragraph.items, 1):
            yield f"{left}{words(i)}{right}{item.text}"
            yield from (style.subitem.format(s) + text for s, text in enumerate(item.subitems, 1))


def plain(style: Style) -> Style:
    """The same without what a Word file says in another way."""
    return replace(style, hashes=False, bold=False, gaps=False, wrap=0, pages=0, newline="\n")
