"""In a makeup each person is drawn first what that person has not met, from whatever the exam may draw."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts import layout, starting
from quizapp.bank.models import Question, Revision
from quizapp.db import db
from tests.attempts.conftest import QUESTIONS, candidate_of, make_exam, revisions, started
from tests.statements import statements


def twin_of(revision):
    """The same words as another question of the same bank."""
    bank_id = db.session.get_one(Question, revision.question_id).bank_id
    question = Question(bank_id=bank_id, code=f"T-{revision.id}", created_at=clock.now())
    db.session.add(question)
    db.session.flush()
    twin = Revision(question_id=question.id, number=1, status="published", **words_of(revision))
    db.session.add(twin)
    db.session.flush()
    return twin


def words_of(revision):
    names = ("kind", "stem", "options", "key", "content_hash", "created_at")
    return {name: getattr(revision, name) for name in names}


@pytest.fixture
def asked(app):
    """The questions of the first exam, and a twin of each."""
    first = revisions()
    return first, [twin_of(revision) for revision in first]


def met(attempt):
    return {place.revision_id for place in layout.from_text(attempt.layout)}


def makeup_of(exam, cast, at, asked):
    return make_exam(cast, at(exam.closes_at + timedelta(days=1)), asked=asked, makeup_of_id=exam.id)


def test_what_a_person_met_comes_up_only_where_nothing_else_is_left(cast, at, asked):
    old, new = asked
    exam = make_exam(cast, at("2026-12-25 09:00"), asked=old)
    started(exam, cast.jiang, clock.now())
    both = makeup_of(exam, cast, at, [*old, *new])
    jiang = starting.start(both, candidate_of(both, cast.jiang), pledge="", now=clock.now())
    assert met(jiang) == {revision.id for revision in new}


def test_who_was_absent_is_drawn_by_the_seed_alone(cast, at, asked):
    old, new = asked
    exam = make_exam(cast, at("2026-12-25 09:00"), asked=old)
    started(exam, cast.jiang, clock.now())
    both = makeup_of(exam, cast, at, [*old, *new])
    assert starting.met_before(both, cast.luo) == set()
    assert len(starting.met_before(both, cast.jiang)) == len(QUESTIONS)


def test_a_question_that_was_revised_since_counts_as_met(cast, at, asked):
    old, _ = asked
    exam = make_exam(cast, at("2026-12-25 09:00"), asked=old)
    started(exam, cast.jiang, clock.now())
    newer = Revision(question_id=old[0].question_id, number=2, **words_of(old[0]))
    db.session.add(newer)
    db.session.flush()
    again = makeup_of(exam, cast, at, old)
    assert newer.id in starting.met_before(again, cast.jiang)


def test_other_exams_ask_nothing_more(exam, cast):
    assert exam.makeup_of_id is None  # and the row is read
    with statements() as seen:
        assert starting.met_before(exam, cast.jiang) == set()
    assert seen == []
