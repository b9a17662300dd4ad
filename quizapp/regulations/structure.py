"""From the words of a published regulation to its 编, 章, 节, 条, 款, 项 and 目.

The structure is read from the words (第三章, 第三十一条, （六）), never from the number of `#`: official texts come
with any or no marks. A line of text below an article is a 款; （一） opens an 项, inside it 1. a 目; text after a
list is the next 款. Whatever is not understood becomes a doubt with its line; nothing disappears without a word.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from quizapp.regulations import marks
from quizapp.regulations.doubts import Doubt as Doubt
from quizapp.regulations.endings import without_endings
from quizapp.regulations.fronts import day_in, front, unread_doubts
from quizapp.regulations.lines import Line, lines_of, without_noise
from quizapp.regulations.numerals import label, words
from quizapp.regulations.outlook import doubts_of
from quizapp.regulations.provisions import ParsedProvision as ParsedProvision
from quizapp.regulations.wrapping import joined

_IN_FORCE = re.compile(r"自(\d{4}年\d{1,2}月\d{1,2}日)起(?:正式)?(?:施行|实施|生效)")
_KINDS = {"编": "part", "分编": "part", "章": "chapter", "节": "section"}
_RANK = {"编": 0, "分编": 1, "章": 2, "节": 3}
_LETTER = {"编": "p", "分编": "b", "章": "c", "节": "s"}


@dataclass(frozen=True)
class ParsedEdition:
    """A regulation as understood."""

    title: str
    facts: dict[str, str]  # 制定机关, 施行日期 … in the order of the text
    provisions: list[ParsedProvision]
    doubts: list[Doubt]

    @property
    def published_on(self) -> date | None:
        """发布日期 (or 公布日期), when the text says it."""
        return day_in(self.facts.get("发布日期") or self.facts.get("公布日期") or "")

    @property
    def effective_on(self) -> date | None:
        """施行日期 from the facts, otherwise from the article that says 自…起施行; none when neither stands there."""
        stated = day_in(self.facts.get("施行日期") or self.facts.get("生效日期") or "")
        return stated or _stated_in_articles(self.provisions)

    def count(self, *kinds: str) -> int:
        """How many provisions of these kinds there are."""
        return sum(provision.kind in kinds for provision in self.provisions)


def read(text: str) -> ParsedEdition:
    """Understand a regulation's text (.txt or Markdown). Never raises: what is wrong stands in the doubts."""
    lines, noise = without_noise(lines_of(text))
    head, body = front(lines)
    body, left = without_endings(body, head.title)
    body, broken = joined(body)
    reader = _Reader()
    for line in body:
        reader.take(line)
    return reader.finish(head.title, head.facts, head.contents, [*noise, *head.doubts, *left, *broken])


def _stated_in_articles(provisions: Iterable[ParsedProvision]) -> date | None:
    for provision in reversed(list(provisions)):
        found = _IN_FORCE.search(provision.text) if provision.kind == "article" else None
        if found:
            return day_in(found[1])
    return None


@dataclass
class _Open:
    """An article while its lines are being read."""

    number: str
    parent: str
    line: int
    place: int  # where the article's own provision goes
    lines: list[str] = field(default_factory=list)
    paragraphs: int = 0
    items: int = 0
    subitems: int = 0


class _Reader:
    """Takes the lines from the first division or article on, in their order."""

    def __init__(self) -> None:
        self.out: list[ParsedProvision] = []
        self.doubts: list[Doubt] = []
        self._divisions: list[tuple[int, int]] = []  # open ones, (rank, place in out)
        self._anchors: set[str] = set()  # of divisions
        self._article: _Open | None = None
        self._seen: dict[str, int] = {}  # article number: line
        self._last = "0"
        self._headless = False  # 第一章 stood alone on its line: the heading may follow
        self._unread: list[Line] = []

    def take(self, line: Line) -> None:
        if division := marks.division(line.text):
            self._open_division(division, line.number)
        elif article := marks.article(line.text) or self._glued(line):
            self._open_article(*article, line.number)
        elif self._headless and not re.search("[。；，：]", line.text):
            self._name_division(marks.closed_up(line.text))
        elif self._article is not None:
            self._add(self._article, line.text, line.number)
        else:
            self._unread.append(line)

    def finish(
        self, title: str, facts: dict[str, str], contents: Sequence[str], doubts: Sequence[Doubt]
    ) -> ParsedEdition:
        self._close_article()
        self.doubts += [*doubts, *unread_doubts(self._unread), *doubts_of(self.out, contents)]
        if not title:
            self._doubt("no_title", "没有找到法规名称，第一行应当是名称。", 1, serious=True)
        if not self._seen:
            self._doubt("no_article", "没有找到条文，条文应当以“第一条”开头。", 1, serious=True)
        edition = ParsedEdition(title, facts, self.out, self.doubts)
        if self._seen and edition.effective_on is None:
            self._doubt("no_day", "没有找到施行日期，请在文首写明“施行日期：”。", 1, serious=True)
        self.doubts.sort(key=lambda doubt: (not doubt.serious, doubt.line))
        return edition

    def _doubt(self, code: str, sentence: str, line: int, *, serious: bool = False) -> None:
        self.doubts.append(Doubt(code, sentence, line, serious))

    # 编, 章, 节

    def _open_division(self, division: marks.Division, count: int) -> None:
        self._close_article()
        self._headless = False
        rank, unit, own = _RANK[division.unit], division.unit, division.number
        while self._divisions and self._divisions[-1][0] >= rank:
            self._divisions.pop()
        above = self._above()
        anchor = f"{above}-{_LETTER[unit]}{own}" if above else f"{_LETTER[unit]}{own}"
        if anchor in self._anchors:
            self._doubt("doubled", f"{label(own, unit)}重复出现。", count, serious=True)
            return
        self._anchors.add(anchor)
        self._divisions.append((rank, len(self.out)))
        self.out.append(ParsedProvision(_KINDS[unit], own, anchor, above, division.heading, line=count))
        self._headless = not division.heading

    def _above(self) -> str:
        return self.out[self._divisions[-1][1]].anchor if self._divisions else ""

    def _name_division(self, heading: str) -> None:
        place = self._divisions[-1][1]
        self.out[place] = replace(self.out[place], heading=heading)
        self._headless = False

    # 条 and below

    def _glued(self, line: Line) -> tuple[str, str] | None:
        """第二条为了…: an article that lost its blank, when it is the next one and the one before has its words."""
        glued = marks.glued_article(line.text)
        if glued is None or glued[0] not in self._expected():
            return None
        if self._article is not None and not self._article.lines:
            return None
        name = label(glued[0], "条")
        self._doubt("glued", f"{name}与正文之间没有空格，已按一条读入，请核对。", line.number)
        return glued

    def _expected(self) -> tuple[str, str]:
        """The numbers that may come next: 第三条, or 第二条之一 after 第二条."""
        last, _, insert = self._last.partition("-")
        return f"{int(last) + 1}", f"{last}-{int(insert or 0) + 1}"

    def _open_article(self, own: str, first: str, count: int) -> None:
        self._close_article()
        self._headless = False
        name = label(own, "条")
        if own in self._seen:
            self._doubt("doubled", f"{name}重复出现，前一处在第{self._seen[own]}行。", count, serious=True)
        else:
            self._check_order(own, count)
            self._seen[own] = count
        self._article = _Open(own, self._above(), count, len(self.out))
        self.out.append(ParsedProvision("article", own, own, self._above(), line=count))
        if first:
            self._add(self._article, first, count)

    def _check_order(self, own: str, count: int) -> None:
        main, _, insert = own.partition("-")
        last, _, last_insert = self._last.partition("-")
        if own not in self._expected():
            before = label(self._last, "条") if self._last != "0" else "开头"
            if (int(main), int(insert or 0)) > (int(last), int(last_insert or 0)):
                missing = label(str(int(last) + 1), "条") if not insert else label(f"{main}-1", "条")
                self._doubt("missing", f"{before}之后是{label(own, '条')}，缺少{missing}。", count)
            else:
                self._doubt("order", f"{label(own, '条')}排在{before}之后，顺序有误。", count)
        self._last = own

    def _add(self, article: _Open, line: str, count: int) -> None:
        subitem = marks.subitem(line) if article.items else None
        if item := marks.item(line):
            self._add_item(article, *item, line, count)
        elif subitem and subitem[0] == article.subitems + 1:
            article.subitems += 1
            item_anchor = f"{article.number}.{article.paragraphs}.{article.items}"
            self._put("subitem", article.subitems, item_anchor, subitem[1], count)
            article.lines.append(f"{article.subitems}.{subitem[1]}")
        else:
            if marks.subitem(line):
                said = f"{label(article.number, '条')}中以“{line[:6]}”开头的一行不在项下或序号不连续，已作为一款读入。"
                self._doubt("level", said, count)
            article.paragraphs += 1
            article.items = article.subitems = 0
            self._put("paragraph", article.paragraphs, article.number, line, count)
            article.lines.append(line)

    def _add_item(self, article: _Open, given: int, said: str, line: str, count: int) -> None:
        if not article.paragraphs:  # the list opens the article
            article.paragraphs = 1
            self._put("paragraph", 1, article.number, "", count)
        if given != article.items + 1:
            backwards = given <= article.items
            self._doubt(
                "order",
                f"{label(article.number, '条')}的项号不连续：“{line[:12]}”。",
                count,
                serious=backwards,
            )
            given = max(given, article.items + 1)
        article.items, article.subitems = given, 0
        self._put("item", article.items, f"{article.number}.{article.paragraphs}", said, count)
        article.lines.append(f"（{words(given)}）{said}")

    def _put(self, kind: str, count_in_parent: int, parent: str, said: str, line: int) -> None:
        own = str(count_in_parent)
        self.out.append(ParsedProvision(kind, own, f"{parent}.{own}", parent, text=said, line=line))

    def _close_article(self) -> None:
        article, self._article = self._article, None
        if article is None:
            return
        if not article.lines:
            self._doubt("empty", f"{label(article.number, '条')}没有内容。", article.line)
        self.out[article.place] = replace(self.out[article.place], text="\n".join(article.lines))
