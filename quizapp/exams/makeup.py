"""补考: who may sit it, when it is held by default, and what it is called.

Only who failed, was absent or was deferred (缓考); who is exempt or passed, in the exam itself or in an earlier makeup,
never. Source: hazard H25.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quizapp.clock import end_of, start_of

KINDS = {"failed": "未合格", "absent": "缺考", "deferred": "缓考"}
DAYS_OPEN = 7


@dataclass(frozen=True)
class Ended:
    """How the exam ended for one of its candidates. status: expected, exempt or deferred."""

    status: str
    sat: bool
    passed: bool


def kind(ended: Ended) -> str | None:
    """Why this candidate may sit the makeup: a key of KINDS; none for who may not. Not before the exam is over."""
    if ended.status == "exempt" or (ended.sat and ended.passed):
        return None
    if ended.status == "deferred":
        return "deferred"
    return "failed" if ended.sat else "absent"


def window(today: date) -> tuple[datetime, datetime]:
    """From tomorrow 0:00 for seven days, to 24:00 of the last."""
    first = today + timedelta(days=1)
    return start_of(first), end_of(first + timedelta(days=DAYS_OPEN - 1))


def title(of: str, earlier: int, longest: int) -> str:
    """2026年度考试（补考）, the second （第2次补考）; cut where the whole would be longer than `longest`."""
    tail = "（补考）" if earlier == 0 else f"（第{earlier + 1}次补考）"
    return of[: longest - len(tail)] + tail


def counts(kinds: Iterable[str]) -> dict[str, int]:
    """How many there are of each kind, in the order of KINDS."""
    found = list(kinds)
    return {code: found.count(code) for code in KINDS}
