"""Figures of learning of a unit, and how those of a tree add up. Pure.

`Own` is what was counted of a unit's own people; `Study` is of one or several units. Days are ISO days, articles are
"regulation:article" as in "xinfang-gongzuo-tiaoli:24". A question that cites several articles counts with each of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from quizapp.reports.tree_sums import over_intervals

KEPT = 92  # days whose answers are kept, today among them: a quarter of a year
BLOCK = 64  # columns summed at a time, so that a province needs little memory
Counters = list[int]


@dataclass(frozen=True)
class Pool:
    """What the people of a unit may practise: how many questions in all, and by article."""

    questions: int = 0
    articles: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Own:
    """A unit's own people. thousandths: predicted recall over all questions; met: cards; days: answers, right ones,
    people whose latest answer it was; reached: thousandths by article."""

    people: int = 0
    thousandths: int = 0
    met: int = 0
    days: Mapping[str, Counters] = field(default_factory=dict)
    reached: Mapping[str, int] = field(default_factory=dict)

    def study(self, pool: Pool) -> "Study":
        """The same, with the questions that these people may practise."""
        articles = {
            key: [self.people, self.reached.get(key, 0), self.people * count]
            for key, count in pool.articles.items()
        }
        return Study(
            self.people,
            self.thousandths,
            self.people * pool.questions,
            self.met,
            self.days,
            articles if self.people else {},
        )


@dataclass(frozen=True)
class Study:
    """One or several units. questions: over all people; articles: people, thousandths, questions over all people."""

    people: int = 0
    thousandths: int = 0
    questions: int = 0
    met: int = 0
    days: Mapping[str, Counters] = field(default_factory=dict)
    articles: Mapping[str, Counters] = field(default_factory=dict)

    def __sub__(self, other: "Study") -> "Study":
        """What is left of these people without some of them; never less than nothing."""
        return Study(
            self.people - other.people,
            self.thousandths - other.thousandths,
            self.questions - other.questions,
            self.met - other.met,
            _less(self.days, other.days),
            _less(self.articles, other.articles),
        )

    def since(self, day: date) -> tuple[int, int, int]:
        """From a day of the last KEPT ones until now: who took part, answers, right answers."""
        first = day.isoformat()
        rows = [counters for one, counters in self.days.items() if one >= first]
        return sum(row[2] for row in rows), sum(row[0] for row in rows), sum(row[1] for row in rows)


def first_kept(today: date) -> date:
    """The earliest day whose answers are kept."""
    return today - timedelta(days=KEPT - 1)


def _less(all_of_it: Mapping[str, Counters], part: Mapping[str, Counters]) -> dict[str, Counters]:
    left = {
        key: [a - b for a, b in zip(row, part.get(key, [0] * len(row)), strict=True)]
        for key, row in all_of_it.items()
    }
    return {key: row for key, row in left.items() if any(row)}


def to_json(figures: Own | Study) -> dict[str, Any]:
    """As the table keeps it."""
    return {name: value for name, value in vars(figures).items() if value}


def own_of(kept: Mapping[str, Any]) -> Own:
    """What `to_json` made of an Own."""
    return Own(**kept)


def study_of(kept: Mapping[str, Any] | None) -> Study:
    """What `to_json` made of a Study; nobody for a unit without a row."""
    return Study(**(kept or {}))


def wholes(units: Sequence[tuple[int, int]], own: Mapping[int, tuple[Own, Pool]]) -> dict[int, Study]:
    """Each of these units (lft, rgt) with all below it, by lft.

    own: of every unit of the tree by lft, with what its people may practise; those without people may be left out.
    """
    numbers = over_intervals(
        units,
        {
            lft: (one.people, one.thousandths, one.people * pool.questions, one.met)
            for lft, (one, pool) in own.items()
        },
        4,
    )
    days = _by_key(units, {lft: one.days for lft, (one, _) in own.items()}, 3)
    reached = _by_key(
        units, {lft: {key: [n] for key, n in one.reached.items()} for lft, (one, _) in own.items()}, 1
    )
    articles = _practised(units, own)
    for lft, found in articles.items():
        for key, counters in found.items():
            counters[1] = reached[lft].get(key, [0])[0]
    return {
        lft: Study(people, thousandths, questions, met, days[lft], articles[lft])
        for lft, (people, thousandths, questions, met) in numbers.items()
    }


def _practised(
    units: Sequence[tuple[int, int]], own: Mapping[int, tuple[Own, Pool]]
) -> dict[int, dict[str, Counters]]:
    """By lft and article: people who may practise it, 0, and their questions."""
    by_pool: dict[int, dict[int, Counters]] = {}
    known = {id(pool): pool for _, pool in own.values()}
    for lft, (one, pool) in own.items():
        by_pool.setdefault(id(pool), {})[lft] = [one.people]
    found: dict[int, dict[str, Counters]] = {lft: {} for lft, _ in units}
    for identity, people in by_pool.items():
        for lft, [count] in over_intervals(units, people, 1).items():
            for key, questions in known[identity].articles.items() if count else ():
                counters = found[lft].setdefault(key, [0, 0, 0])
                counters[0] += count
                counters[2] += count * questions
    return found


def _by_key(
    units: Sequence[tuple[int, int]], own: Mapping[int, Mapping[str, Counters]], width: int
) -> dict[int, dict[str, Counters]]:
    """Counters by a key, `width` for each; a key whose counters are all 0 is left out."""
    keys = sorted({key for one in own.values() for key in one})
    found: dict[int, dict[str, Counters]] = {lft: {} for lft, _ in units}
    nothing, at_once = [0] * width, BLOCK // width
    for start in range(0, len(keys), at_once):
        block = keys[start : start + at_once]
        rows = {
            lft: [number for key in block for number in one.get(key, nothing)]
            for lft, one in own.items()
            if not one.keys().isdisjoint(block)
        }
        for lft, sums in over_intervals(units, rows, width * len(block)).items():
            for place, key in enumerate(block):
                if any(counters := sums[width * place : width * (place + 1)]):
                    found[lft][key] = counters
    return found
