"""From the words of a published regulation to its 编, 章, 节, 条, 款, 项 and 目.

The structure is read from the words (第三章, 第三十一条, （六）), never from the number of `#`: official texts come
with any or no marks. A line of text below an article is a 款; （一） opens an 项, inside it 1. a 目; text after a
list is the next 款. Whatever is not understood becomes a doubt with its line; nothing disappears without a word.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from quizapp.regulations.numerals import NUMERAL, is_key, key, label, number

_N = NUMERAL
_BLANK = r"[ \t\u3000\u00a0]"
_DIVISION = re.compile(rf"第({_N})(编|分编|章|节)(?:之({_N}))?({_BLANK}*)(.*)")
_ARTICLE = re.compile(rf"第({_N})条(?:之({_N}))?(?:{_BLANK}+(.*))?")
_ITEM = re.compile(rf"[（(]([〇零一二三四五六七八九十百]+)[）)]{_BLANK}*(.*)")
_SUBITEM = re.compile(rf"(?:[（(](\d+)[）)]|(\d+)[.．、]){_BLANK}*(.*)")
_FACT = re.compile(rf"(?:[-*+]{_BLANK}*)?([\u4e00-\u9fff]{{2,8}})[：:]{_BLANK}*(.+)")
_DAY = re.compile(r"(\d{4})(?:-|年)(\d{1,2})(?:-|月)(\d{1,2})")
_IN_FORCE = re.compile(r"自(\d{4}年\d{1,2}月\d{1,2}日)起(?:正式)?(?:施行|实施|生效)")
_KINDS = {"编": "part", "分编": "part", "章": "chapter", "节": "section"}
_RANK = {"编": 0, "分编": 1, "章": 2, "节": 3}
_LETTER = {"编": "p", "分编": "b", "章": "c", "节": "s"}


@dataclass(frozen=True)
class ParsedProvision:
    """One part of the text. anchor: c3, c3-s1, 24, 24.1, 31.1.6; parent: the anchor above it, "" at the top."""

    kind: str  # part, chapter, section, article, paragraph, item, subitem
    number: str  # "24", "120-1"; of a paragraph its count from 1
    anchor: str
    parent: str
    heading: str = ""  # of 编, 章, 节
    text: str = ""  # own words; of an article the whole text, one line per paragraph, item, subitem
    line: int = 0  # in the source, from 1


@dataclass(frozen=True)
class Doubt:
    """Something a person has to look at. A serious one makes the text impossible to store."""

    code: str  # missing, doubled, empty, order, unread, no_article, no_title, no_day
    sentence: str
    line: int = 0
    serious: bool = False


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
        return _day(self.facts.get("发布日期") or self.facts.get("公布日期") or "")

    @property
    def effective_on(self) -> date | None:
        """施行日期 from the facts, otherwise from the article that says 自…起施行; none when neither stands there."""
        stated = _day(self.facts.get("施行日期") or self.facts.get("生效日期") or "")
        return stated or _stated_in_articles(self.provisions)


def read(text: str) -> ParsedEdition:
    """Understand a regulation's text (.txt or Markdown). Never raises: what is wrong stands in the doubts."""
    reader = _Reader()
    for count, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = _bare(raw)
        if line:
            reader.take(line, count)
    return reader.finish()


def _bare(line: str) -> str:
    """The words of a line without Markdown's marks and outer blanks."""
    line = line.strip(" \t\u3000\u00a0\u200b")
    line = re.sub(rf"^#{{1,6}}{_BLANK}+", "", line)
    if line.startswith("**") and "**" in line[2:]:
        line = line[2:].replace("**", "", 1)
    return line.strip(" \t\u3000\u00a0\u200b")


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _stated_in_articles(provisions: Iterable[ParsedProvision]) -> date | None:
    for provision in reversed(list(provisions)):
        found = _IN_FORCE.search(provision.text) if provision.kind == "article" else None
        if found:
            return _day(found[1])
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
    def __init__(self) -> None:
        self.title = ""
        self.facts: dict[str, str] = {}
        self.out: list[ParsedProvision] = []
        self.doubts: list[Doubt] = []
        self._divisions: list[tuple[int, ParsedProvision]] = []  # open ones, (rank, provision)
        self._article: _Open | None = None
        self._seen: dict[str, int] = {}  # article number: line
        self._last = "0"
        self._contents: str | None = None  # inside 目录: its first entry
        self._headless = False  # 第一章 stood alone on its line: the heading may follow

    def take(self, line: str, count: int) -> None:
        if self._in_contents(line):
            return
        if division := self._division(line):
            self._open_division(*division, count)
        elif (article := _ARTICLE.fullmatch(line)) and is_key(article[1], article[2]):
            self._open_article(key(article[1], article[2]), article[3] or "", count)
        elif self._headless and not re.search("[。；，：]", line):
            self._name_division(line)
        elif self._article is not None:
            self._add(self._article, line, count)
        else:
            self._before_articles(line, count)

    def finish(self) -> ParsedEdition:
        self._close_article()
        if not self.title:
            self._doubt("no_title", "没有找到法规名称，第一行应当是名称。", 1, serious=True)
        if not self._seen:
            self._doubt("no_article", "没有找到条文，条文应当以“第一条”开头。", 1, serious=True)
        edition = ParsedEdition(self.title, self.facts, self.out, self.doubts)
        if self._seen and edition.effective_on is None:
            self._doubt("no_day", "没有找到施行日期，请在文首写明“施行日期：”。", 1, serious=True)
        for provision in self.out:
            if provision.kind == "chapter" and not self._has_article(provision.anchor):
                name = label(provision.number, "章")
                self._doubt("empty", f"{name}没有条文。", provision.line)
        self.doubts.sort(key=lambda doubt: doubt.line)
        return edition

    def _has_article(self, anchor: str) -> bool:
        return any(p.kind == "article" and (p.parent + "-").startswith(anchor + "-") for p in self.out)

    def _doubt(self, code: str, sentence: str, line: int, *, serious: bool = False) -> None:
        self.doubts.append(Doubt(code, sentence, line, serious))

    # 目录: a list of the chapters, which come again with their articles

    def _in_contents(self, line: str) -> bool:
        if self._contents is None:
            if re.sub(_BLANK, "", line) == "目录" and not self._seen:
                self._contents = ""
                return True
            return False
        compact = re.sub(_BLANK, "", line)
        if _ARTICLE.fullmatch(line) or (self._contents and compact == self._contents):
            self._contents = None
            return False
        self._contents = self._contents or compact
        return True

    # before the first article

    def _before_articles(self, line: str, count: int) -> None:
        if not self.title:
            self.title = line.strip("《》")
        elif not self._divisions and (fact := _FACT.fullmatch(line)):
            self.facts[fact[1]] = fact[2]
        elif not self._divisions and re.fullmatch(r"[（(].*\d{4}年.*[）)]", line):
            self.facts["题注"] = line[1:-1]
        else:
            self._doubt("unread", f"未识别的文字：{line[:30]}", count)

    # 编, 章, 节

    def _division(self, line: str) -> tuple[str, str, str] | None:
        """(unit, number, heading), when the line is the heading of a division and no sentence about one."""
        found = _DIVISION.fullmatch(line)
        if found is None or not is_key(found[1], found[3]):
            return None
        heading = found[5]
        sentence = re.search("[。；，：]", heading) or len(heading) > 40
        if sentence or (not found[4] and re.match("(?:第|的|规定|所|和|、)", heading)):
            return None
        return found[2], key(found[1], found[3]), re.sub(r"[ \t\u3000\u00a0]+", " ", heading)

    def _open_division(self, unit: str, own: str, heading: str, count: int) -> None:
        self._close_article()
        self._headless = False
        rank = _RANK[unit]
        while self._divisions and self._divisions[-1][0] >= rank:
            self._divisions.pop()
        above = self._divisions[-1][1].anchor if self._divisions else ""
        anchor = f"{above}-{_LETTER[unit]}{own}" if above else f"{_LETTER[unit]}{own}"
        if any(p.anchor == anchor for p in self.out):
            self._doubt("doubled", f"{label(own, unit)}重复出现。", count, serious=True)
            return
        provision = ParsedProvision(_KINDS[unit], own, anchor, above, heading, line=count)
        self._divisions.append((rank, provision))
        self.out.append(provision)
        self._headless = not heading

    def _name_division(self, heading: str) -> None:
        rank, nameless = self._divisions[-1]
        named = ParsedProvision(
            nameless.kind, nameless.number, nameless.anchor, nameless.parent, heading, line=nameless.line
        )
        self._divisions[-1] = (rank, named)
        self.out[self.out.index(nameless)] = named
        self._headless = False

    # 条 and below

    def _open_article(self, own: str, first: str, count: int) -> None:
        self._close_article()
        self._headless = False
        name = label(own, "条")
        if own in self._seen:
            self._doubt("doubled", f"{name}重复出现，前一处在第{self._seen[own]}行。", count, serious=True)
        else:
            self._check_order(own, count)
            self._seen[own] = count
        above = self._divisions[-1][1].anchor if self._divisions else ""
        self._article = _Open(own, above, count, len(self.out))
        if first:
            self._add(self._article, first, count)

    def _check_order(self, own: str, count: int) -> None:
        main, _, insert = own.partition("-")
        last, _, last_insert = self._last.partition("-")
        expected = [f"{int(last) + 1}", f"{last}-{int(last_insert or 0) + 1}"]
        if own not in expected:
            before = label(self._last, "条") if self._last != "0" else "开头"
            if (int(main), int(insert or 0)) > (int(last), int(last_insert or 0)):
                missing = label(str(int(last) + 1), "条") if not insert else label(f"{main}-1", "条")
                self._doubt("missing", f"{before}之后是{label(own, '条')}，缺少{missing}。", count)
            else:
                self._doubt("order", f"{label(own, '条')}排在{before}之后，顺序有误。", count)
        self._last = own

    def _add(self, article: _Open, line: str, count: int) -> None:
        subitem = _SUBITEM.fullmatch(line) if article.items else None
        if (item := _ITEM.fullmatch(line)) and is_key(item[1]):
            self._add_item(article, number(item[1]), item[2], line, count)
        elif subitem and int(subitem[1] or subitem[2]) == article.subitems + 1:
            article.subitems += 1
            item_anchor = f"{article.number}.{article.paragraphs}.{article.items}"
            self._put("subitem", article.subitems, item_anchor, subitem[3], count)
        else:
            article.paragraphs += 1
            article.items = article.subitems = 0
            self._put("paragraph", article.paragraphs, article.number, line, count)
        article.lines.append(line)

    def _add_item(self, article: _Open, given: int, words: str, line: str, count: int) -> None:
        if not article.paragraphs:  # the list opens the article
            article.paragraphs = 1
            self._put("paragraph", 1, article.number, "", count)
        if given != article.items + 1:
            backwards = given <= article.items
            self._doubt(
                "order", f"{label(article.number, '条')}的项号不连续：{line[:12]}", count, serious=backwards
            )
            given = max(given, article.items + 1)
        article.items, article.subitems = given, 0
        self._put("item", article.items, f"{article.number}.{article.paragraphs}", words, count)

    def _put(self, kind: str, count_in_parent: int, parent: str, words: str, line: int) -> None:
        own = str(count_in_parent)
        self.out.append(ParsedProvision(kind, own, f"{parent}.{own}", parent, text=words, line=line))

    def _close_article(self) -> None:
        article, self._article = self._article, None
        if article is None:
            return
        if not article.lines:
            self._doubt("empty", f"{label(article.number, '条')}没有内容。", article.line)
        text = "\n".join(article.lines)
        self.out.insert(
            article.place,
            ParsedProvision(
                "article", article.number, article.number, article.parent, text=text, line=article.line
            ),
        )
