"""What a person would earn in a coming exam today, as a range that holds in eight of ten cases. Pure.

Every question that may be practised has a probability of a right answer (`calibration.Fitted`); the blueprint says
how many of each there are (`coming.shares`). What cannot be practised counts like a question never met. The range
holds chance (which questions come, whether they are answered right) and how far people differ from what is predicted
of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, sqrt

from quizapp.exams.blueprint import Row, sections
from quizapp.practice.calibration import RANGE, Fitted
from quizapp.practice.coming import shares
from quizapp.practice.drawing import Entry
from quizapp.practice.memory import Memory

FEWEST_MET = 20  # questions answered of what the exam asks, below which nothing is said
HALF = 0.5  # of what the exam may ask must be open to practice


@dataclass(frozen=True)
class Range:
    """From and to, in whole 分, both included, and what full marks are."""

    low: int
    high: int
    full: int


def forecast(
    rows: Sequence[Row],
    points: Mapping[str, int],
    practisable: Mapping[str, float],
    pool: Sequence[Entry],
    memories: Mapping[int, Memory],
    fitted: Fitted,
    spread: float,
    now: datetime,
) -> Range | None:
    """The range of points for an exam with this blueprint, or none where too little is known.

    points: kind → tenths of a 分 a question; practisable: kind → share, 0–1, of the questions that the papers may
    hold which this person may practise; pool: what the person may practise of what the exam is about; spread: see
    `calibration.Report`.
    """
    asked = sections(rows)
    count = sum(asked.values())
    open_share = sum(number * practisable.get(kind, 0.0) for kind, number in asked.items()) / (count or 1)
    if sum(entry.question_id in memories for entry in pool) < FEWEST_MET or open_share < HALF:
        return None
    share = shares(rows, pool)
    mean, variance, full = 0.0, 0.0, 0
    for kind, number in asked.items():
        right = _right(kind, practisable.get(kind, 0.0), share, pool, memories, fitted, now)
        mean += number * right * points.get(kind, 0)
        variance += number * right * (1 - right) * points.get(kind, 0) ** 2
        full += number * points.get(kind, 0)
    half = RANGE * sqrt(variance + (spread * full) ** 2)
    low, high = max(0.0, mean - half), min(float(full), mean + half)
    return Range(floor(low / 10), min(ceil(high / 10), full // 10), full // 10)


def _right(
    kind: str,
    practisable: float,
    share: Mapping[int, float],
    pool: Sequence[Entry],
    memories: Mapping[int, Memory],
    fitted: Fitted,
    now: datetime,
) -> float:
    """The mean probability that a question of this kind on the paper is answered right."""
    new = fitted.predict(kind, None, False)
    weights = known = 0.0
    for entry in pool:
        if entry.kind != kind:
            continue
        weight, memory = share.get(entry.revision_id, 0.0), memories.get(entry.question_id)
        weights += weight
        known += weight * (fitted.predict(kind, memory.recall(now), memory.last_was_right) if memory else new)
    return practisable * (known / weights if weights else new) + (1 - practisable) * new
