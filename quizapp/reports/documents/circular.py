"""通报: what stands in it, in the order of GB/T 9704—2012. Pure: Word, PDF and the preview set the same words.

It names no person. Its table keeps the order of units and ranks nothing; where a unit is so small that its mean could
be somebody's score, the results are not told, and neither are those of further small units from which, by the sum,
they could be worked out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from quizapp import dates
from quizapp.reports.completion import UnitRow
from quizapp.reports.documents.placeholders import filled
from quizapp.reports.documents.wording import Wording
from quizapp.reports.heat import untold

TABLE = "各单位考试情况统计表"
HEADINGS = ("单位", "应考人数", "实考", "参考率", "合格率", "优秀率", "平均分")
UNTOLD = "不列"
_FIRST = re.compile("[一二三四五六七八九十百]+、")
_SECOND = re.compile("（[一二三四五六七八九十百]+）[^。：]*[。：]?")


@dataclass(frozen=True)
class Line:
    """A paragraph. level: 1 一级标题 (黑体), 2 begins with a 二级标题 (楷体), 0 is text. lead: the heading."""

    level: int
    lead: str
    rest: str


@dataclass(frozen=True)
class Circular:
    """A 通报. rows: of the table behind it, under HEADINGS; none for a unit without units below."""

    letterhead: str
    number: str
    title: str
    recipients: str
    lines: tuple[Line, ...]
    signature: str
    day: str
    rows: tuple[tuple[int | str, ...], ...]
    note: str

    @property
    def attachment(self) -> str:
        """附件：各单位考试情况统计表; "" when there is none."""
        return f"附件：{TABLE}" if self.rows else ""

    @property
    def headings(self) -> tuple[str, ...]:
        """HEADINGS, for pages."""
        return HEADINGS

    @property
    def indents(self) -> tuple[float, float]:
        """How far signature and date stand from the right, in characters: see `indents`."""
        return indents(self.signature, self.day)


def number(mark: str, year: int, serial: int | None) -> str:
    """青信〔2026〕12号, with room for a serial that is not given yet; six-cornered brackets, no 第, no zeros."""
    return f"{mark}〔{year}〕{'　　' if serial is None else serial}号"


def line(text: str) -> Line:
    """A paragraph by how it begins: 一、 or （一）."""
    text = text.strip()
    if _FIRST.match(text) and "。" not in text:
        return Line(1, text, "")
    second = _SECOND.match(text)
    return Line(2, second[0], text[second.end() :]) if second else Line(0, "", text)


def compose(
    wording: Wording,
    values: Mapping[str, str],
    whole: UnitRow,
    parts: Sequence[UnitRow],
    *,
    serial: int | None,
    day: date,
    smallest: int,
) -> Circular:
    """The document. parts: in the order of units; smallest: people whose results may be told together."""
    texts = {name: filled(text, values) for name, text in wording.words.items()}
    rows, note = _table(whole, parts, smallest) if len(parts) > 1 else ((), "")
    return Circular(
        texts["letterhead"],
        number(wording.mark, day.year, serial),
        texts["title"],
        texts["recipients"],
        tuple(line(text) for text in texts["body"].splitlines() if text.strip()),
        texts["signature"],
        dates.day(day),
        rows,
        note,
    )


def indents(signature: str, day: str) -> tuple[float, float]:
    """Characters from the right edge to signature and date of a document that gets a seal (7.3.5.1): the date four
    characters, the signature in the middle above it; a longer signature ends at the edge, the date below its middle."""
    date_width = _characters(day)
    behind = 4 + (date_width - _characters(signature)) / 2
    return (behind, 4) if behind >= 0 else (0, 4 - behind)


def _characters(text: str) -> float:
    """The width of a line in Han characters: a figure is half of one."""
    return sum(0.5 if sign.isascii() else 1 for sign in text)


def _table(
    whole: UnitRow, parts: Sequence[UnitRow], smallest: int
) -> tuple[tuple[tuple[int | str, ...], ...], str]:
    hidden = untold([part.told.submitted for part in parts], smallest)
    rows = [_row(part.name, part, place in hidden) for place, part in enumerate(parts)]
    notes = (
        f"参加考试人数不足{smallest}人的单位，其合格率、优秀率和平均分不单独列出，已计入合计。"
        if hidden
        else ""
    )
    if whole.apart.listed:
        notes += f"合格率、优秀率和平均分不含本单位领导班子成员{whole.apart.listed}人。"
    return (*rows, _row("合计", whole, False)), f"注：{notes}" if notes else ""


def _row(name: str, row: UnitRow, is_hidden: bool) -> tuple[int | str, ...]:
    counts, words = row.counts, row.words
    told = [UNTOLD if is_hidden else words[rate] for rate in ("合格率", "优秀率", "平均分")]
    return (name, counts.expected, counts.submitted, words["参考率"], *told)
