"""Counting the figures of single units from answers and cards, and what their people may practise."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zlib import crc32

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from quizapp import clock
from quizapp.bank.lending import practised_at, shipped
from quizapp.bank.models import Bank, Citation, Question, Revision
from quizapp.bank.queries import has_use
from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import current
from quizapp.practice.models import Card, PracticeAnswer
from quizapp.regulations.models import Regulation
from quizapp.reports.study import recall
from quizapp.reports.study.sums import Own, Pool, first_kept

CHUNK = 10_000  # cards fetched at a time
FORM = 2  # of what is stored: a newer one is counted anew
Here = tuple[ColumnElement[bool], ...]


def members(day: date) -> Here:
    """SQL: who counts in their units on a day, the same people as `people.queries.members`."""
    return (Membership.main.is_(True), current(day), Person.disabled_at.is_(None))


# What may be practised --------------------------------------------------------------------------------------


class Pools:
    """The questions for daily use by bank, each with the articles it cites."""

    def __init__(
        self,
        shared: Iterable[int],
        own: Mapping[int, tuple[int, ...]],
        questions: Mapping[int, Mapping[int, tuple[str, ...]]],
    ) -> None:
        """shared: banks that everybody practises; own: further banks by unit; questions: bank → question → articles."""
        self._shared, self._own, self._questions = tuple(sorted(shared)), own, questions
        self._sums = {bank: crc32(repr(sorted(cited.items())).encode()) for bank, cited in questions.items()}
        self._pools: dict[tuple[int, ...], Pool] = {}

    def banks(self, unit_id: int) -> tuple[int, ...]:
        """The banks that the people of a unit practise."""
        return self._shared + self._own.get(unit_id, ())

    def rule(self, unit_id: int) -> int:
        """A checksum of all that the people of a unit may practise, and of the form in which it is counted."""
        return crc32(repr((FORM, [(bank, self._sums[bank]) for bank in self.banks(unit_id)])).encode())

    def cited(self, unit_id: int) -> list[Mapping[int, tuple[str, ...]]]:
        """The questions that the people of a unit practise with their articles, a table for each bank."""
        return [self._questions[bank] for bank in self.banks(unit_id)]

    def pool(self, unit_id: int) -> Pool:
        """How many questions the people of a unit may practise, and by article."""
        banks = self.banks(unit_id)
        if banks not in self._pools:
            tables = [self._questions[bank] for bank in banks]
            articles = Counter(key for cited in tables for keys in cited.values() for key in keys)
            self._pools[banks] = Pool(sum(len(cited) for cited in tables), dict(articles))
        return self._pools[banks]


def pools() -> Pools:
    """What is practised anywhere. Two statements."""
    rows = db.session.execute(
        select(Bank.id, Bank.unit_id, Revision.question_id, Regulation.slug, Citation.article)
        .join(Question, Question.bank_id == Bank.id)
        .join(Revision, Revision.question_id == Question.id)
        .outerjoin(Citation, and_(Citation.revision_id == Revision.id, Citation.kind == "law"))
        .outerjoin(Regulation, Regulation.id == Citation.regulation_id)
        .where(or_(shipped(), Bank.unit_id.is_not(None)), Bank.sealed.is_(False))
        .where(Revision.status == "published", has_use("daily"))
        .order_by(Bank.id, Revision.question_id, Citation.position)
    ).all()
    cited: dict[int, dict[int, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for bank, _, question, slug, article in rows:
        cited[bank][question] |= {f"{slug}:{article}": None} if slug else {}
    questions = {bank: {q: tuple(keys) for q, keys in found.items()} for bank, found in cited.items()}
    owned = {bank for bank, owner, *_ in rows if owner is not None}
    places = db.session.execute(
        select(Unit.id, Bank.id)
        .join(Bank, practised_at(Unit.lft))
        .where(Bank.id.in_(owned))
        .order_by(Unit.id, Bank.id)
    )
    own: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for unit_id, bank in places:
        own[unit_id] += (bank,)
    return Pools(questions.keys() - owned, own, questions)


# The figures of units ---------------------------------------------------------------------------------------


def own_figures(unit_ids: Sequence[int], known: Pools, now: datetime) -> dict[int, Own]:
    """The figures of the own people of these units, for those that have any. Four statements."""
    today = clock.today(now)
    here = (*members(today), Membership.unit_id.in_(unit_ids))
    people = dict(
        db.session.execute(
            select(Membership.unit_id, func.count())
            .join(Person, Person.id == Membership.person_id)
            .where(*here)
            .group_by(Membership.unit_id)
        ).all()
    )
    days, cards = _days(here, today), _cards(here, known, now)
    nothing = _Cards()
    return {
        unit_id: Own(count, one.thousandths, one.met, days.get(unit_id, {}), dict(one.reached))
        for unit_id, count in people.items()
        for one in (cards.get(unit_id, nothing),)
    }


def _days(here: Here, today: date) -> dict[int, dict[str, list[int]]]:
    """By unit and day: answers to daily quizzes, right ones, people whose latest answer it was. Two statements."""
    given = (
        select(Membership.unit_id, PracticeAnswer.day, PracticeAnswer.person_id, PracticeAnswer.correct)
        .join(Membership, Membership.person_id == PracticeAnswer.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(*here, PracticeAnswer.source == "daily")
        .where(PracticeAnswer.day.between(first_kept(today), today))
        .subquery()
    )
    right = func.sum(case((given.c.correct, 1), else_=0))
    sums = db.session.execute(
        select(given.c.unit_id, given.c.day, func.count(), right).group_by(given.c.unit_id, given.c.day)
    )
    days: dict[int, dict[str, list[int]]] = defaultdict(dict)
    for unit_id, day, answers, correct in sums:
        days[unit_id][day.isoformat()] = [answers, int(correct), 0]
    newest = (
        select(given.c.unit_id, func.max(given.c.day).label("day"))
        .group_by(given.c.unit_id, given.c.person_id)
        .subquery()
    )
    latest = db.session.execute(
        select(newest.c.unit_id, newest.c.day, func.count()).group_by(newest.c.unit_id, newest.c.day)
    )
    for unit_id, day, count in latest:
        days[unit_id][day.isoformat()][2] = count
    return days


@dataclass
class _Cards:
    """What the cards of a unit's own people add up to."""

    thousandths: int = 0
    met: int = 0
    reached: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def _cards(here: Here, known: Pools, now: datetime) -> dict[int, _Cards]:
    """The cards of questions that these people may practise. One statement."""
    rows = db.session.execute(
        select(*(Membership.unit_id, Card.question_id, Card.stability, Card.reviewed_at, Card.right_days))
        .join(Card, Card.person_id == Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(*here)
        .execution_options(yield_per=CHUNK)
    )
    found: dict[int, _Cards] = defaultdict(_Cards)
    for chunk in rows.partitions():
        recalled = recall.thousandths(
            [row.stability for row in chunk], [(now - row.reviewed_at).days for row in chunk]
        )
        for row, each in zip(chunk, recalled, strict=True):
            _count(found[row.unit_id], row, each, known.cited(row.unit_id))
    return found


def _count(unit: _Cards, card: Any, recalled: int, tables: Iterable[Mapping[int, tuple[str, ...]]]) -> None:
    for cited in tables:
        if card.question_id in cited:
            unit.met += 1
            if card.right_days:
                unit.thousandths += recalled
                for key in cited[card.question_id]:
                    unit.reached[key] += recalled
