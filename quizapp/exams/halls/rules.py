"""What holds in a hall: when its door is open, which seat somebody gets, what stands on the invigilator's list.

Source: issue 4, 集中考试. All times are aware UTC; an edge belongs to what begins there.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

EARLY = timedelta(minutes=30)  # before the beginning: from then on a candidate may sign in
STAY = timedelta(seconds=60)  # how long the receipt stays on a shared computer
SLACK = timedelta(hours=4)  # added minutes and outages may lengthen a sitting by as much
CODE_DIGITS = 6
MOST_SEATS = 2000
STATES = {"absent": "未到", "waiting": "已到未开始", "answering": "答题中", "done": "已交卷"}
DOORS = {
    "not_yet": "还没有到签到时间，请在开场前30分钟内登录。",
    "over": "本场次已经结束，不能再登录。",
    "late": "入场时间已过，请监考人员准予入场后再登录。",
    "elsewhere": "您已在另一台电脑上登录，请监考人员办理换机后再登录。",
}


def door(
    now: datetime,
    *,
    opens_at: datetime,
    closes_at: datetime,
    ended: bool,
    arrived: bool,
    admitted: bool,
    on_machine: bool,
    late: timedelta,
) -> str:
    """Whether a candidate may sign in now: open, or a key of DOORS.

    late: how long after opens_at the door closes for who has not come yet; an invigilator admits such a candidate.
    on_machine: signed in on another computer, which only an invigilator ends.
    """
    if ended or now >= closes_at:
        return "over"
    if now < opens_at - EARLY:
        return "not_yet"
    if now > opens_at + late and not (arrived or admitted):
        return "late"
    return "elsewhere" if on_machine else "open"


def is_late(arrived_at: datetime | None, opens_at: datetime, late: timedelta) -> bool:
    """Whether somebody came after the door was closed."""
    return arrived_at is not None and arrived_at > opens_at + late


def free_seats(seats: int, taken: Collection[int | None]) -> list[int]:
    """The numbers of the seats that nobody has, from 1 to `seats`, in order."""
    return [number for number in range(1, seats + 1) if number not in taken]


def seat_for(wanted: int | None, own: int | None, free: Collection[int]) -> int | None:
    """The seat for who signs in: the one that was typed, else the own one, else the first free; none: not to be had."""
    if wanted is not None:
        return wanted if wanted == own or wanted in free else None
    return own if own is not None else min(free, default=None)


def state(*, arrived: bool, answering: bool, finished: bool) -> str:
    """A key of STATES. A second sitting that is under way counts before a first one that is finished."""
    if answering:
        return "answering"
    if finished:
        return "done"
    return "waiting" if arrived else "absent"


def acts(word: str, *, arrived: bool, on_machine: bool) -> list[str]:
    """What an invigilator may do for a candidate in this state: of admit (准予入场), move (换机), time (加时)."""
    found = [] if arrived or word in ("answering", "done") else ["admit"]
    found += ["move"] if on_machine else []
    return found if word == "done" else [*found, "time"]


def fits(opens_at: datetime, closes_at: datetime, exam_opens: datetime, exam_closes: datetime) -> bool:
    """Whether a session lies in the window of its exam."""
    return exam_opens <= opens_at < closes_at <= exam_closes


def signed_in_until(closes_at: datetime, minutes: int) -> datetime:
    """When a sign-in in the hall ends by itself: who begins at the last moment has the whole time.

    minutes: of the sitting.
    """
    return closes_at + timedelta(minutes=minutes) + SLACK


def accounts_in(text: str) -> list[str]:
    """The accounts of a list that people typed or pasted: apart by blanks, commas, 、 or lines; each one once."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,，、;；]+", text) if part))
