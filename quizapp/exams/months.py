"""A month of the exam calendar: its weeks, and which exam opens, runs or closes on which day. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quizapp.clock import CHINA, today
from quizapp.exams.windows import INSTANT, face

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Month:
    """A month of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def named(cls, text: str) -> "Month | None":
        """2026-12; none for anything else."""
        found = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR or not 1 <= int(found[2]) <= 12:
            return None
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return self.shifted(1).first - timedelta(days=1)

    @property
    def words(self) -> str:
        return f"{self.year}年{self.number}月"

    def shifted(self, by: int) -> "Month":
        """So many months later."""
        years, number = divmod(self.year * 12 + self.number - 1 + by, 12)
        return Month(years, number + 1)

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks from Monday to Sunday that hold all days of the month."""
        start = self.first - timedelta(days=self.first.weekday())
        whole = (self.last - start).days // 7 + 1
        return [[start + timedelta(days=7 * week + n) for n in range(7)] for week in range(whole)]


@dataclass(frozen=True)
class Run:
    """An exam's span of time."""

    exam_id: int
    opens_at: datetime
    closes_at: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day on which it can be sat; a window that closes at 24:00 closes on that day."""
        return today(self.opens_at), today(self.closes_at - INSTANT)

    def meets(self, first: date, last: date) -> bool:
        """Whether it runs on any of the days from first to last."""
        return self.days[0] <= last and self.days[1] >= first

    def on(self, day: date) -> str:
        """What it does on a day: 9:00开始, 24:00截止, 9:00至18:00, 进行中, or "" where it does not run."""
        first, last = self.days
        if not first <= day <= last:
            return ""
        start, end = _face(self.opens_at), _face(self.closes_at, ending=True)
        if first == last:
            return f"{start}至{end}"
        return f"{start}开始" if day == first else f"{end}截止" if day == last else "进行中"


def by_day(runs: Iterable[Run], first: date, last: date) -> dict[date, list[tuple[int, str]]]:
    """Day → (exam, what it does), for the days from first to last on which anything runs, in the given order."""
    found = defaultdict(list)
    for run in runs:
        begins, ends = run.days
        day, until = max(begins, first), min(ends, last)
        while day <= until:
            found[day].append((run.exam_id, run.on(day)))
            day += timedelta(days=1)
    return dict(sorted(found.items()))


def _face(at: datetime, *, ending: bool = False) -> str:
    local = at.astimezone(CHINA)
    minutes = local.hour * 60 + local.minute
    return face(24 * 60 if ending and minutes == 0 else minutes)
