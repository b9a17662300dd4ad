"""Who gets a reminder of an exam. Pure; `due.why_not` says the same in SQL, and a test holds them together.

应考, not yet sat and not begun, with an account and a unit, not on leave, inside the time of one's own, and no reminder
of any exam within so many days. 免考 and 缓考 never get one; practice never reminds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.exams.windows import Window

REASONS = {  # why somebody who has not sat it yet gets none, in the order in which they are looked at
    "started": "已开始作答",
    "absent": "账号停用或已离开单位",
    "leave": "产假或长病假期间",
    "closed": "不在本人的考试时间内",
    "recent": "近期已提醒过",
}


@dataclass(frozen=True)
class Facts:
    """What is known of a candidate. last_at: when this person was reminded last, of whatever exam."""

    status: str  # expected, exempt, deferred
    sat: bool
    started: bool
    present: bool  # the account is not disabled, and a main membership stands today
    window: Window
    last_at: datetime | None = None
    on_leave: bool = False  # 产假 or 长病假 today


def is_missing(facts: Facts) -> bool:
    """Whether this candidate is counted as 未考."""
    return facts.status == "expected" and not facts.sat


def why_not(facts: Facts, now: datetime, days: int) -> str:
    """A key of REASONS, or "" for who gets a reminder now. Only of candidates who are missing.

    days: between two reminders to one person.
    """
    if facts.started:
        return "started"
    if not facts.present:
        return "absent"
    if facts.on_leave:
        return "leave"
    if not may_begin(facts.window, now):
        return "closed"
    if facts.last_at is not None and facts.last_at > now - timedelta(days=days):
        return "recent"
    return ""


def may_begin(window: Window, now: datetime) -> bool:
    """Whether this person can begin the exam now or later today or on another day.

    After the exam's last start only who has an end of one's own can; when exactly that ends is left to the exam.
    """
    if not window.begins <= now < window.ends:
        return False
    late = window.last_start_at is not None and now >= window.last_start_at
    return not late or (window.personal_closes_at is not None and window.personal_closes_at > now)
