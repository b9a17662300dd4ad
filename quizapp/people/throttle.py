"""When sign-ins are refused: too many failures for an account, or from an address, within the last minutes; and when
a program asks too often.

A lock refuses new sign-ins only; whoever is signed in stays so. It opens by itself, by a new slip, or by a 备用码,
so that nobody can keep somebody else out of an exam by typing wrong passwords (hazard H41).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

ADDRESS_FACTOR = (
    20  # a whole office often shares one address: it may fail this many times as often as an account
)
SENTENCE = (
    "账号或口令不正确，或近期失败次数过多，暂时不能登录。"
    "请核对后重试；多次失败的，请过{minutes}分钟再试，或使用备用码，也可以请本单位管理员打印新的口令条。"
)


def sentence(minutes: int) -> str:
    """The one answer to every refused sign-in, whatever the reason, and what to do. minutes: LOCK_MINUTES."""
    return SENTENCE.format(minutes=minutes)


def _recent(failures: Iterable[datetime], now: datetime, minutes: int) -> int:
    return sum(now - timedelta(minutes=minutes) < at <= now for at in failures)


def is_locked(failures: Iterable[datetime], *, now: datetime, allowed: int, minutes: int) -> bool:
    """Whether an account is locked. failures: when sign-ins to it failed. allowed: LOCK_FAILURES."""
    return _recent(failures, now, minutes) >= allowed


def is_slowed(failures: int, *, allowed: int) -> bool:
    """Whether an address is refused. failures: how many sign-ins from it failed in the last LOCK_MINUTES."""
    return failures >= allowed * ADDRESS_FACTOR


def minute_of(moment: datetime) -> datetime:
    """The minute in which a moment lies, by which the requests of programs are counted."""
    return moment.replace(second=0, microsecond=0)


def seconds_to_wait(minute: datetime | None, calls: int, *, now: datetime, allowed: int) -> int:
    """How long a program waits until its next request is served: until the next minute, or 0.

    minute, calls: how many requests it has had in the minute of its last one; allowed: API_CALLS.
    """
    if minute is None or minute != minute_of(now) or calls < allowed:
        return 0
    return 60 - now.second
