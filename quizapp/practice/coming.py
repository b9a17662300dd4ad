"""What a coming exam asks for, of questions that may be practised. Pure.

The blueprint says how many questions of a chapter or an article a paper holds; each is shared out evenly over the
questions that match. Which questions the papers really hold is never looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from quizapp.exams.blueprint import Item, Row, sections
from quizapp.practice.drawing import Entry, Spot

NEAR = timedelta(days=60)  # an exam that opens later than this does not move the daily quiz yet
STRENGTH = (
    3.0  # on its day an article that is asked for as often as the mean one weighs 1 + STRENGTH times as much
)


@dataclass(frozen=True)
class Coming:
    """An exam that a person has still to sit. opens_at, closes_at: this person's own window."""

    exam_id: int
    title: str
    rows: tuple[Row, ...]
    opens_at: datetime
    closes_at: datetime


def item(entry: Entry) -> Item:
    """A question of practice as the rows of a blueprint look at it; tags are not known here."""
    regulation, article = entry.place
    return Item(
        entry.revision_id,
        entry.question_id,
        entry.kind,
        regulation,
        entry.chapter,
        article,
        frozenset(),
        entry.difficulty,
        expected=0.0,
    )


def shares(rows: Sequence[Row], pool: Sequence[Entry]) -> dict[int, float]:
    """Revision → how many of a paper's questions fall to it on average.

    They add up to the number of questions of the kinds that the pool has. A row that no question of the pool matches
    is shared out over its kind, like what the rows leave open.
    """
    found: dict[int, float] = defaultdict(float)
    items = [item(entry) for entry in pool]
    for kind, count in sections(rows).items():
        own = [one for one in items if one.kind == kind]
        left = float(count)
        for row in rows:
            matching = (
                [one for one in own if row.matches(one)] if row.kind == kind and not row.section else []
            )
            taken = min(row.least, left) if matching else 0.0
            for one in matching:
                found[one.revision_id] += taken / len(matching)
            left -= taken
        for one in own:
            found[one.revision_id] += left / len(own)
    return dict(found)


def nearness(opens_at: datetime, now: datetime) -> float:
    """0 when the exam opens in NEAR or later, 1 once it is open, evenly between."""
    return min(1.0, max(0.0, 1 - (opens_at - now) / NEAR))


def pulls(exams: Iterable[Coming], pool: Sequence[Entry], now: datetime) -> dict[Spot, float]:
    """How much more each article weighs for these exams: STRENGTH on the day for one asked for as often as the mean.

    Articles that no near exam asks for are left out.
    """
    found: dict[Spot, float] = defaultdict(float)
    for exam in exams:
        near = nearness(exam.opens_at, now)
        asked: dict[Spot, float] = defaultdict(float)
        share = shares(exam.rows, pool)
        for entry in pool:
            asked[entry.place] += share.get(entry.revision_id, 0.0)
        asked = {place: number for place, number in asked.items() if number > 0}
        mean = sum(asked.values()) / len(asked) if asked else 0.0
        for place, number in asked.items():
            if near > 0:
                found[place] += STRENGTH * near * number / mean
    return dict(found)
