"""People of the county who practise, and the job that keeps their figures."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.bank.queries import keys
from quizapp.db import db
from quizapp.people import actions as people
from quizapp.people.models import Membership
from quizapp.practice import actions
from quizapp.practice.queries import practice_pool
from quizapp.reports.jobs import refresh_study


@pytest.fixture
def crowd(app, cast, bank, at):
    """Five more people in 县信访局, five in 云岭镇: with the cast seven, six, and three of the county itself."""
    now = at("2026-12-10 09:00")
    people.add_people(
        [people.NewPerson(f"人{n}", unit) for n in range(5) for unit in (cast.office, cast.town)], now
    )
    db.session.commit()
    return cast


@pytest.fixture
def practise(crowd):
    """practise(seed, persons, most): each answers some questions by chance, on one of the last days or today."""

    def give(seed, persons, most=12):
        chance, now = Random(seed), clock.now()
        answers = []
        for person in persons:
            pool = [entry.revision_id for entry in practice_pool(person)]
            right = keys(pool)
            for revision in chance.sample(pool, chance.randint(0, most)):
                moment = now - timedelta(
                    days=chance.choice([0, 0, 1, 5, 40, 95]), seconds=chance.randint(1, 999)
                )
                chosen = (
                    right[revision] if chance.random() < 0.6 else ("B" if right[revision] == "A" else "A")
                )
                answers.append(
                    actions.Answer(
                        f"c{seed}-{person:04}-{revision:05}",
                        person,
                        revision,
                        chosen,
                        chance.choice(["daily", "daily", "self"]),
                        clock.today(moment),
                        moment,
                    )
                )
        actions.record(answers, now)
        db.session.commit()
        return len(answers)

    return give


@pytest.fixture
def people_of(crowd):
    """people_of(unit id): the ids of its people."""
    return lambda unit: list(
        db.session.scalars(
            select(Membership.person_id).where(Membership.unit_id == unit).order_by(Membership.id)
        )
    )


@pytest.fixture
def everybody(people_of, crowd):
    return [person for unit in (crowd.county, crowd.office, crowd.town) for person in people_of(unit)]


@pytest.fixture
def refreshed(at):
    """Let some minutes pass and the job do its work."""

    def run(minutes=5):
        at(clock.now() + timedelta(minutes=minutes))
        refresh_study()
        db.session.rollback()

    return run
