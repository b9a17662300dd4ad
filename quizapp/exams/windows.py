"""When an exam may be started, when a sitting closes, and what state an exam is in. All times are aware UTC.

Source: docs/exam-protocol.md, 3. A moment that is an edge belongs to what begins there: at opens_at one may start,
at the last start one may no more. Days and the hours of a day (每天9:00至18:00) are those of Asia/Shanghai.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from quizapp.clock import end_of, start_of, today

STATES = {
    "draft": "草稿",
    "published": "未开始",
    "running": "进行中",
    "closed": "已结束",
    "released": "已公布",
    "cancelled": "已取消",
    "voided": "已作废",
}
WHOLE_DAY = 1440  # minutes; as the end of daily hours 24:00
INSTANT = timedelta(microseconds=1)


class Dated(Protocol):
    """The columns of an exam that decide its state."""

    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    released_at: datetime | None


class Timed(Protocol):
    """The columns of an exam that decide when it may be sat."""

    opens_at: datetime | None
    closes_at: datetime | None
    last_start_at: datetime | None
    daily_from: int | None
    daily_until: int | None


class Own(Protocol):
    """The columns of a candidate that do."""

    slot_opens_at: datetime | None
    slot_closes_at: datetime | None
    personal_closes_at: datetime | None


@dataclass(frozen=True)
class Window:
    """When one person may sit an exam.

    The exam's window, narrowed to the slot of the person's unit where there is one; a personal end only lengthens it.
    Within it every day has the same hours (daily_from to daily_until, minutes of the day; 1440 is 24:00), none: the
    whole day. On the day of a personal end those hours last until that end.
    """

    opens_at: datetime
    closes_at: datetime
    last_start_at: datetime | None = None
    daily_from: int | None = None
    daily_until: int | None = None
    slot_opens_at: datetime | None = None
    slot_closes_at: datetime | None = None
    personal_closes_at: datetime | None = None

    @property
    def begins(self) -> datetime:
        """From when this person may start, the hours of the day apart."""
        return max(self.opens_at, self.slot_opens_at) if self.slot_opens_at else self.opens_at

    @property
    def _own_end(self) -> datetime:
        """The end before anything personal: of the unit's slot, or of the exam."""
        return self.slot_closes_at or self.closes_at

    @property
    def ends(self) -> datetime:
        """The end of this person's window."""
        return window_end(self._own_end, self.personal_closes_at)

    @property
    def last_start(self) -> datetime:
        """Until when one may start: the end unless the exam names an earlier time; a personal end moves both."""
        named = min(self.last_start_at, self._own_end) if self.last_start_at else self._own_end
        return named + (self.ends - self._own_end)

    def hours(self, day: date) -> tuple[datetime, datetime]:
        """From when to when this person may sit on a day; an empty span (from ≥ to) on a day that has no time."""
        first, last = start_of(day), end_of(day)
        if self.daily_from is not None and self.daily_until is not None:
            last = first + timedelta(minutes=self.daily_until)
            first += timedelta(minutes=self.daily_from)
            if self.ends > self._own_end and today(self.ends - INSTANT) == day:
                last = max(last, self.ends)
        return max(first, self.begins), min(last, self.ends)

    def may_start(self, now: datetime) -> str:
        """Whether a first opening is possible: open, not_open, too_late, or outside_hours (see `next_start`)."""
        if now < self.begins:
            return "not_open"
        if now >= self.last_start:
            return "too_late"
        first, last = self.hours(today(now))
        if first <= now < last:
            return "open"
        return "outside_hours" if self.next_start(now) else "too_late"

    def next_start(self, now: datetime) -> datetime | None:
        """The first moment from now on at which one may start; none when there is no more."""
        day = today(max(now, self.begins))
        for one in (
            day,
            day + timedelta(days=1),
        ):  # hours are the same every day: the second has what the first lacks
            first, last = self.hours(one)
            found = max(first, now)
            if found < min(last, self.last_start):
                return found
        return None

    def closing_time(
        self,
        started_at: datetime,
        *,
        minutes: int,
        extra_percent: int = 0,
        extra_minutes: int = 0,
        extension: timedelta = timedelta(0),
    ) -> datetime:
        """When the sheet of a sitting closes.

        min(started_at + minutes × (1 + extra_percent %) + extra_minutes, the person's end of the window, the end of
        the hours of the day on which it was started) + extension. A sitting never runs into the next day's hours.
        extension makes good an outage and may pass both ends.
        """
        allowed = timedelta(minutes=minutes) * (100 + extra_percent) / 100 + timedelta(minutes=extra_minutes)
        ends = min(started_at + allowed, self.ends)
        if self.daily_from is not None:
            first, last = self.hours(today(started_at))
            ends = min(ends, last) if first <= started_at < last else ends
        return ends + extension


def window_of(exam: Timed, candidate: Own | None = None) -> Window:
    """The window of an exam for one candidate; without one that of whoever has nothing special.

    Raises ValueError for an exam without a window.
    """
    if exam.opens_at is None or exam.closes_at is None:
        raise ValueError("this exam has no window")
    return Window(
        exam.opens_at,
        exam.closes_at,
        exam.last_start_at,
        exam.daily_from,
        exam.daily_until,
        candidate.slot_opens_at if candidate else None,
        candidate.slot_closes_at if candidate else None,
        candidate.personal_closes_at if candidate else None,
    )


def window_end(closes_at: datetime, personal_closes_at: datetime | None = None) -> datetime:
    """The end of a window for one person: a personal end only ever lengthens it. closes_at: of the exam or the slot."""
    return max(closes_at, personal_closes_at) if personal_closes_at else closes_at


def face(minutes: int) -> str:
    """Minutes of the day as a clock shows them: 540 is 9:00, 1440 is 24:00."""
    return f"{minutes // 60}:{minutes % 60:02}"


def hours_in_words(daily_from: int | None, daily_until: int | None) -> str:
    """9:00至18:00; 全天 without daily hours."""
    if daily_from is None or daily_until is None:
        return "全天"
    return f"{face(daily_from)}至{face(daily_until)}"


def state_of(exam: Dated, now: datetime) -> str:
    """draft, published (not open yet), running, closed, released, cancelled or voided: a key of STATES."""
    if exam.state != "published":
        return exam.state
    if exam.opens_at is None or exam.closes_at is None:
        raise ValueError("a published exam has a window")
    if now < exam.opens_at:
        return "published"
    if now < exam.closes_at:
        return "running"
    return "released" if exam.released_at is not None and exam.released_at <= now else "closed"


def is_over(now: datetime, *, closes_at: datetime, latest_personal: datetime | None, grace_s: int) -> bool:
    """Whether nobody can be answering any more: the last person's window and the grace have passed.

    The slots of units lie inside the exam's window, so the exam's end and the latest personal end decide.
    """
    return now > window_end(closes_at, latest_personal) + timedelta(seconds=grace_s)
