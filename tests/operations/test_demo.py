"""The demonstration county: plausible, complete, and the same every time."""

from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256

import pytest
import time_machine
from sqlalchemy import func, select

from quizapp.attempts.models import Attempt, AttemptMark
from quizapp.db import db
from quizapp.demo import county
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Grant, Membership, Person, Unit
from quizapp.practice.models import PracticeAnswer
from tests.databases import in_app, settings

MOMENT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def build(databases, folder):
    """A database with the county in it, built while the clock stands still."""
    made = databases.prepared("sqlite")
    with time_machine.travel(MOMENT, tick=False):
        in_app(settings(made, folder), lambda: county.build(lambda _sentence: None))
    return made


@pytest.fixture(scope="module")
def built(databases, tmp_path_factory):
    """The county, built once for this module; its tests only read."""
    made = build(databases, tmp_path_factory.mktemp("county"))
    yield made
    databases.drop(made)


def ask(database, folder, question):
    return in_app(settings(database, folder), question)


def fingerprint() -> dict[str, tuple[int, str]]:
    """How many rows, and a hash over what stands in them, of everything that chance has a hand in."""
    told = {
        "units": select(Unit.code, Unit.name, Unit.lft, Unit.rgt),
        "people": select(Person.id, Person.account, Person.name),
        "memberships": select(Membership.person_id, Membership.unit_id, Membership.post, Membership.category),
        "exams": select(Exam.title, Exam.seed, Exam.opens_at, Exam.closes_at),
        "results": select(Candidate.person_id, Candidate.exam_id, Candidate.sat, Candidate.points),
        "sheets": select(Attempt.token, Attempt.layout, Attempt.sheet, Attempt.closed_at),
        "marks": select(AttemptMark.total, AttemptMark.marks),
        "practice": select(PracticeAnswer.client_id, PracticeAnswer.question_id, PracticeAnswer.chosen),
    }
    rows = {name: sorted(map(repr, db.session.execute(query).all())) for name, query in told.items()}
    return {name: (len(r), sha256("\n".join(r).encode()).hexdigest()) for name, r in rows.items()}


def test_the_same_seed_makes_the_same_county(built, databases, tmp_path):
    again = build(databases, tmp_path)
    assert ask(again, tmp_path, fingerprint) == ask(built, tmp_path, fingerprint)
    databases.drop(again)


def test_its_size_is_that_of_a_county(built, tmp_path):
    counts = {name: count for name, (count, _) in ask(built, tmp_path, fingerprint).items()}
    assert 35 <= counts["units"] <= 45
    assert counts["people"] == 600
    assert counts["exams"] == 2
    assert counts["practice"] > 10_000


def test_its_names_hold_what_real_rosters_hold(built, tmp_path):
    names = ask(built, tmp_path, lambda: list(db.session.scalars(select(Person.name))))
    assert any("·" in name for name in names)
    assert any(ord(letter) > 0xFFFF for name in names for letter in name)
    twice = [name for name, count in Counter(names).items() if count > 1]
    assert twice == ["刘洋"]


def test_somebody_is_attached_to_another_unit_and_counted_once(built, tmp_path):
    def attached():
        return db.session.execute(
            select(Membership.person_id, Membership.main).where(Membership.kind == "attached")
        ).all()

    [(person_id, main)] = ask(built, tmp_path, attached)
    assert not main
    listed = ask(
        built,
        tmp_path,
        lambda: db.session.scalar(
            select(func.count())
            .select_from(Candidate)
            .join(Exam, Exam.id == Candidate.exam_id)
            .where(Exam.purpose == "annual", Candidate.person_id == person_id)
        ),
    )
    assert listed == 1


def test_only_the_four_have_a_password_and_a_role(built, tmp_path):
    def known():
        able = db.session.scalars(select(Person.name).where(Person.password_hash.is_not(None)))
        roles = db.session.execute(select(Person.name, Grant.role).join(Grant, Grant.person_id == Person.id))
        return sorted(able), sorted(map(tuple, roles))

    able, roles = ask(built, tmp_path, known)
    assert able == sorted(["江映雪", "何平", "李文", "周明"])
    assert roles == sorted(
        [
            ("何平", "writer"),
            ("何平", "exam_administrator"),
            ("李文", "leader"),
            ("周明", "administrator"),
            ("周明", "reviewer"),
        ]
    )


def test_the_annual_exam_runs_and_its_results_are_plausible(built, tmp_path):
    def figures():
        exam = db.session.scalars(select(Exam).where(Exam.purpose == "annual")).one()
        of = select(func.count()).where(Candidate.exam_id == exam.id)
        return {
            "runs": exam.opens_at < MOMENT < exam.closes_at,
            "listed": db.session.scalar(of),
            "sat": db.session.scalar(of.where(Candidate.sat)),
            "passed": db.session.scalar(of.where(Candidate.passed)),
            "excellent": db.session.scalar(of.where(Candidate.excellent)),
            "four": db.session.scalars(
                select(Candidate.name).where(
                    Candidate.exam_id == exam.id,
                    Candidate.sat,
                    Candidate.name.in_(["江映雪", "何平", "李文", "周明"]),
                )
            ).all(),
        }

    told = ask(built, tmp_path, figures)
    assert told["runs"]
    assert told["listed"] == 600
    assert 0.5 < told["sat"] / told["listed"] < 0.8
    assert 0.6 < told["passed"] / told["sat"] < 1
    assert 0 < told["excellent"] < told["passed"]
    assert told["four"] == []  # 江 still has the exam before her


def test_it_is_not_built_where_somebody_is(app):
    db.session.add(
        Person(account="10000017", name="某人", name_key="mou ren", created_at=MOMENT, password_hash=None)
    )
    db.session.commit()
    assert county.build_if_empty(pytest.fail) == ["数据库中已有人员，没有建立演示县。"]
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
