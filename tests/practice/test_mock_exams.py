"""模拟考试: by a published exam's blueprint, from questions for practice, marked only at the end."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from quizapp import clock
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams import actions as exams
from quizapp.exams.models import Exam
from quizapp.practice import queries
from quizapp.practice.models import PracticeAnswer, SelfTest
from tests.papers import totals

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def exam(at, bank, cast) -> int:
    """An exam of the county that opens tomorrow, and everybody on its list."""
    at("2026-11-23 08:00")
    now = clock.now()
    values = {
        "title": "年度考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "points": {"single": 20, "multiple": 40, "judge": 10},
        "blueprint": totals(single=3, multiple=2, judge=2),
        "multiple_rule": "half",
        "pass_mark": 96,
        "excellent_mark": 144,
        "bands": [["合格", 96]],
        "opens_at": now + timedelta(days=1),
        "closes_at": now + timedelta(days=5),
    }
    made = exams.create(
        unit_id=cast.county, values=values, audience=[(cast.office, True)], now=now, actor_id=cast.he
    )
    exams.publish(made, now, actor_id=cast.he)
    db.session.commit()
    return made.id


def mock_of() -> SelfTest:
    return db.session.scalars(select(SelfTest).where(SelfTest.mode == "mock")).one()


def keys() -> dict[int, str]:
    return dict(db.session.execute(select(Revision.id, Revision.key)).all())


def fill(page, letters: str, onwards: str):
    return page.press(onwards, answer=list(letters))


def test_from_the_list_to_the_points(exam, cast, as_jiang):
    page = as_jiang.page("/practice/mock")
    assert "单选题3题，多选题2题，判断题2题，满分16分，9.6分合格" in page.text
    page = page.press("开始模拟")
    test, right = mock_of(), keys()
    kinds = dict(db.session.execute(select(Revision.id, Revision.kind)).all())
    assert [kinds[one] for one in test.revisions] == ["single"] * 3 + ["multiple"] * 2 + ["judge"] * 2
    for number, revision in enumerate(test.revisions, 1):
        explained = db.session.get_one(Revision, revision).explanation
        chosen = right[revision][:1] if number == 4 else right[revision]
        if number == 1:
            chosen = next(letter for letter in "AB" if letter != right[revision])
        page = fill(page, chosen, "检查并交卷" if number == 7 else "下一题")
        assert explained[:12] not in page.text
        assert "回答" not in page.text
    assert db.session.scalar(select(func.count()).select_from(PracticeAnswer)) == 0
    page = page.press("交卷")
    # 单选 2 of 3 right: 4分; 多选 half of one and all of the other: 6分; 判断: 2分
    assert "12 分（满分16分）" in page.text or "12分（满分16分）" in page.text
    assert "正式考试9.6分合格，本次达到" in page.text
    logged = db.session.execute(select(PracticeAnswer.source, PracticeAnswer.correct)).all()
    assert sorted(logged) == [("self", False)] * 2 + [("self", True)] * 5
    assert "回答错误" in as_jiang.page(f"/practice/self-test/{test.token}/1").text


def test_the_sheet_waits_for_another_phone_and_is_handed_in_once(exam, cast, as_jiang):
    page = as_jiang.page("/practice/mock").press("开始模拟")
    page = fill(page, "A", "下一题")
    token = mock_of().token
    elsewhere = as_jiang.page(f"/practice/self-test/{token}")
    assert elsewhere.path.endswith("/2")
    assert "已答1题，共7题" in as_jiang.page("/practice/").text
    back = as_jiang.page(f"/practice/self-test/{token}/1")
    assert back.form("下一题").values.getlist("answer") == ["A"]
    fill(back, "", "下一题")
    assert mock_of().sheet == {}
    fill(as_jiang.page(f"/practice/self-test/{token}/1"), "B", "下一题")
    late = as_jiang.page(f"/practice/self-test/{token}/2")
    check = as_jiang.page(f"/practice/self-test/{token}/check")
    assert "还有6题未答" in check.text
    assert "未作答" in as_jiang.page(f"{check.press('交卷').path}/2").text
    check.press("交卷")
    assert late.press("下一题", answer=["A"]).status == 409
    assert mock_of().sheet == {"1": "B"}
    assert db.session.scalars(select(PracticeAnswer.chosen)).all() == ["B"]


def test_questions_for_exams_only_never_stand_on_a_mock(exam, cast, as_jiang):
    pool = [entry.revision_id for entry in queries.practice_pool(cast.jiang)]
    kept = set(pool[::2])
    db.session.execute(update(Revision).where(Revision.id.not_in(kept)).values(uses="exam"))
    db.session.commit()
    as_jiang.page("/practice/mock").press("开始模拟")
    assert set(mock_of().revisions) <= kept


def test_where_practice_has_too_few_the_page_says_so(exam, cast, as_jiang):
    db.session.execute(update(Revision).where(Revision.kind == "multiple").values(uses="exam"))
    db.session.commit()
    page = as_jiang.page("/practice/mock").press("开始模拟")
    assert len(mock_of().revisions) == 5
    token = mock_of().token
    page = as_jiang.page(f"/practice/self-test/{token}/check").press("交卷")
    assert "可以练习的试题不足，本次题数少于正式考试" in page.text
    assert "合格" not in page.text


def test_only_who_stands_on_the_list_of_a_published_exam_can_try_it(exam, cast, as_jiang, as_fang):
    assert "目前没有可以模拟的考试" in as_fang.page("/practice/mock").text
    token = as_fang.page("/practice/").token
    assert as_fang.post(f"/practice/mock/{exam}", data={"csrf_token": token}).status_code == 404
    db.session.execute(update(Exam).values(state="cancelled"))
    db.session.commit()
    token = as_jiang.page("/practice/").token
    assert "目前没有可以模拟的考试" in as_jiang.page("/practice/mock").text
    assert as_jiang.post(f"/practice/mock/{exam}", data={"csrf_token": token}).status_code == 404


def test_a_mock_does_not_open_the_gate_of_the_exam(exam, cast, as_jiang):
    from quizapp.practice import before_exam

    as_jiang.page("/practice/mock").press("开始模拟")
    token, right = mock_of().token, keys()
    page = as_jiang.page(f"/practice/self-test/{token}")
    for number, revision in enumerate(mock_of().revisions, 1):
        page = fill(page, right[revision], "检查并交卷" if number == 7 else "下一题")
    page.press("交卷")
    found = db.session.get_one(Exam, exam)
    found.gate = True
    assert before_exam.standing(found, cast.jiang).passed is None
