"""How fast a section was answered, from the times that the journal has anyway. Pure.

Counted: from the first opening, the time between one saved change and the next belongs in equal parts to the questions
whose letters changed in between; a section's pace is its time by the number of questions answered in it. A page saves
a second after a change and at the latest after 15 seconds, so single questions are not told apart; whole sections are.
Time away from the page is in it too, which makes people slower, never faster.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

LEAST_ANSWERED = 5  # questions of a section, below which it has no pace
LEAST_PEOPLE = 20  # paces, below which nobody is compared
LEAST_CHANGES = 3  # saved changes: a sheet that came whole at the end tells no pace
TIMES_FASTER = 3.0  # than the median, at least
FAR = 3.5  # robust deviations of log seconds below the median (Iglewicz & Hoaglin 1993: 3.5)
SAME = 0.6745  # of a normal distribution, how far its quartiles lie from the middle


@dataclass(frozen=True)
class Pace:
    """seconds: of one question; answered: questions of the section."""

    seconds: float
    answered: int


def paces(events: Sequence[tuple[datetime, str]], sections: Sequence[str]) -> dict[str, Pace]:
    """The pace of each section of one attempt. events: (when, sheet) of the journal in its order, the first opening
    first; sections: the section of each slot. Empty where the journal tells too little."""
    if not events:
        return {}
    spent = [0.0] * len(sections)
    since, before = events[0][0], events[0][1].split(".")
    changes = 0
    for at, sheet in events[1:]:
        now = sheet.split(".")
        if len(now) != len(sections) or len(before) != len(sections):
            return {}
        changed = [slot for slot, letters in enumerate(now) if letters != before[slot]]
        if changed:
            changes += 1
            each = max((at - since).total_seconds(), 0.0) / len(changed)
            for slot in changed:
                spent[slot] += each
            since, before = at, now
    if changes < LEAST_CHANGES:
        return {}
    found = {}
    for section in dict.fromkeys(sections):
        answered = [slot for slot, name in enumerate(sections) if name == section and before[slot]]
        if len(answered) >= LEAST_ANSWERED:
            found[section] = Pace(sum(spent[slot] for slot in answered) / len(answered), len(answered))
    return found


@dataclass(frozen=True)
class Fast:
    """A section that was answered much faster than by others. median: of their seconds; people: how many."""

    attempt: int
    section: str
    seconds: float
    answered: int
    median: float
    people: int


def fast(found: Mapping[int, Mapping[str, Pace]]) -> list[Fast]:
    """Who was much faster than the others, by attempt: TIMES_FASTER than the median and FAR below it."""
    names: Iterable[str] = dict.fromkeys(name for one in found.values() for name in one)
    return [one for name in names for one in _fast(name, {a: p[name] for a, p in found.items() if name in p})]


def _fast(section: str, found: Mapping[int, Pace]) -> list[Fast]:
    if len(found) < LEAST_PEOPLE:
        return []
    seconds = np.array([max(one.seconds, 0.1) for one in found.values()])
    logs = np.log(seconds)
    middle = float(np.median(logs))
    away = float(np.median(np.abs(logs - middle))) / SAME
    limit = min(middle - FAR * away, middle - float(np.log(TIMES_FASTER)))
    return [
        Fast(
            attempt, section, round(one.seconds, 1), one.answered, round(float(np.exp(middle)), 1), len(found)
        )
        for (attempt, one), log in zip(found.items(), logs, strict=True)
        if log <= limit
    ]
