"""考前自测: the one condition before an exam. No study time, no daily quizzes, no signing in day by day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import starting
from quizapp.attempts.models import Attempt
from quizapp.bank.models import Bank, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, checks, gate
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Exam
from quizapp.practice import actions as practice
from quizapp.practice import before_exam, queries
from quizapp.practice.models import PracticeAnswer, SelfTest
from quizapp.practice.self_tests import client_id_in
from tests.attempts.conftest import candidate_of, own_phone
from tests.papers import totals
from tests.statements import statements

SENTENCE = "请先完成一次自测并达到合格，再参加考试。"


@pytest.fixture
def gated(bank, cast, at) -> Exam:
    """A running exam over the shipped bank that asks for a self-test first; 60 of 100 pass."""
    now = at("2026-12-25 09:00")
    values = {
        "title": "2026年度条例考试",
        "purpose": "annual",
        "bank_ids": [bank],
        "points": {"single": 100},
        "blueprint": totals(single=10),
        "pass_mark": 600,
        "opens_at": now - timedelta(minutes=1),
        "closes_at": now + timedelta(hours=10),
        "pledge": "本人独立完成本次考试。",
        "gate": True,
    }
    made = actions.create(
        unit_id=cast.county, values=values, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    actions.publish(made, now, actor_id=cast.he)
    db.session.commit()
    return made


@pytest.fixture
def jiang(gated, as_jiang):
    return own_phone(as_jiang)


def answer_all(test: SelfTest, right: int) -> None:
    """Answer a self-test in the log, so many right."""
    now, keys = clock.now(), dict(db.session.execute(select(Revision.id, Revision.key)).all())
    wrong = {revision: "B" if keys[revision] != "B" else "A" for revision in test.revisions}
    practice.record(
        [
            practice.Answer(
                client_id_in(test.token, n),
                test.person_id,
                revision,
                keys[revision] if n <= right else wrong[revision],
                "self",
                clock.today(now),
                now,
            )
            for n, revision in enumerate(test.revisions, 1)
        ],
        now,
    )
    db.session.commit()


def newest() -> SelfTest:
    return db.session.scalars(select(SelfTest).order_by(SelfTest.id.desc()).limit(1)).one()


def reason(exam, person) -> str | None:
    return starting.may_not_start(exam, candidate_of(exam, person), 0, clock.now())


def test_from_the_start_page_through_the_self_test_to_the_paper(jiang, gated):
    start = f"/my-exams/{gated.id}"
    page = jiang.page(start)
    assert f"{SENTENCE}自测10题，答对6题为合格" in page.text
    assert "诚信承诺" not in page.text
    page = page.press("开始自测")
    assert page.path.startswith("/practice/self-test/")
    assert "继续自测" in jiang.page(start).text
    assert jiang.page(start).press("继续自测").path == page.path  # the same one goes on
    answer_all(newest(), right=5)
    result = jiang.page(f"/practice/self-test/{newest().token}")
    assert "答对6题为合格，本次没有达到，可以再做一次。" in result.text
    page = result.follow("返回考试")
    assert page.path == start
    assert "上次答对5题，没有达到合格。" in page.text
    page.press("再做一次自测")
    answer_all(newest(), right=6)
    result = jiang.page(f"/practice/self-test/{newest().token}")
    assert "考前自测已合格，可以参加考试。" in result.text
    page = result.follow("返回考试")
    assert "已合格 10题答对6题，2026年12月25日 09:00。" in page.text
    assert "检查并交卷" in page.press("开始答题", pledge="y").html


def test_no_way_around_the_gate(jiang, gated, cast):
    """Neither the form nor the opening of an attempt that was drawn before."""
    token = jiang.page("/my-exams/").token
    reply = jiang.post(f"/my-exams/{gated.id}", data={"pledge": "y", "csrf_token": token})
    assert SENTENCE in reply.text
    assert db.session.query(Attempt).count() == 0
    with pytest.raises(Refused) as refused:
        starting.start(gated, candidate_of(gated, cast.jiang), pledge="", now=clock.now())
    assert (refused.value.code, refused.value.sentence) == ("gate", SENTENCE)
    gated.gate = False
    attempt = starting.start(gated, candidate_of(gated, cast.jiang), pledge="", now=clock.now())
    gated.gate = True
    db.session.commit()
    reply = jiang.send(
        "POST", f"/attempts/{attempt.token}/open", {"page_key": None, "log": [0, 0], "takeover": False}
    )
    assert (reply.status_code, reply.json["code"]) == (409, "gate")


def test_an_exam_without_a_gate_asks_for_nothing_at_all(jiang, gated, cast):
    """Who has never practised, read or signed in before starts like everybody else."""
    gated.gate = False
    db.session.commit()
    assert db.session.query(PracticeAnswer).count() == 0
    assert reason(gated, cast.jiang) is None
    page = jiang.page(f"/my-exams/{gated.id}")
    assert "自测" not in page.text
    assert "检查并交卷" in page.press("开始答题", pledge="y").html


def test_nothing_else_opens_the_gate(gated, cast, at):
    """Many days of daily quizzes, a self-test of another kind, somebody else's self-test, an unfinished one."""
    now = clock.now()
    pool = queries.practice_pool(cast.jiang)
    keys = dict(db.session.execute(select(Revision.id, Revision.key)).all())
    daily = [
        practice.Answer(
            f"daily-{day}-{e.revision_id}", cast.jiang, e.revision_id, keys[e.revision_id], "daily", on, now
        )
        for day in range(30)
        for on in [clock.today(now - timedelta(days=day))]
        for e in pool[day * 5 : day * 5 + 5]
    ]
    practice.record(daily, now)
    free = practice.begin_test(cast.jiang, "全部章节", pool, 20, now=now)
    answer_all(free, right=20)
    others = practice.begin_test(cast.luo, "考前自测", pool, 10, now=now, exam_id=gated.id)
    answer_all(others, right=10)
    own = practice.begin_test(cast.jiang, "考前自测", pool, 10, now=now, exam_id=gated.id)
    db.session.commit()
    assert reason(gated, cast.jiang) == "gate"
    assert reason(gated, cast.luo) is None
    answer_all(own, right=10)
    assert reason(gated, cast.jiang) is None


def test_an_answer_under_the_number_of_another_question_does_not_count(gated, cast):
    """A client id is made by a page, and a page can be forged."""
    now, pool = clock.now(), queries.practice_pool(cast.jiang)
    test = practice.begin_test(cast.jiang, "考前自测", pool, 10, now=now, exam_id=gated.id)
    key = db.session.get_one(Revision, test.revisions[0]).key
    practice.record(
        [
            practice.Answer(
                client_id_in(test.token, n),
                cast.jiang,
                test.revisions[0],
                key,
                "self",
                clock.today(now),
                now,
            )
            for n in range(1, 11)
        ],
        now,
    )
    db.session.commit()
    assert before_exam.standing(gated, cast.jiang).running.answered == 1
    assert reason(gated, cast.jiang) == "gate"


def test_the_self_test_asks_what_the_exam_is_about(jiang, gated, cast):
    foreign = Bank(slug="other", title="另一题库", created_at=clock.now())
    db.session.add(foreign)
    db.session.commit()
    everything = {entry.revision_id for entry in queries.practice_pool(cast.jiang)}
    assert {entry.revision_id for entry in before_exam.exam_pool(gated, cast.jiang)} == everything
    gated.bank_ids = [foreign.id]
    db.session.commit()
    assert before_exam.exam_pool(gated, cast.jiang) == []
    foreign.regulation_id = db.session.query(Bank).filter(Bank.id != foreign.id).first().regulation_id
    db.session.commit()
    assert {entry.revision_id for entry in before_exam.exam_pool(gated, cast.jiang)} == everything


def test_nobody_is_kept_out_by_an_empty_bank(jiang, gated, cast):
    db.session.query(Revision).update({"status": "retired"})
    db.session.commit()
    assert reason(gated, cast.jiang) is None
    assert "自测" not in jiang.page(f"/my-exams/{gated.id}").text


def test_the_self_test_may_be_passed_before_the_exam_opens(jiang, gated, at):
    gated.opens_at, gated.closes_at = (edge + timedelta(days=2) for edge in (gated.opens_at, gated.closes_at))
    db.session.commit()
    page = jiang.page(f"/my-exams/{gated.id}")
    assert "考试还没有开始，12月27日8:59起可以开始。" in page.text
    page.press("开始自测")
    answer_all(newest(), right=10)
    assert "已合格 10题答对10题" in jiang.page(f"/my-exams/{gated.id}").text
    at(gated.closes_at)
    assert "自测" not in jiang.page(f"/my-exams/{gated.id}").text


def test_the_self_test_of_an_exam_is_for_its_candidates(jiang, gated, as_fang, cast):
    candidate = candidate_of(gated, cast.fang)
    db.session.delete(candidate)
    gated_id = gated.id
    db.session.commit()
    token = as_fang.page("/practice/").token
    assert as_fang.post(f"/practice/exams/{gated_id}", data={"csrf_token": token}).status_code == 404
    gated.gate = False
    db.session.commit()
    token = jiang.page("/practice/").token
    assert jiang.post(f"/practice/exams/{gated_id}", data={"csrf_token": token}).status_code == 404
    assert db.session.query(SelfTest).count() == 0


def test_publishing_needs_enough_questions_to_practise(gated, cast):
    facts = exam_queries.facts(gated, clock.now(), by_id=cast.he)
    assert facts.practisable == len(before_exam.exam_pool(gated, cast.jiang))
    found = [one for one in checks.checks(gated, facts, clock.now()) if one.code == "gate"]
    assert [one.tone for one in found] == ["ok"]
    kept = set(db.session.scalars(select(Revision.id).where(Revision.status == "published").limit(9)))
    db.session.query(Revision).filter(Revision.id.not_in(kept)).update({"status": "retired"})
    found = checks.checks(gated, exam_queries.facts(gated, clock.now(), by_id=cast.he), clock.now())
    assert [(one.tone, one.text) for one in found if one.code == "gate"] == [
        ("bad", "考前自测需要10道考生可以练习的试题，现有9道")
    ]


def test_the_gate_costs_the_same_however_often_it_was_tried(gated, cast):
    pool, now = queries.practice_pool(cast.jiang), clock.now()

    def cost() -> int:
        db.session.expire_all()
        assert gated.gate
        with statements() as seen:
            before_exam.standing(gated, cast.jiang)
        return len(seen)

    practice.begin_test(cast.jiang, "考前自测", pool, 10, now=now, exam_id=gated.id)
    once = cost()
    for _ in range(5):
        answer_all(newest(), right=2)
        practice.begin_test(cast.jiang, "考前自测", pool, 10, now=now, exam_id=gated.id)
    assert cost() == once <= 6
    answer_all(newest(), right=gate.QUESTIONS)
    with statements() as seen:
        assert before_exam.may_pass(gated, cast.jiang)
    assert len([sql for sql in seen if "practice_answer" in sql]) == 1
    assert len(seen) <= 2  # the exam's own row may be read again
