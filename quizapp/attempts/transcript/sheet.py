"""学法档案 as PDF: A4, a table of exams. What somebody practised is for that person alone and is not printed."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from quizapp import clock, dates, figures, typesetting
from quizapp.attempts.transcript.entries import Entry
from quizapp.exams.printing.sheets import printable

TEMPLATE = Path(__file__).with_suffix(".typ")
HEADINGS = ("年度", "考试", "单位", "日期", "考试情况", "成绩", "等级", "合格证编号")


def number(account: str, now: datetime) -> str:
    """DA-10000017-20261225: whose transcript it is, and of which day."""
    return f"DA-{account}-{clock.today(now):%Y%m%d}"


def pdf(entries: Sequence[Entry], *, name: str, account: str, unit: str, now: datetime, site: str) -> bytes:
    """The file. entries: newest first. Raises Refused without a Chinese font."""
    data = {
        "number": number(account, now),
        "facts": [("姓名", printable(name)), ("学法账号", account), ("单位", printable(unit))],
        "headings": HEADINGS,
        "rows": [_row(one) for one in entries],
        "foot": f"本档案由本人于{dates.minute(now)}从{site}导出，列出当时已结束的考试。合格证可以按编号在线查验。",
    }
    return typesetting.pdf(TEMPLATE, data)


def _row(one: Entry) -> list[str]:
    """As `HEADINGS`."""
    title = f"{one.title}（补考）" if one.makeup and "补考" not in one.title else one.title
    score = f"{figures.points(one.points)}分" if one.points is not None else "—"
    texts = (
        str(one.year),
        title,
        one.unit,
        one.day,
        one.result,
        score,
        one.band or "—",
        one.certificate or "—",
    )
    return [printable(text) for text in texts]
