"""错题本 and 收藏 by hand, and one's own certainty."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp import clock
from quizapp.bank.models import Revision
from quizapp.config import SettingRow
from quizapp.db import db
from quizapp.practice import actions, putting_by, queries
from quizapp.practice.memory import fold, in_wrong_book
from quizapp.practice.models import Favourite, PracticeAnswer
from tests.cast import sign_in
from tests.practice.test_memory import START, logged
from tests.practice.test_pages import give, keys, shown_revision
from tests.practice.test_sets import begin, newest

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def morning(at):
    return at("2026-11-23 08:00")


@pytest.fixture
def wrong(morning, bank, cast, answer) -> list:
    """Three questions of 江's book: of two chapters and two types, the first the latest error."""
    right = keys()
    pool = [e for e in queries.practice_pool(cast.jiang) if e.chapter in ("3", "4")]
    wanted = [("3", "single"), ("4", "judge"), ("4", "single")]
    chosen = [next(e for e in pool if (e.chapter, e.kind) == pair) for pair in wanted]
    given_here = [
        answer(
            cast.jiang,
            entry.revision_id,
            next(letter for letter in "ABC" if letter not in right[entry.revision_id]),
            f"wrong-{n:04}",
            answered_at=clock.now() - timedelta(minutes=n),
        )
        for n, entry in enumerate(chosen)
    ]
    actions.record(given_here, clock.now())
    db.session.commit()
    return chosen


ANSWERS = st.lists(st.tuples(st.booleans(), st.floats(0, 30)), min_size=1, max_size=12).map(
    lambda rows: [logged(n, right, days=days) for n, (right, days) in enumerate(rows)]
)


@given(ANSWERS)
def test_the_rule_says_the_same_as_the_fold(log):
    assert in_wrong_book(fold(log)) == fold(log).wrong_open


@given(ANSWERS, st.integers(1, 5), st.floats(0, 31))
def test_more_days_keep_longer_and_an_error_brings_back_what_was_taken_out(log, days, taken):
    memory, at = fold(log), START + timedelta(days=taken)
    if in_wrong_book(memory, days):
        assert in_wrong_book(memory, days + 1)
    later = [entry for entry in log if not entry.correct and entry.moment > at]
    assert in_wrong_book(memory, days, at) == (in_wrong_book(memory, days) and bool(later))


def test_the_setting_holds_at_once_for_what_stands_in_the_book(wrong, cast, answer, at, as_jiang):
    entry, right = wrong[0], keys()
    at("2026-11-24 08:00")
    actions.record(
        [answer(cast.jiang, entry.revision_id, right[entry.revision_id], "right-0001")], clock.now()
    )
    db.session.commit()
    assert len(queries.wrong_entries(cast.jiang)) == 3
    db.session.add(SettingRow(name="WRONG_BOOK_DAYS", value=1))
    db.session.commit()
    sign_in(as_jiang, cast.jiang)
    text = as_jiang.page("/practice/wrong").text
    assert "共2题。再次答对后，该题自动移出" in text


def test_a_question_is_taken_out_by_hand_undone_and_put_back(wrong, cast, as_jiang, answer, at):
    def codes() -> list[int]:
        return [entry.question_id for entry in queries.wrong_entries(cast.jiang)]

    first = wrong[0].question_id
    only = f"/practice/wrong?chapter={SLUG}:3"  # shows the first alone
    page = as_jiang.page(only)
    assert "共3题" in page.text
    page = page.press("移出")
    assert "已移出1题" in page.text
    assert codes() == [w.question_id for w in wrong if w.question_id != first]
    assert "共3题" in page.press("撤销").text
    as_jiang.page(only).press("移出")
    out = as_jiang.page("/practice/wrong?show=out")
    assert db.session.get_one(Revision, wrong[0].revision_id).stem[:8] in out.text
    assert "共2题" in as_jiang.page("/practice/wrong").text
    assert "已放回错题本" in out.press("恢复").text
    assert len(codes()) == 3
    as_jiang.page(only).press("移出")
    at("2026-11-23 09:00")
    letter = next(one for one in "ABC" if one not in keys()[wrong[0].revision_id])
    actions.record([answer(cast.jiang, wrong[0].revision_id, letter, "wrong-again")], clock.now())
    assert codes()[0] == first


def test_the_book_is_filtered_and_practised_as_it_is_shown(wrong, cast, as_jiang):
    page = as_jiang.page(f"/practice/wrong?chapter={SLUG}:4&kind=single")
    assert "练习这1题" in page.html
    page.press("练习这1题")
    assert newest().revisions == [wrong[2].revision_id]
    assert "没有符合条件的题" in as_jiang.page("/practice/wrong?kind=multiple").text


def test_the_printed_book_has_answers_and_law(wrong, as_jiang):
    text = as_jiang.page("/practice/wrong/print").text
    for entry in wrong:
        full = db.session.get_one(Revision, entry.revision_id)
        assert full.explanation in text
    assert "依据：《信访工作条例》第" in text


def test_questions_of_others_are_not_put_by(wrong, cast, as_jiang):
    token = as_jiang.page("/practice/").token
    for path in ("/practice/wrong/999999", "/practice/favourites/999999"):
        assert as_jiang.post(path, data={"csrf_token": token, "act": "out", "on": "1"}).status_code == 404


def test_a_star_on_the_question_leads_to_the_favourites(morning, bank, cast, as_jiang, as_luo):
    page = begin(as_jiang)
    starred = shown_revision(newest(), page)
    page = page.press("收藏本题")
    assert page.path.endswith("/1")
    assert 'aria-pressed="true"' in page.html
    assert "共收藏1题" in as_jiang.page("/practice/favourites").text
    assert "还没有收藏的题" in as_luo.page("/practice/favourites").text
    as_jiang.page("/practice/favourites").press("练习全部收藏")
    assert newest().revisions == [starred]
    page = as_jiang.page("/practice/favourites").press("取消")
    assert "已取消收藏1题" in page.text
    assert len(db.session.scalars(select(Favourite)).all()) == 0
    page.press("撤销")
    assert putting_by.favourites_count(cast.jiang) == 1


def test_coming_back_after_a_star_never_leaves_the_site(morning, bank, cast, as_jiang):
    token = as_jiang.page("/practice/").token
    question = queries.practice_pool()[0].question_id
    data = {"csrf_token": token, "on": "1", "next": "https://example.com/"}
    reply = as_jiang.post(f"/practice/favourites/{question}", data=data)
    assert reply.headers["Location"] == "/practice/favourites"


def test_certainty_is_asked_only_of_who_wants_it_and_kept_with_the_answer(
    morning, bank, cast, as_jiang, as_luo
):
    assert "把握程度" not in begin(as_jiang).text
    page = as_jiang.page("/practice/certainty").press("打开")
    assert "已打开" in page.text
    page = begin(as_jiang)
    assert "没把握" in page.text
    assert "没把握" not in begin(as_luo).text
    right = keys()
    first = as_jiang.page(f"/practice/self-test/{page.path.split('/')[3]}/1")
    first.press("提交", answer=list(right[shown_revision(set_of(first), first)]), certainty="3")
    second = as_jiang.page(f"/practice/self-test/{page.path.split('/')[3]}/2")
    give(second, right[shown_revision(set_of(second), second)], right=False)
    assert db.session.scalars(select(PracticeAnswer.certainty).order_by(PracticeAnswer.id)).all() == [3, None]
    assert [(one.answers, one.right) for one in putting_by.calibration(cast.jiang)] == [
        (0, 0),
        (0, 0),
        (1, 1),
    ]
    assert "打开" in as_jiang.page("/practice/certainty").press("关闭").html
    assert "没把握" not in begin(as_jiang).text


def set_of(page):
    from quizapp.practice.models import SelfTest

    return db.session.scalars(select(SelfTest).where(SelfTest.token == page.path.split("/")[3])).one()
