"""A candidate of a voided exam is told so, sees no result any more, and cannot begin; what was stored stays stored."""

import pytest

from quizapp import clock
from quizapp.attempts import starting
from quizapp.attempts.models import Attempt, AttemptMark, Closing
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, queries
from quizapp.exams.models import Candidate, Exam
from tests.attempts.conftest import candidate_of
from tests.cast import sign_in


@pytest.fixture
def voided(page, exam, cast):
    """江 has handed in with full marks; then the exam is voided while it runs."""
    exam.show_key = exam.show_right = exam.show_explanation = "at_once"
    db.session.commit()
    assert page.hand_in("B.D.ACE.A").status_code == 200
    shown = page.client.page(f"/attempts/{page.token}/result").text
    assert "正确答案" in shown
    actions.void(db.session.get_one(Exam, exam.id), "试题泄露", exam.title, clock.now(), actor_id=cast.he)
    db.session.commit()
    return page


@pytest.mark.parametrize("address", ["receipt", "result"])
def test_results_are_hidden_with_a_sentence(voided, address):
    shown = voided.client.page(f"/attempts/{voided.token}/{address}").text
    assert "本次考试已作废，不公布成绩" in shown
    for secret in ("正确答案", "解析0", "合格，", "优秀"):
        assert secret not in shown


def test_the_list_says_so_and_shows_no_points(voided):
    shown = voided.client.page("/my-exams/").text
    assert "已作废" in shown
    assert "9分" not in shown


def test_everything_stays_stored(voided, exam):
    assert db.session.query(Closing).count() == db.session.query(AttemptMark).count() == 1
    assert db.session.query(Attempt).one().state == "submitted"
    assert queries.sums(exam.id)["submitted"] == 1
    assert db.session.query(Candidate).filter_by(sat=True).count() == 1


def test_nobody_can_begin_any_more(voided, exam, cast):
    with pytest.raises(Refused) as refusal:
        starting.start(exam, candidate_of(exam, cast.luo), pledge="", now=clock.now())
    assert refusal.value.code == "voided"
    db.session.rollback()


def test_reports_leave_it_out(voided, exam, cast, app):
    li = sign_in(app.test_client(), cast.li)
    listed = li.page("/reports/")
    assert "已作废" in listed.text
    assert "不计入统计" in listed.text
    assert f"/reports/exams/{exam.id}" not in listed.html
    assert "已作废，成绩不计入统计" in li.page(f"/reports/exams/{exam.id}", status=409).text
