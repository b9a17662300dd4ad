"""The stored tables of 放假调休, year by year: filled from what ships, replaced by what administrators import."""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, or_, select

from quizapp import audit
from quizapp.db import db
from quizapp.exams.holidays import Entry, Table
from quizapp.exams.models import Holiday
from quizapp.spreadsheets import Sheet, workbook

SHIPPED = Path(__file__).with_name("holidays.toml")
HEADER = ("日期", "类型", "名称")


@lru_cache(maxsize=1)
def shipped() -> dict[int, list[dict[str, Any]]]:
    """The rows of the file by year, in the order of days."""
    found = {}
    for entry in tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["year"]:
        rows = [
            {"day": first + timedelta(days=n), "working": False, "name": name}
            for name, first, last in entry["off"]
            for n in range((last - first).days + 1)
        ]
        rows += [{"day": day, "working": True, "name": name} for name, day in entry["working"]]
        found[entry["year"]] = sorted(rows, key=lambda row: row["day"])
    return found


def fill() -> int:
    """Put the shipped years into the table of which it holds nothing. How many days are new."""
    known = {day.year for day in db.session.scalars(select(Holiday.day))}
    rows = [row for year, rows in shipped().items() if year not in known for row in rows]
    if rows:
        db.session.execute(insert(Holiday), rows)
    return len(rows)


def table(first: date, last: date) -> Table:
    """What is known of the years from that of the first to that of the last day; one statement."""
    inside = Holiday.day.between(date(first.year, 1, 1), date(last.year, 12, 31))
    return {
        row.day: row.working for row in db.session.execute(select(Holiday.day, Holiday.working).where(inside))
    }


def names(first: date, last: date) -> dict[date, Holiday]:
    """The stored days from the first to the last, with their names."""
    rows = db.session.scalars(select(Holiday).where(Holiday.day.between(first, last)).order_by(Holiday.day))
    return {row.day: row for row in rows}


def years() -> dict[int, list[Holiday]]:
    """All stored days by year, the latest year first."""
    found: dict[int, list[Holiday]] = {}
    for row in db.session.scalars(select(Holiday).order_by(Holiday.day)):
        found.setdefault(row.day.year, []).append(row)
    return dict(sorted(found.items(), reverse=True))


def replace(entries: Sequence[Entry], *, file_hash: str, actor_id: int | None) -> None:
    """Put the entries in place of everything that was stored of their years; other years stay."""
    replaced = sorted({entry.day.year for entry in entries})
    inside = [Holiday.day.between(date(year, 1, 1), date(year, 12, 31)) for year in replaced]
    db.session.execute(delete(Holiday).where(or_(*inside)).execution_options(synchronize_session=False))
    db.session.execute(
        insert(Holiday), [{"day": one.day, "working": one.working, "name": one.name} for one in entries]
    )
    audit.record(
        "holidays.imported",
        ("holiday", "、".join(map(str, replaced))),
        actor_id=actor_id,
        days=len(entries),
        file=file_hash,
    )


def sheet(rows: Iterable[Holiday]) -> bytes:
    """Stored days as the workbook that can be imported again."""
    lines = [(row.day.isoformat(), "班" if row.working else "休", row.name) for row in rows]
    told = [
        ("日期", "必填", "如2026-10-01。"),
        ("类型", "必填", "休：放假或调休的休息日；班：调休上班的周末。普通的周末和工作日不用填写。"),
        ("名称", "选填", "如国庆节，不超过20个字。"),
        ("整年替换", "", "导入时，表中出现的年份整年替换，其他年份不变。要撤回，重新导入原来的表即可。"),
    ]
    explained = Sheet("填写说明", ("列", "是否必填", "说明"), told, (12, 12, 70))
    return workbook([Sheet("节假日", HEADER, lines, (14, 10, 20), (0, 1, 2)), explained])
