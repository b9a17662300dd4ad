"""When everybody will have sat an exam, if people go on as in the last days. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

RECENT = 7  # days whose pace is taken; weekends are in every such week, so they need no rule of their own
FEWEST = 2  # days that an exam must have run before anything is said


def sentence(
    days: Sequence[tuple[date, int]], expected: int, *, opened: date, today: date, closes: date
) -> str:
    """What can be said, in one sentence. days: the running count of who has finished (see `completion.cumulative`).

    The pace is the mean of the last seven days, today included, or of the days since the opening; closes: the last
    day on which one may sit it.
    """
    done = _by(days, today)
    left = expected - done
    if left <= 0:
        return "应考人员已全部完成。"
    span = min(RECENT, (today - opened).days + 1)
    if span < FEWEST:
        return "开考不满两天，暂不能预计完成时间。"
    recent = done - _by(days, today - timedelta(days=span))
    if recent <= 0:
        return f"最近{span}天没有人完成考试，暂不能预计完成时间。"
    last = today + timedelta(days=-(-left * span // recent))
    if last <= closes:
        return f"按最近{span}天的进度，预计{_short(last)}全部完成。"
    short = left - recent * (closes - today).days // span
    return f"按最近{span}天的进度，到{_short(closes)}截止时预计还有约{short}人未考。"


def _by(days: Sequence[tuple[date, int]], day: date) -> int:
    """How many had finished by the end of a day."""
    return max((count for one, count in days if one <= day), default=0)


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
