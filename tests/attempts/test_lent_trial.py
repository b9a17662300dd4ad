"""A trial shows its maker everything, except the keys of a bank that was lent for 组卷可用."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts.models import Attempt
from quizapp.bank.models import Loan
from quizapp.db import db
from quizapp.exams import actions
from tests.attempts.conftest import own_phone
from tests.attempts.test_pages import to_check
from tests.lent import SECRET, grant, lend, make_bank
from tests.papers import totals


@pytest.fixture
def exam(bank, cast):
    """A draft of 云岭镇 over a bank of 县信访局 that is lent for 组卷; the answers would show at once."""
    lent = make_bank(cast.office)
    lend(lent, cast.town, "compose")
    grant(cast.fang, cast.town, "exam_administrator")
    now = clock.now()
    values = {
        "title": "云岭镇测验",
        "purpose": "unit",
        "bank_ids": [lent.id],
        "points": {"judge": 100},
        "blueprint": totals(judge=5),
        "pass_mark": 200,
        "excellent_mark": 300,
        "show_score": "at_once",
        "show_right": "at_once",
        "show_key": "at_once",
        "show_explanation": "at_once",
        "opens_at": now - timedelta(minutes=1),
        "closes_at": now + timedelta(days=5),
    }
    made = actions.create(
        unit_id=cast.town, values=values, audience=[(cast.town, True)], now=now, actor_id=cast.fang
    )
    db.session.commit()
    return made


def tried(client, exam):
    own_phone(client)
    token = client.page("/my-exams/").token
    client.post(f"/exams/{exam.id}/trial", data={"csrf_token": token})
    attempt = db.session.query(Attempt).order_by(Attempt.id.desc()).first()
    receipt = to_check(client.page(f"/attempts/{attempt.token}"), q1="B", q2="A").press("交卷")
    return attempt, receipt


@pytest.mark.parametrize("published", [False, True])
def test_a_trial_over_a_lent_bank_shows_neither_score_nor_answers(exam, cast, as_fang, published):
    if published:
        actions.publish(exam, clock.now(), actor_id=cast.he)  # who may see the keys
    attempt, receipt = tried(as_fang, exam)
    result = as_fang.page(f"/attempts/{attempt.token}/result")
    for page in (receipt, result):
        assert "试考不显示成绩和答案" in page.text
        for secret in (SECRET, "正确答案", "选错", "第二十四条", "10分", "0分"):
            assert secret not in page.text, secret
    assert as_fang.get(f"/attempts/{attempt.token}/result/1/report").status_code == 404


def test_whoever_maintains_the_bank_sees_what_came_of_the_trial(exam, as_fang):
    db.session.query(Loan).update({"level": "maintain"})
    attempt, receipt = tried(as_fang, exam)
    assert "成绩" in receipt.text
    assert SECRET in as_fang.page(f"/attempts/{attempt.token}/result").text


def test_candidates_see_what_the_exam_shows_them(exam, cast, as_fang):
    """A loan hides keys from who makes the exam, not from who has sat it."""
    actions.publish(exam, clock.now(), actor_id=cast.he)  # who may see the keys
    own_phone(as_fang)
    page = as_fang.page(f"/my-exams/{exam.id}").press("开始答题", pledge="y")
    to_check(page, q1="B").press("交卷")
    attempt = db.session.query(Attempt).one()
    assert SECRET in as_fang.page(f"/attempts/{attempt.token}/result").text
