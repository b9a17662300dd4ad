"""When an exam may be started, when a sitting closes, and what state an exam is in. All times are aware UTC.

Source: docs/exam-protocol.md, 3. A moment that is an edge belongs to what begins there: at opens_at one may start,
at the last start one may no more.
"""

from datetime import datetime, timedelta
from typing import Protocol

STATES = {
    "draft": "草稿",
    "published": "未开始",
    "running": "进行中",
    "closed": "已结束",
    "released": "已公布",
    "cancelled": "已取消",
    "voided": "已作废",
}


class Dated(Protocol):
    """The columns of an exam that decide its state."""

    state: str
    opens_at: datetime | None
    closes_at: datetime | None
    released_at: datetime | None


def window_end(closes_at: datetime, personal_closes_at: datetime | None = None) -> datetime:
    """The end of the window for one person: a personal end only ever lengthens it."""
    return max(closes_at, personal_closes_at) if personal_closes_at else closes_at


def closing_time(
    started_at: datetime,
    *,
    minutes: int,
    closes_at: datetime,
    extra_percent: int = 0,
    extra_minutes: int = 0,
    personal_closes_at: datetime | None = None,
    extension: timedelta = timedelta(0),
) -> datetime:
    """When the sheet of a sitting closes.

    min(started_at + minutes × (1 + extra_percent %) + extra_minutes, the person's end of the window) + extension.
    extension makes good an outage and may pass the window's end.
    """
    allowed = timedelta(minutes=minutes) * (100 + extra_percent) / 100 + timedelta(minutes=extra_minutes)
    return min(started_at + allowed, window_end(closes_at, personal_closes_at)) + extension


def last_start(
    closes_at: datetime, last_start_at: datetime | None = None, personal_closes_at: datetime | None = None
) -> datetime:
    """Until when one may start: the window's end unless the exam names an earlier time; a personal end moves both."""
    moved = window_end(closes_at, personal_closes_at) - closes_at
    return (last_start_at or closes_at) + moved


def may_start(
    now: datetime,
    *,
    opens_at: datetime,
    closes_at: datetime,
    last_start_at: datetime | None = None,
    personal_closes_at: datetime | None = None,
) -> str:
    """Whether a first opening is possible (opens_at ≤ now < last start): open, not_open or too_late."""
    if now < opens_at:
        return "not_open"
    return "open" if now < last_start(closes_at, last_start_at, personal_closes_at) else "too_late"


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
    """Whether nobody can be answering any more: the last person's window and the grace have passed."""
    return now > window_end(closes_at, latest_personal) + timedelta(seconds=grace_s)
