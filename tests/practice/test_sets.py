"""Sets of questions: left and resumed anywhere, marked, put away, read in 背题, gone through once more."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from quizapp import clock
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.practice import actions, queries, self_tests, sets
from quizapp.practice.models import FirstAnswer, PracticeAnswer, SelfTest
from tests.practice.conftest import counted
from tests.practice.test_pages import give, keys, rows, shown_revision

SLUG = "xinfang-gongzuo-tiaoli"


@pytest.fixture
def morning(at):
    return at("2026-11-23 08:00")


def newest() -> SelfTest:
    return db.session.scalars(select(SelfTest).order_by(SelfTest.id.desc()).limit(1)).one()


def begin(client, **choices):
    return client.page("/practice/").press("开始自测", **{"scope": "all", "other": "3"} | choices)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(1, 4), st.sampled_from("AB")),
        st.tuples(st.just("flag"), st.integers(1, 4), st.booleans()),
        st.tuples(st.just("drop"), st.booleans()),
        st.tuples(st.just("another phone")),
    ),
    max_size=20,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(STEPS)
def test_a_set_resumed_anywhere_gives_the_same_log(morning, bank, cast, answer, steps):
    """Whatever is opened, marked, put away or sent twice in between: the first answer to each question stands."""
    pool, now = queries.practice_pool(cast.jiang)[:4], clock.now()
    begun = actions.begin_set(cast.jiang, "全部章节", [entry.revision_id for entry in pool], now=now)
    token = begun.token
    firsts: dict[int, str] = {}
    flags: set[int] = set()
    for step, *values in steps:
        found = db.session.scalars(select(SelfTest).where(SelfTest.token == token)).one()
        if step == "answer":
            number, letter = values
            given_here = answer(
                cast.jiang, found.revisions[number - 1], letter, self_tests.client_id_in(token, number)
            )
            actions.record([given_here], clock.now())
            firsts.setdefault(number, letter)
        elif step == "flag":
            number, on = values
            sets.flag(found, number, on)
            flags = flags | {number} if on else flags - {number}
        elif step == "drop":
            sets.drop(found, now) if values[0] else sets.take_up(found)
        else:
            db.session.flush()
            db.session.expire_all()
    found = db.session.scalars(select(SelfTest).where(SelfTest.token == token)).one()
    assert {n: one.chosen for n, one in self_tests.answers_in(found).items()} == firsts
    assert found.flagged == sorted(flags)
    assert self_tests.is_over(found, self_tests.answers_in(found)) == (len(firsts) == 4)
    db.session.rollback()


def test_several_sets_are_under_way_and_one_is_put_away_and_taken_up(morning, bank, cast, as_jiang, as_luo):
    page = begin(as_jiang, other="2")
    give(page, keys()[shown_revision(newest(), page)])
    first = newest().token
    begin(as_jiang, scope=f"{SLUG}:4", other="5")
    text = as_jiang.page("/practice/").text
    assert text.index("第四章") < text.index("继续自测：全部章节")
    assert "已答0题，共5题" in text
    assert "已答1题，共2题" in text
    as_jiang.page("/practice/")
    dropped = as_jiang.post(f"/practice/self-test/{first}/drop", data={"csrf_token": as_jiang.token})
    page = as_jiang.page(dropped.headers["Location"])
    assert "已放弃“全部章节”，已答的题仍然保留。" in page.text
    assert "继续自测：全部章节" not in page.text
    assert "继续自测：全部章节" in page.press("撤销").text
    assert as_luo.get(dropped.headers["Location"]).status_code == 404


def test_a_set_of_long_ago_or_finished_is_not_offered(morning, bank, cast, at, answer):
    pool = queries.practice_pool(cast.jiang)[:2]
    begun = actions.begin_set(cast.jiang, "全部章节", [one.revision_id for one in pool], now=clock.now())
    assert [one.token for one in self_tests.under_way(cast.jiang, clock.now())] == [begun.token]
    assert self_tests.under_way(cast.luo, clock.now()) == []
    at("2026-12-24 08:00")
    assert self_tests.under_way(cast.jiang, clock.now()) == []
    at("2026-11-23 09:00")
    for number, entry in enumerate(pool, 1):
        given_here = answer(cast.jiang, entry.revision_id, "A", self_tests.client_id_in(begun.token, number))
        actions.record([given_here], clock.now())
    assert self_tests.under_way(cast.jiang, clock.now()) == []


def test_a_mark_stays_with_the_question_and_stands_on_the_card_and_the_result(morning, bank, cast, as_jiang):
    page = begin(as_jiang)
    page = page.press("提交", answer=["A"], **{"answer-doubt": ["1"]})
    assert newest().flagged == [1]
    assert "第1题，正确，待检查" in page.html or "第1题，错误，待检查" in page.html
    other = as_jiang.page(page.path.rsplit("/", 1)[0] + "/2")
    as_jiang.post(f"{other.path}/flag", data={"csrf_token": other.token, "on": "1"})
    assert newest().flagged == [1, 2]
    as_jiang.post(f"{other.path}/flag", data={"csrf_token": other.token, "on": "0"})
    assert newest().flagged == [1]
    assert as_jiang.post(f"{page.path}9/flag", data={"csrf_token": other.token}).status_code == 404


def test_skipping_comes_back_to_what_was_left_open(morning, bank, cast, as_jiang):
    page = begin(as_jiang).follow("暂时跳过")
    assert page.path.endswith("/2")
    page = page.press("提交", answer=["A"]).follow("下一题")
    assert page.path.endswith("/3")
    page = page.press("提交", answer=["A"]).follow("下一题")
    assert page.path.endswith("/1")
    assert "暂时跳过" not in page.text
    assert "自测结果" in page.press("提交", answer=["A"]).follow("查看结果").text


def test_reading_the_answers_logs_nothing_and_remembers_the_place(morning, bank, cast, as_jiang):
    page = begin(as_jiang, mode="recite")
    explanation = db.session.get_one(Revision, newest().revisions[0]).explanation
    assert explanation[:10] in page.text
    page = page.press("下一题").press("下一题")
    assert page.path.endswith("/3")
    page = as_jiang.page(f"/practice/self-test/{newest().token}")  # on another phone
    assert page.path.endswith("/3")
    assert "已看2题，共3题" in as_jiang.page("/practice/").text
    page = page.press("看完了")
    assert "3题已全部看完" in page.text
    assert rows(PracticeAnswer) == 0
    read = newest().revisions
    page = page.press("用这些题自测")
    assert (newest().revisions, newest().mode) == (read, "test")
    assert "提交" in page.html


def test_only_what_went_wrong_is_asked_again(morning, bank, cast, as_jiang):
    page = begin(as_jiang)
    for number in (1, 2, 3):
        page = give(page, keys()[shown_revision(newest(), page)], right=number == 2)
        page = page.follow("查看结果" if number == 3 else "下一题")
    first = newest()
    page = page.press("只练错的")
    assert newest().revisions == [first.revisions[0], first.revisions[2]]
    assert newest().scope == "只练错的：全部章节"
    while page.path.rsplit("/", 1)[1].isdecimal():  # on a question, whatever words it has
        page = give(page, keys()[shown_revision(newest(), page)])
        page = page.follow("查看结果" if "查看结果" in page.html else "下一题")
    assert "只练错的：全部章节" in page.text
    assert "只练错的" not in [words for form in page.forms for words, _, _ in form.buttons]
    left = begin(as_jiang)
    assert as_jiang.post(
        f"{left.path.rsplit('/', 1)[0]}/again", data={"csrf_token": left.token}
    ).status_code == 404  # fmt: skip


def test_a_choice_of_type_order_and_what_was_never_met(morning, bank, cast, as_jiang):
    begin(as_jiang, scope=f"{SLUG}:6", count="all", other="", kind=["judge"], order="in_order")
    kinds = set(db.session.scalars(select(Revision.kind).where(Revision.id.in_(newest().revisions))))
    assert kinds == {"judge"}
    page = begin(as_jiang, other="2", order="in_order")
    met = [shown_revision(newest(), page)]
    page = page.press("提交", answer=["A"])
    begin(as_jiang, other="2", order="in_order", unmet=["1"])
    assert met[0] not in newest().revisions


def test_the_articles_with_questions_lead_to_them(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/articles")
    shown = dict(re.findall(r"(第[一二三四五六七八九十]+条) ?(\d+)题", page.text))
    on_24 = sum((SLUG, "24") in entry.places for entry in queries.practice_pool(cast.jiang))
    assert int(shown["第二十四条"]) == on_24
    page = as_jiang.page(f"/practice/article/{SLUG}/24").press("背题")
    assert (newest().mode, newest().source) == ("recite", "article")


# Where others stumble -----------------------------------------------------------------------------------------------


def test_each_person_is_counted_once_by_the_first_answer(morning, bank, cast, answer):
    entry = queries.practice_pool()[0]
    actions.record([answer(cast.jiang, entry.revision_id, "A", "jiang-0001")], clock.now())
    again = [answer(cast.jiang, entry.revision_id, "B", "jiang-0002")]
    luo = [answer(cast.luo, entry.revision_id, letter, f"luo-00000{letter}") for letter in "BA"]
    actions.record(again + luo, clock.now())
    actions.record(again + luo, clock.now())
    counts = dict(db.session.execute(select(FirstAnswer.chosen, FirstAnswer.people)).all())
    assert counts == {"A": 1, "B": 1}


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.sampled_from("AB")), max_size=12))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_the_count_is_that_of_people_and_questions(morning, bank, cast, answer, given_here):
    """However the answers arrive, in pieces or twice."""
    pool, people = queries.practice_pool(), [cast.jiang, cast.luo, cast.fang]
    sent = [
        answer(people[who], pool[what].revision_id, letter, f"answer-{n:04}")
        for n, (who, what, letter) in enumerate(given_here)
    ]
    for at in range(0, len(sent), 3):
        actions.record(sent[at : at + 5], clock.now())
    actions.record(sent, clock.now())
    assert (db.session.scalar(select(func.sum(FirstAnswer.people))) or 0) == len(
        {(who, what) for who, what, _ in given_here}
    )
    db.session.rollback()


def test_after_an_answer_the_page_tells_where_others_stumble(morning, bank, cast, as_jiang):
    page = begin(as_jiang)
    revision = shown_revision(newest(), page)
    key = keys()[revision]
    other = next(
        letter for letter in "ABC" if letter not in key
    )  # of a 判断题 A or B, and nothing has the key ABC
    db.session.add_all(
        [
            FirstAnswer(revision_id=revision, chosen=other, people=7),
            FirstAnswer(revision_id=revision, chosen=key, people=13),
        ]
    )
    db.session.commit()
    assert "误选" not in as_jiang.page(page.path).text  # never before the answer
    told = give(page, key).text
    assert f"首次作答的21人中，33%误选{other}" in told


def test_question_pages_of_a_set_run_a_constant_number_of_statements(morning, bank, cast, as_jiang):
    def statements(count: str) -> list[int]:
        page = begin(as_jiang, other=count)
        page.press("提交", answer=["A"])
        out = []
        for path in (page.path, page.path.rsplit("/", 1)[0] + "/2", "/practice/"):
            with counted() as sent:
                as_jiang.get(path)
            assert not [s for s in sent if not s.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH"))]
            out.append(len(sent))
        return out

    statements("3")
    assert statements("3") == statements("60")
