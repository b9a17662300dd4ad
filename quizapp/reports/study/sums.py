"""Figures of learning of a unit, and how those of a tree add up. Pure.

`Own` is what was counted of a unit's own people; `Study` is of one or several units. Days are ISO days, articles are
"regulation:article" as in "xinfang-gongzuo-tiaoli:24". A question that cites several articles counts with each of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

KEPT = 92  # days whose answers are kept, today among them: a quarter of a year
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


@dataclass(frozen=True)
class Figures:
    """What is kept of a unit: its own people's, or with all below it. chosen: as in `choices`, by revision.

    behind: some of it was counted after the last sums.
    """

    unit_id: int
    lft: int
    rgt: int
    study: Study
    chosen: Mapping[str, Counters]
    behind: bool = True


def rising(units: Iterable[Figures]) -> Iterator[Figures]:
    """Each of these units with all below it, as soon as the last of them has come: the lower before the higher.

    units: of a whole tree in its order. At any time only a unit and those above it are held.
    """
    open_: list[_Open] = []
    for unit in units:
        while open_ and open_[-1].unit.rgt < unit.lft:
            yield _closed(open_)
        open_.append(_Open(unit))
    while open_:
        yield _closed(open_)


class _Open:
    """A unit of which more may come."""

    def __init__(self, unit: Figures) -> None:
        self.unit, self.behind = unit, unit.behind
        study = unit.study
        self.numbers = [study.people, study.thousandths, study.questions, study.met]
        self.tables = (dict(study.days), dict(study.articles), dict(unit.chosen))

    def add(self, other: "_Open") -> None:
        self.behind |= other.behind
        self.numbers = [a + b for a, b in zip(self.numbers, other.numbers, strict=True)]
        for mine, more in zip(self.tables, other.tables, strict=True):
            for key, row in more.items():
                known = mine.get(key)
                mine[key] = row if known is None else [a + b for a, b in zip(known, row, strict=True)]

    def figures(self) -> Figures:
        days, articles, chosen = self.tables
        people, thousandths, questions, met = self.numbers
        study = Study(people, thousandths, questions, met, days, articles)
        return Figures(self.unit.unit_id, self.unit.lft, self.unit.rgt, study, chosen, self.behind)


def _closed(open_: list[_Open]) -> Figures:
    done = open_.pop()
    if open_:
        open_[-1].add(done)
    return done.figures()
