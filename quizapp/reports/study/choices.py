"""Which wrong options a unit's people choose in practice, for a few articles at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from quizapp.bank.lending import practised_at
from quizapp.bank.models import Bank, Citation, Question, Revision
from quizapp.bank.queries import has_use
from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.practice.models import PracticeAnswer
from quizapp.regulations.models import Regulation
from quizapp.reports.study import counting
from quizapp.reports.study.briefing import Chosen


def of_articles(unit: Unit, keys: Iterable[str], first: date, today: date) -> Mapping[str, Sequence[Chosen]]:
    """By article: its questions, and what the people of a unit and all below it chose when they last answered each.

    Answers of practice of every kind since a day count; questions are those that the unit may practise. Two statements.
    """
    asked = _questions(unit, [tuple(key.split(":")) for key in keys])
    chosen = _chosen(unit, {row.id for row in asked}, first, today)
    found: dict[str, dict[int, Chosen]] = defaultdict(dict)  # a question may cite two places of an article
    for row in asked:
        told = Chosen(row.stem, tuple(row.options), row.key, chosen.get(row.id, {}))
        found[f"{row.slug}:{row.article}"][row.id] = told
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


def _chosen(unit: Unit, revisions: Iterable[int], first: date, today: date) -> dict[int, dict[str, int]]:
    """By revision: how many people last chose which letters."""
    latest = (
        select(func.max(PracticeAnswer.id))
        .join(Membership, Membership.person_id == PracticeAnswer.person_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(*counting.members(today), Unit.lft.between(unit.lft, unit.rgt))
        .where(PracticeAnswer.revision_id.in_(list(revisions)), PracticeAnswer.day.between(first, today))
        .group_by(PracticeAnswer.person_id, PracticeAnswer.revision_id)
    )
    rows = db.session.execute(
        select(PracticeAnswer.revision_id, PracticeAnswer.chosen, func.count())
        .where(PracticeAnswer.id.in_(latest))
        .group_by(PracticeAnswer.revision_id, PracticeAnswer.chosen)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for revision, chosen, count in rows:
        found[revision][chosen] = count
    return found
