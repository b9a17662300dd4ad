"""场次 of units: whose slot counts for whom, and how a window is split so that the load is spread. Pure.

A slot is the time of a unit and all below it, inside the exam's window; a unit's own slot wins over one above.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quizapp.clock import today
from quizapp.dates import closing, minute
from quizapp.exams.windows import INSTANT, Timed, Window

Span = tuple[datetime, datetime]
NAMED = 3  # units that a sentence names before it counts
SHORTEST, LONGEST = 5, 24 * 60  # minutes of a slot
MOST = 200  # slots of one exam that are dealt at once


@dataclass(frozen=True)
class Slot:
    """The time of one unit. lft, rgt: its interval in the tree."""

    unit_id: int
    name: str
    lft: int
    rgt: int
    opens_at: datetime
    closes_at: datetime

    def window(self, exam: Timed) -> Window:
        """The exam's window as this unit has it. Raises ValueError for an exam without a window."""
        if exam.opens_at is None or exam.closes_at is None:
            raise ValueError("this exam has no window")
        hours = (exam.daily_from, exam.daily_until)
        return Window(
            exam.opens_at, exam.closes_at, exam.last_start_at, *hours, self.opens_at, self.closes_at
        )


def span_in_words(opens_at: datetime, closes_at: datetime) -> str:
    """2026年12月1日 09:00至10:30; over midnight both days are named, and midnight is 24:00."""
    if today(opens_at) == today(closes_at - INSTANT):
        return f"{minute(opens_at)}至{closing(closes_at).rpartition(' ')[2]}"
    return f"{minute(opens_at)}至{closing(closes_at)}"


def slot_for(lft: int, slots: Iterable[Slot]) -> Slot | None:
    """The slot of the people counted at this place of the tree: that of the nearest unit at or above it."""
    over = [slot for slot in slots if slot.lft <= lft <= slot.rgt]
    return min(over, key=lambda slot: slot.rgt - slot.lft, default=None)


def pieces(window: Window, length: timedelta, *, works: Callable[[date], bool] | None = None) -> list[Span]:
    """One slot after the other, day by day within the hours; what is left of a day and too short is not used.

    works: tells which days are used; none: every day.
    """
    found: list[Span] = []
    day, last = today(window.begins), today(window.ends - INSTANT)
    while day <= last and len(found) < MOST:
        start, end = window.hours(day)
        while (works is None or works(day)) and start + length <= end and len(found) < MOST:
            found.append((start, start + length))
            start += length
        day += timedelta(days=1)
    return found


def deal(people: Sequence[int], count: int) -> list[int]:
    """For each unit, in tree order, which of `count` slots it gets: neighbours stay together, the load is even.

    people: how many each unit has. The fullest slot is as small as neighbours allow; below that, a slot is closed
    where it comes nearest to an even share of what is left. Raises ValueError for no slots.
    """
    if count < 1:
        raise ValueError("nothing to deal into")
    capacity = _smallest_capacity(people, count)
    needed = _slots_needed(people, capacity)
    found: list[int] = []
    place, load, left = 0, 0, sum(people)
    share = left / count
    for unit, own in enumerate(people):
        fuller = abs(load + own - share) > abs(load - share) and needed[unit] < count - place
        if load and place < count - 1 and (load + own > capacity or fuller):
            left -= load
            place, load = place + 1, 0
            share = left / (count - place)
        load += own
        found.append(place)
    return found


def _smallest_capacity(people: Sequence[int], count: int) -> int:
    """The smallest load of the fullest slot with which neighbours can be dealt into so many slots."""
    low, high = max(people, default=0), sum(people)
    while low < high:
        middle = (low + high) // 2
        if _slots_needed(people, middle)[0] <= count:
            high = middle
        else:
            low = middle + 1
    return low


def _slots_needed(people: Sequence[int], capacity: int) -> list[int]:
    """For the units from each one on: into how few slots they fit, none above the capacity."""
    found = [0] * (len(people) + 1)
    load, end = 0, len(people)
    for start in range(len(people) - 1, -1, -1):
        load += people[start]
        while load > capacity:
            end -= 1
            load -= people[end]
        found[start] = 1 + found[end]
    return found


def shortened(names: Sequence[str]) -> str:
    """县信访局、云岭镇; of more than three 县信访局、云岭镇、青石镇等5个单位."""
    shown = "、".join(names[:NAMED])
    return f"{shown}等{len(names)}个单位" if len(names) > NAMED else shown
