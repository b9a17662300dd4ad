"""Which options a unit's people chose in practice: counted from the log by the job, kept by unit, read by article.

Kept by revision as [people, those who chose A, B … H], all of them by the latest answer of each person within DAYS
days. The answers of practice of every kind count.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from quizapp.bank.lending import practised_at
from quizapp.bank.models import Bank, Citation, Question, Revision
from quizapp.bank.queries import has_use
from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.practice.models import PracticeAnswer
from quizapp.regulations.models import Regulation
from quizapp.reports.study.briefing import LETTERS, Chosen
from quizapp.reports.study.models import StudyUnit

DAYS = 30  # today among them
CHUNK = 10_000  # rows fetched at a time
Counters = list[int]


def first_day(today: date) -> date:
    """The earliest day whose answers count."""
    return today - timedelta(days=DAYS - 1)


# Counting ---------------------------------------------------------------------------------------------------


def by_unit(here: Sequence[Any], today: date) -> dict[int, dict[str, Counters]]:
    """The choices of the people of each unit. here: SQL, whose memberships. One statement.

    Of published revisions for daily use: no page asks for others.
    """
    latest = (
        select(func.max(PracticeAnswer.id).label("id"), Membership.unit_id)
        .join(Membership, Membership.person_id == PracticeAnswer.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(*here, PracticeAnswer.day.between(first_day(today), today))
        .group_by(Membership.unit_id, PracticeAnswer.person_id, PracticeAnswer.revision_id)
        .subquery()
    )
    rows = db.session.execute(
        select(latest.c.unit_id, PracticeAnswer.revision_id, PracticeAnswer.chosen, func.count())
        .join(PracticeAnswer, PracticeAnswer.id == latest.c.id)
        .join(Revision, Revision.id == PracticeAnswer.revision_id)
        .join(Question, Question.id == Revision.question_id)
        .where(Revision.status == "published", has_use("daily"))
        .group_by(latest.c.unit_id, PracticeAnswer.revision_id, PracticeAnswer.chosen)
        .execution_options(yield_per=CHUNK)
    )
    found: dict[int, dict[str, Counters]] = defaultdict(dict)
    for unit_id, revision, chosen, people in rows:
        counters = found[unit_id].setdefault(str(revision), [0] * (1 + len(LETTERS)))
        for place in (0, *(1 + LETTERS.index(letter) for letter in chosen)):
            counters[place] += people
    return found


# Reading ----------------------------------------------------------------------------------------------------


def of_articles(unit: Unit, keys: Iterable[str]) -> Mapping[str, Sequence[Chosen]]:
    """By article: its questions, and what the people of a unit and all below it chose when they last answered each.

    Questions are those that the unit may practise. Two statements.
    """
    asked = _questions(unit, [tuple(key.split(":")) for key in keys])
    kept = db.session.scalar(select(StudyUnit.chosen).where(StudyUnit.unit_id == unit.id)) or {}
    found: dict[str, dict[int, Chosen]] = defaultdict(dict)  # a question may cite two places of an article
    for row in asked:
        people, *chose = kept.get(str(row.id), [0])
        found[f"{row.slug}:{row.article}"][row.id] = Chosen(
            row.stem, tuple(row.options), row.key, people, tuple(chose)
        )
    return {key: list(questions.values()) for key, questions in found.items()}


def _questions(unit: Unit, places: Sequence[tuple[str, ...]]) -> Sequence[Any]:
    return db.session.execute(
        select(
            *(Revision.id, Revision.stem, Revision.options, Revision.key),
            *(Regulation.slug, Citation.article),
        )
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Citation, and_(Citation.revision_id == Revision.id, Citation.kind == "law"))
        .join(Regulation, Regulation.id == Citation.regulation_id)
        .join(Unit, Unit.id == unit.id)
        .where(practised_at(Unit.lft), Revision.status == "published", has_use("daily"))
        .where(or_(*(and_(Regulation.slug == slug, Citation.article == number) for slug, number in places)))
        .order_by(Revision.id, Citation.position)
    ).all()
