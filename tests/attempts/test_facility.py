"""What exams and practice tell about questions, for those who assemble the next paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import facility
from quizapp.bank import facts
from quizapp.bank.models import QuestionFacts, Revision
from quizapp.db import db
from quizapp.practice import facts as practised
from quizapp.practice.models import PracticeAnswer
from tests.statements import statements


@given(st.lists(st.integers(0, 20), min_size=facility.LEAST, max_size=80))
def test_the_share_is_that_of_all_points(earned):
    sheets = [("7:ABCD:20 9:AB:10", f"{tenths}.0") for tenths in earned]
    found = facility.shares(sheets, {7: 70})
    assert found == {70: (int(1000 * sum(earned) / (20 * len(earned)) + 0.5), len(earned))}


def test_few_answers_say_nothing():
    sheets = [("7:ABCD:20", "20")] * (facility.LEAST - 1)
    assert facility.shares(sheets, {7: 70}) == {}
    assert facility.shares([*sheets, sheets[0]], {7: 70}) == {70: (1000, facility.LEAST)}


def known():
    db.session.expire_all()
    rows = db.session.scalars(select(QuestionFacts))
    return {row.question_id: (row.facility, row.practice_seen, row.exam_seen) for row in rows}


def test_one_figure_is_written_and_the_others_stay(bank):
    first, second = db.session.scalars(select(Revision.question_id).order_by(Revision.id).limit(2))
    facts.keep("practice_seen", {first: 5, second: 1})
    facts.keep("facility", {first: 640})
    facts.keep("practice_seen", {first: 7})
    assert known() == {first: (640, 7, 0), second: (None, 1, 0)}
    with pytest.raises(KeyError):
        facts.keep("key", {first: 1})


def test_the_sheets_of_an_exam_tell_how_hard_its_questions_were(page, exam, as_luo, monkeypatch):
    monkeypatch.setattr(facility, "LEAST", 1)
    revisions = dict(db.session.execute(select(Revision.question_id, Revision.id)).all())
    page.hand_in(sheet="...")
    with statements() as seen:
        facility.refresh(list(revisions))
    assert len(seen) <= 5
    told = {question: share for question, (share, _, _) in known().items() if share is not None}
    assert set(told.values()) == {0}
    assert len(told) == 4
    counted = db.session.scalars(select(QuestionFacts.facility_answers))
    assert [answers for answers in counted if answers is not None] == [1] * 4
    monkeypatch.setattr(facility, "LEAST", 2)
    facility.refresh(list(revisions))
    assert {share for share, _, _ in known().values()} == {None}


def test_answers_in_practice_are_counted(bank, cast):
    first, second = db.session.execute(
        select(Revision.question_id, Revision.id).order_by(Revision.id).limit(2)
    ).all()
    for number in range(3):
        db.session.add(
            PracticeAnswer(
                client_id=f"c-{number}",
                person_id=cast.jiang,
                question_id=first[0],
                revision_id=first[1],
                chosen="A",
                correct=True,
                source="self",
                day=clock.today(),
                answered_at=clock.now(),
                received_at=clock.now(),
            )
        )
    db.session.flush()
    practised.refresh([first[0], second[0]])
    assert known() == {first[0]: (None, 3, 0)}
