"""Who makes exams in a unit reads the scores of its candidates, those of its own 领导班子 only from the unit above."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock, config
from quizapp.db import db
from quizapp.exams.models import Candidate
from quizapp.people.models import Grant
from tests.cast import sign_in


@pytest.fixture
def over(make_exam, cast, at):
    """An exam of 县信访局 that has ended: 罗 failed with 42.5, 江, of its 领导班子, with 58.5."""
    from quizapp.exams import actions

    exam = make_exam(unit=cast.office, audience=[(cast.office, True)])
    actions.publish(exam, clock.now(), actor_id=cast.he)
    for person, points, category in ((cast.jiang, 585, "领导班子成员"), (cast.luo, 425, "公务员")):
        row = db.session.scalars(
            select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person)
        ).one()
        row.started, row.sat, row.points, row.category = True, True, points, category
        row.finished_at = exam.opens_at
    db.session.commit()
    at(exam.closes_at + timedelta(days=1))
    return exam


@pytest.fixture
def maker(app, cast):
    """方, who makes the exams of 县信访局."""
    db.session.add(
        Grant(person_id=cast.fang, role="exam_administrator", unit_id=cast.office, granted_at=clock.now())
    )
    db.session.commit()
    return sign_in(app.test_client(), cast.fang)


def candidate_of(over, person):
    wanted = select(Candidate.id).where(Candidate.exam_id == over.id, Candidate.person_id == person)
    return db.session.scalars(wanted).one()


def test_the_list_of_candidates_hides_the_score_of_the_own_board(over, maker, as_he):
    own, above = (who.page(f"/exams/{over.id}/candidates").text for who in (maker, as_he))
    assert "42.5" in own
    assert "58.5" not in own
    assert "不显示" in own
    assert "58.5" in above


def test_so_does_the_page_of_the_candidate(over, maker, as_he, cast):
    path = f"/exams/{over.id}/candidates/{candidate_of(over, cast.jiang)}"
    assert "由上级单位和本人查看" in maker.page(path).text
    assert "58.5" not in maker.page(path).text
    assert "58.5分" in as_he.page(path).text
    assert "42.5分" in maker.page(f"/exams/{over.id}/candidates/{candidate_of(over, cast.luo)}").text


def test_and_the_list_for_a_makeup(over, maker, as_he):
    own, above = (who.page(f"/exams/{over.id}/makeup").text for who in (maker, as_he))
    assert "江映雪" in own
    assert "42.5" in own
    assert "58.5" not in own
    assert "58.5" in above


def test_another_setting_takes_the_protection_away(over, maker):
    config.store("LEADING_STAFF", "")
    db.session.commit()
    assert "58.5" in maker.page(f"/exams/{over.id}/candidates").text
