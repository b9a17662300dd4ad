"""An edition on its way in: what the text says of itself, what a person says instead, the tree that was understood."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from quizapp.regulations.doubts import Doubt
from quizapp.regulations.numerals import label, words
from quizapp.regulations.provisions import ParsedProvision
from quizapp.regulations.structure import ParsedEdition

LONGEST_SLUG = 60
SETTLED = ("no_day", "no_title")  # doubts that a person settles by saying it
_UNITS = {"part": "编", "chapter": "章", "section": "节", "article": "条"}
_NOT_SHOWN = re.compile("^(?:中华人民共和国|中国共产党)(?=.)")


@dataclass(frozen=True)
class Said:
    """What stands beside the words of an edition. Days may be missing until a person has said them."""

    title: str
    slug: str
    issued_by: str = ""
    approved: str = ""
    published_on: date | None = None
    effective_on: date | None = None


def proposed(parsed: ParsedEdition, slug: str) -> Said:
    """What the text itself says."""
    return Said(
        parsed.title,
        slug,
        parsed.facts.get("制定机关", ""),
        parsed.facts.get("审议批准", ""),
        parsed.published_on,
        parsed.effective_on,
    )


def confirmed(parsed: ParsedEdition, said: Said) -> ParsedEdition:
    """The edition as a person says it is; a day or a name that the text lacks is no doubt any more."""
    stated = {
        "制定机关": said.issued_by,
        "审议批准": said.approved,
        "发布日期": said.published_on.isoformat() if said.published_on else "",
        "施行日期": said.effective_on.isoformat() if said.effective_on else "",
    }
    others = {
        name: value for name, value in parsed.facts.items() if name not in (*stated, "公布日期", "生效日期")
    }
    facts = others | {name: value for name, value in stated.items() if value}
    given = {"no_day": said.effective_on, "no_title": said.title}
    doubts = [doubt for doubt in parsed.doubts if not given.get(doubt.code)]
    return replace(parsed, title=said.title, facts=facts, doubts=doubts)


def open_doubts(doubts: Sequence[Doubt]) -> list[Doubt]:
    """The doubts that the page's own fields do not settle."""
    return [doubt for doubt in doubts if doubt.code not in SETTLED]


def slug_for(title: str) -> str:
    """A proposal for the address: the pinyin of the name, two characters a word (xinfang-gongzuo-tiaoli)."""
    from pypinyin import lazy_pinyin  # its tables take half a second, and few processes ever need them

    own = re.sub(r"[（(《〈].*$", "", _NOT_SHOWN.sub("", title))
    spoken = [re.sub("[^a-z0-9]", "", one.lower()) for one in lazy_pinyin(own)]
    spoken = [one for one in spoken if one]
    slug = "-".join("".join(spoken[place : place + 2]) for place in range(0, len(spoken), 2))
    return slug if len(slug) <= LONGEST_SLUG else slug[:LONGEST_SLUG].rpartition("-")[0]


# Between two steps ---------------------------------------------------------------------------------------------


def freeze(said: Said) -> bytes:
    """What was said as bytes, for keeping it beside the upload."""
    return json.dumps(asdict(said), default=date.isoformat).encode()


def thaw(data: bytes) -> Said:
    """What `freeze` made."""
    values = json.loads(data)
    for name in ("published_on", "effective_on"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    return Said(**values)


def freeze_text(text: str, told: Sequence[Doubt]) -> bytes:
    """The text of a file and what it does not show, as bytes."""
    return json.dumps({"text": text, "told": [asdict(doubt) for doubt in told]}).encode()


def thaw_text(data: bytes) -> tuple[str, list[Doubt]]:
    """What `freeze_text` made."""
    values = json.loads(data)
    return values["text"], [Doubt(**doubt) for doubt in values["told"]]


def around(lines: Sequence[str], line: int) -> list[tuple[int, str]]:
    """(number, words) of a line and of its neighbours; none for what is told of the whole document."""
    first = max(line - 1, 1)
    return list(enumerate(lines[first - 1 : line + 1], first)) if 0 < line <= len(lines) else []


# The tree ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A 款, 项 or 目. depth: 0, 1, 2; mark: （六）, 1., and of a 款 that is not the only one 第二款."""

    depth: int
    mark: str
    text: str


@dataclass(frozen=True)
class ArticleRows:
    """A 条 as it was understood."""

    name: str
    line: int
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Stretch:
    """The articles below a heading; the first may have none. above: headings of 编 and 分编 that begin here."""

    title: str
    above: list[str]
    articles: list[ArticleRows] = field(default_factory=list)
    is_section: bool = False


def tree_of(provisions: Sequence[ParsedProvision]) -> list[Stretch]:
    """The tree as a page shows it, in the order of the text; also one that cannot be stored."""
    stretches: list[Stretch] = []
    above: list[str] = []
    for one in provisions:
        if one.kind == "part":
            above.append(_title(one))
        elif one.kind in ("chapter", "section"):
            stretches.append(Stretch(_title(one), above, is_section=one.kind == "section"))
            above = []
        elif one.kind == "article":
            if not stretches or above:
                stretches.append(Stretch("", above))
                above = []
            stretches[-1].articles.append(ArticleRows(label(one.number, "条"), one.line))
        else:
            stretches[-1].articles[-1].rows.append(_row(one))
    return [*stretches, *([Stretch("", above)] if above else [])]


def _title(one: ParsedProvision) -> str:
    unit = "分编" if one.kind == "part" and "b" in one.anchor else _UNITS[one.kind]
    return f"{label(one.number, unit)}　{one.heading}".rstrip("　")


def _row(one: ParsedProvision) -> Row:
    if one.kind == "item":
        return Row(1, f"（{words(int(one.number))}）", one.text)
    if one.kind == "subitem":
        return Row(2, f"{one.number}.", one.text)
    return Row(0, f"第{words(int(one.number))}款", one.text)
