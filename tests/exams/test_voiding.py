"""作废: an exam that has begun and counts nowhere any more; stored as it was, told to everybody."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, queries, windows
from quizapp.exams.models import Exam
from tests.cast import sign_in

day = timedelta(days=1)


@pytest.mark.parametrize("when", ["running", "closed", "released"])
def test_an_exam_that_has_begun_can_be_voided_with_reason_and_title(published, cast, when):
    now = published.opens_at if when == "running" else published.closes_at + day
    if when == "released":
        published.released_at = now
    before = queries.sums(published.id)
    actions.void(published, "试题泄露", published.title, now, actor_id=cast.he)
    assert windows.state_of(published, now) == "voided"
    assert queries.sums(published.id) == before
    (trace,) = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "exam.voided"))
    assert trace == {"reason": "试题泄露", "state": when}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": ""}, "reason"),
        ({"title": "别的考试"}, "title"),
        ({"when": -day}, "not_voidable"),
        ({"state": "draft"}, "not_voidable"),
        ({"state": "cancelled"}, "not_voidable"),
        ({"state": "voided"}, "not_voidable"),
    ],
)
def test_a_void_has_its_conditions(published, cast, given, code):
    published.state = given.get("state", "published")
    db.session.flush()
    title, reason = given.get("title", published.title), given.get("reason", "试题泄露")
    now = published.opens_at + given.get("when", day)
    with pytest.raises(Refused) as refusal:
        actions.void(published, reason, title, now, actor_id=cast.he)
    assert refusal.value.code == code
    assert "没有改动" in refusal.value.sentence


def test_a_voided_exam_takes_no_exception_and_no_release(published, cast):
    now = published.closes_at + day
    actions.void(published, "试题泄露", published.title, now, actor_id=cast.he)
    for act in (
        lambda: actions.release(published, now, actor_id=cast.he),
        lambda: actions.cancel(published, "重来", now, actor_id=cast.he),
        lambda: actions.void(published, "重来", published.title, now, actor_id=cast.he),
    ):
        with pytest.raises(Refused):
            act()
    assert published.state == "voided"


def test_the_page_spells_out_what_follows_and_asks_for_the_title(published, at, as_he):
    at(published.opens_at)
    sign_in(as_he, published.created_by_id)
    page = as_he.page(f"/exams/{published.id}").follow("作废考试")
    for words in ("全部保留", "成绩不再显示给考生", "统计不再计入", "不能再开始", "作废后不能恢复"):
        assert words in page.text
    refused = page.press("作废考试", reason="试题泄露", title="记错的名称")
    assert refused.status == 409
    assert "没有改动" in refused.text
    done = page.press("作废考试", reason="试题泄露", title=published.title)
    assert "考试已作废" in done.text
    assert db.session.scalars(select(Exam.state)).one() == "voided"
    assert "已取消、已作废" in as_he.page("/exams/").text
    assert as_he.page(f"/exams/{published.id}/void").path == f"/exams/{published.id}"


def test_an_exam_that_has_not_begun_offers_cancelling_instead(published, as_he):
    page = as_he.page(f"/exams/{published.id}")
    assert "作废考试" not in page.text
    assert as_he.page(f"/exams/{published.id}/void").path == f"/exams/{published.id}"
    assert clock.now() < db.session.get_one(Exam, published.id).opens_at
