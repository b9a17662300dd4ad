"""What exams have shown of a question's difficulty stands in its bank, and is taken over by one press."""

import pytest
from sqlalchemy import delete, select

from quizapp import clock
from quizapp.analysis import actions as checking
from quizapp.analysis import calibrating, refreshing
from quizapp.analysis.models import ItemStatistic
from quizapp.bank.models import Bank, Question, QuestionFacts, Revision
from quizapp.db import db
from quizapp.exams import blueprint
from quizapp.people.models import Grant
from tests.analysis.sat import sit
from tests.attempts.conftest import (
    POINTS,
    exam,  # noqa: F401 - a fixture
)


def silent(*_said):
    """A job's report that nobody reads."""


def hard_second(place, people):
    """Of the second question, rated 3 of 5, one in ten knows the answer."""
    return ["B" if place % 3 else "A", "D" if place % 10 == 9 else "A", "ACE" if place % 4 else "AC", "A"]


@pytest.fixture
def sat(exam, cast):  # noqa: F811
    """The small exam after forty people, computed; its bank is the county's."""
    db.session.query(Bank).filter_by(slug="small").update({"unit_id": cast.county})
    sit(exam, 40, hard_second)
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    return exam


def second():
    return db.session.scalars(
        select(Revision).join(Question).where(Question.code == "S-1", Revision.number == 1)
    ).one()


@pytest.mark.parametrize(
    ("facility", "level"),
    [(1.0, 1), (0.86, 1), (0.85, 1), (0.84, 2), (0.7, 3), (0.6, 4), (0.55, 4), (0.1, 5)],
)
def test_the_level_is_that_whose_expected_share_is_nearest(facility, level):
    assert blueprint.level_of(facility) == level


def test_the_level_of_what_is_expected_is_the_level():
    assert [blueprint.level_of(blueprint.expected_of(level)) for level in range(1, 6)] == [1, 2, 3, 4, 5]


def test_the_bank_keeps_what_was_measured_and_shows_it_beside_the_rated_difficulty(sat, as_he):
    item = db.session.get_one(ItemStatistic, (sat.id, second().id))
    known = db.session.get_one(QuestionFacts, second().question_id)
    assert item.facility == 0.1
    assert (known.facility, known.facility_answers) == (100, 40)
    assert (known.rasch, known.rasch_error) == (item.rasch, item.rasch_error)
    assert known.rasch > 0
    text = as_he.page("/banks/small/questions/S-1").text
    assert "难度系数0.10（40份答卷），Rasch难度" in text


def test_a_question_that_few_have_met_has_no_measured_difficulty(exam, cast, as_he):  # noqa: F811
    db.session.query(Bank).filter_by(slug="small").update({"unit_id": cast.county})
    sit(exam, 29, hard_second)
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    known = db.session.get_one(QuestionFacts, second().question_id)
    assert (known.facility, known.rasch) == (None, None)
    assert "尚未测定" in as_he.page("/banks/small/questions/S-1").text


def test_a_contradicted_difficulty_is_listed_and_taken_over_as_a_draft(sat, as_he):
    [found] = [one for one in calibrating.mismatches(sat.id) if one.code == "S-1"]
    assert (found.rated, found.facility, found.measured) == (3, 100, 5)
    page = as_he.page(f"/exams/{sat.id}/analysis/difficulty")
    assert "第1道试题" in page.text
    page = page.press("按实测难度修改", pick=[str(found.question_id)])
    assert "“小题库”中1题已产生新的草稿" in page.text
    assert "第1道试题" not in page.text
    newest = db.session.scalars(
        select(Revision).where(Revision.question_id == found.question_id).order_by(Revision.number)
    ).all()
    assert [(row.number, row.difficulty, row.status) for row in newest] == [
        (1, 3, "published"),
        (2, 5, "draft"),
    ]
    assert newest[1].options == newest[0].options
    assert newest[1].key == newest[0].key


def test_a_difficulty_that_may_be_that_of_a_wrong_key_is_marked_until_the_key_was_checked(sat, cast, as_he):
    item = db.session.get_one(ItemStatistic, (sat.id, second().id))
    page = f"/exams/{sat.id}/analysis/difficulty"
    mark = "先核对答案</"
    item.doubt = 0.0
    db.session.commit()
    assert mark not in as_he.get(page).text
    item.doubt = 1.5
    db.session.commit()
    assert as_he.get(page).text.count(mark) == 1
    checking.check(sat.id, item.revision_id, by_id=cast.he, now=clock.now())
    db.session.commit()
    assert mark not in as_he.get(page).text


def test_nothing_ticked_changes_nothing(sat, as_he):
    page = as_he.page(f"/exams/{sat.id}/analysis/difficulty")
    reply = page.press("按实测难度修改")
    assert reply.status == 422
    assert "没有选择试题，没有改动。" in reply.text


def test_who_does_not_write_in_the_bank_sees_the_list_and_cannot_change_it(sat, cast, as_he):
    db.session.query(Bank).filter_by(slug="small").update({"unit_id": cast.town})
    db.session.execute(delete(Grant).where(Grant.role == "writer"))
    db.session.commit()
    page = as_he.page(f"/exams/{sat.id}/analysis/difficulty")
    assert "您没有这些题库的命题权限" in page.text
    data = {"csrf_token": as_he.token, "pick": str(second().question_id)}
    assert as_he.post(f"/exams/{sat.id}/analysis/difficulty", data=data).status_code == 422
    assert db.session.query(Revision).filter_by(number=2).count() == 0


def test_an_exam_without_contradictions_says_so(exam, as_he):  # noqa: F811
    assert POINTS["single"] == 20
    refreshing.refresh(exam.id, clock.now(), silent)
    db.session.commit()
    assert "没有与原难度不符的试题" in as_he.page(f"/exams/{exam.id}/analysis/difficulty").text
