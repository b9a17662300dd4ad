"""放假和调休: which days are working days, and the sheet from which a year's table is read. Pure.

A table says of some days whether people work; every other day is a working day from Monday to Friday. A year of which
the table holds nothing is unknown: then nothing is said about working days in it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from quizapp.spreadsheets import Row, header_of

Table = Mapping[date, bool]  # day → working (调休上班) or off
HEADINGS = {"day": ("日期",), "kind": ("类型", "安排"), "name": ("名称", "节日", "节假日")}
KINDS = {"休": False, "放假": False, "休息": False, "班": True, "上班": True, "调休上班": True}
LONGEST_NAME = 20
FIRST_YEAR, LAST_YEAR = 2000, 2100
_DATE = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?(?: 0{1,2}:00(?::00)?)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
WEEKDAYS = "一二三四五六日"


def is_working_day(day: date, table: Table) -> bool:
    """Whether people work on a day: as the table says, else Monday to Friday."""
    return table.get(day, day.weekday() < 5)


def is_known(year: int, table: Table) -> bool:
    """Whether the table holds this year."""
    return any(day.year == year for day in table)


def working_days(first: date, last: date, table: Table) -> int | None:
    """How many working days there are from first to last, both included; none where a year is unknown."""
    if not all(is_known(year, table) for year in range(first.year, last.year + 1)):
        return None
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(is_working_day(day, table) for day in days)


# The sheet --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One day of the sheet."""

    row: int
    day: date
    working: bool
    name: str


@dataclass(frozen=True)
class Problem:
    """What stands in the way. row: as in Excel, 0 for the whole sheet."""

    row: int
    column: str
    message: str


@dataclass
class Plan:
    """What a sheet would put in place of the years that it names."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def years(self) -> dict[int, tuple[int, int]]:
        """Year → how many days off and how many working weekend days."""
        off = Counter(entry.day.year for entry in self.entries if not entry.working)
        working = Counter(entry.day.year for entry in self.entries if entry.working)
        return {year: (off[year], working[year]) for year in sorted({*off, *working})}


def day_of(text: str) -> date | None:
    """2026-10-01, 2026/10/1, 2026年10月1日, 2026.10.1 or 20261001; none for anything else."""
    found = _DATE.fullmatch(text.strip()) or _DIGITS.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def read(rows: Sequence[Row]) -> Plan:
    """The days of a sheet and everything that is wrong with it. Raises Refused when there is no header."""
    start, columns = header_of(rows, HEADINGS, ("day", "kind"))
    plan = Plan()
    for row in rows[start + 1 :]:
        if not row.is_blank:
            _read_row(row, columns, plan)
    if not plan.entries and not plan.problems:
        plan.problems.append(Problem(0, "", "表头下面没有内容"))
    plan.problems += _twice(plan.entries)
    return plan


def _read_row(row: Row, columns: Mapping[str, int], plan: Plan) -> None:
    cell = {name: row.cell(columns.get(name)).strip() for name in HEADINGS}
    day, working = day_of(cell["day"]), KINDS.get(cell["kind"])
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        plan.problems.append(Problem(row.number, "日期", f"“{cell['day'][:20]}”不是日期，请写成2026-10-01"))
    if working is None:
        plan.problems.append(Problem(row.number, "类型", f"“{cell['kind'][:20]}”不能识别，请填写“休”或“班”"))
    if len(cell["name"]) > LONGEST_NAME:
        plan.problems.append(Problem(row.number, "名称", f"超过{LONGEST_NAME}个字"))
    if day is None or working is None:
        return
    if working and day.weekday() < 5:
        word = f"{day:%Y-%m-%d}是星期{WEEKDAYS[day.weekday()]}，本来就上班，请核对日期"
        plan.problems.append(Problem(row.number, "类型", word))
    plan.entries.append(Entry(row.number, day, working, cell["name"]))


def _twice(entries: Iterable[Entry]) -> list[Problem]:
    """Days that stand in the sheet more than once."""
    first: dict[date, int] = {}
    found = []
    for entry in entries:
        if entry.day in first:
            found.append(
                Problem(entry.row, "日期", f"{entry.day:%Y-%m-%d}与第{first[entry.day]}行重复，请只保留一行")
            )
        first.setdefault(entry.day, entry.row)
    return found
