"""What a cadre sees and does; every page without script."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.bank.models import ErrorReport, Revision
from quizapp.db import db
from quizapp.practice import access, queries, quizzes
from quizapp.practice.models import DailyQuiz, PracticeAnswer, SelfTest
from tests.cast import sign_in
from tests.practice.conftest import counted

SLUG = "xinfang-gongzuo-tiaoli"


def rows(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def keys() -> dict[int, str]:
    return dict(db.session.execute(select(Revision.id, Revision.key)).all())


def shown_revision(test_or_quiz, page) -> int:
    return test_or_quiz.revisions[int(page.path.rsplit("/", 1)[1]) - 1]


def give(page, key: str, right: bool = True):
    """Answer the question of a page, rightly or wrongly."""
    form = page.form("提交")
    letters = sorted(form.choices["answer"])
    chosen = list(key) if right else [next(letter for letter in letters if letter not in key)]
    return page.press("提交", answer=chosen)


@pytest.fixture
def morning(at):
    return at("2026-11-23 08:00")


def test_a_daily_quiz_from_the_button_to_the_end(morning, bank, cast, as_jiang, at):
    page = as_jiang.page("/practice/daily")
    assert "今天11题，约5分钟" in page.text
    assert rows(DailyQuiz) == 0
    page = page.press("开始今天的测验")
    quiz, right = db.session.scalars(select(DailyQuiz)).one(), keys()
    for number in range(1, 12):
        assert page.path == f"/practice/daily/2026-11-23/{number}"
        assert "正确答案" not in page.text
        page = give(page, right[shown_revision(quiz, page)], right=number != 2)
        assert ("回答错误" if number == 2 else "回答正确") in page.text
        assert "《信访工作条例》" in page.text
        assert "<mark>" in page.html
        page = page.follow("查看结果" if number == 11 else "下一题")
    assert page.path == "/practice/daily"
    assert "今天的测验已完成" in page.text
    assert "共11题，答对10题" in page.text
    assert rows(PracticeAnswer) == 11
    assert re.search("错题本 ?在两个不同的日子答对后移出 ?1题", as_jiang.page("/practice/").text)


def test_nothing_counts_days_minutes_or_points(morning, bank, cast, as_jiang):
    """国办函〔2026〕12号: no streaks, no points, no time on the pages of practice."""
    page = as_jiang.page("/practice/daily").press("开始今天的测验")
    texts = [page.text, as_jiang.page("/practice/").text, as_jiang.page("/practice/wrong").text]
    for word in ("连续", "积分", "打卡", "排名", "排行", "用时", "学习时间"):
        assert not any(word in text for text in texts), word


def test_a_question_page_holds_no_key_before_the_answer(morning, bank, cast, as_jiang):
    as_jiang.page("/practice/daily").press("开始今天的测验")
    quiz = db.session.scalars(select(DailyQuiz)).one()
    explanations = dict(db.session.execute(select(Revision.id, Revision.explanation)).all())
    with counted() as sent:
        html = as_jiang.page("/practice/daily/2026-11-23/1").html
    assert explanations[quiz.revisions[0]][:12] not in html
    assert not any("explanation" in statement for statement in sent)


def test_pages_write_nothing_and_run_a_constant_number_of_statements(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/daily").press("开始今天的测验")
    quiz, right = db.session.scalars(select(DailyQuiz)).one(), keys()

    def statements() -> list[int]:
        out = []
        for address in ("/practice/", "/practice/daily", "/practice/wrong", f"/practice/article/{SLUG}/24"):
            with counted() as sent:
                as_jiang.get(address)
            assert not [s for s in sent if not s.lstrip().upper().startswith(("SELECT", "PRAGMA", "WITH"))]
            out.append(len(sent))
        return out

    give(page, right[shown_revision(quiz, page)], right=False)
    before = statements()
    for _ in range(3):
        page = as_jiang.page("/practice/daily")
        give(page, right[shown_revision(quiz, page)], right=False)
    assert statements() == before
    assert max(before) <= 16


def test_a_doubled_press_stores_one_answer(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/daily").press("开始今天的测验")
    page.press("提交", answer=["A"])
    page.press("提交", answer=["B"])  # the same rendered page, sent again with another letter
    other_tab = as_jiang.page("/practice/daily/2026-11-23/1")
    assert "提交" not in [words for form in other_tab.forms for words, _, _ in form.buttons]
    assert rows(PracticeAnswer) == 1
    assert db.session.scalars(select(PracticeAnswer.chosen)).one() == "A"


def test_nothing_chosen_is_said_and_stores_nothing(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/daily").press("开始今天的测验").press("提交")
    assert "请先选择答案" in page.text
    assert rows(PracticeAnswer) == 0


def test_a_page_left_open_over_midnight_counts_for_its_day(morning, bank, cast, as_jiang, at):
    at("2026-11-23 23:58")
    sign_in(as_jiang, cast.jiang)
    page = as_jiang.page("/practice/daily").press("开始今天的测验")
    at("2026-11-24 00:02")
    page = page.press("提交", answer=["A"])
    assert "回答" in page.text
    answer = db.session.scalars(select(PracticeAnswer)).one()
    assert (answer.day.isoformat(), answer.source) == ("2026-11-23", "daily")
    assert "开始今天的测验" in page.follow("下一题").html
    at("2026-11-25 00:00")
    sign_in(as_jiang, cast.jiang)
    assert as_jiang.get("/practice/daily/2026-11-23/2").status_code == 404


def test_the_quiz_of_another_person_does_not_exist(morning, bank, cast, as_jiang, as_luo):
    as_jiang.page("/practice/daily").press("开始今天的测验")
    assert as_luo.get("/practice/daily/2026-11-23/1").status_code == 404
    for address in ("/practice/daily/2026-11-23/12", "/practice/daily/2026-11-23/0", "/practice/daily/x/1"):
        assert as_jiang.get(address).status_code == 404


def test_a_self_test_by_chapter_with_a_result_that_can_be_read_again(morning, bank, cast, as_jiang, as_luo):
    page = as_jiang.page("/practice/").press("开始自测", scope=f"{SLUG}:4", other="3")
    test, right = db.session.scalars(select(SelfTest)).one(), keys()
    in_chapter = {e.revision_id for e in queries.practice_pool() if e.chapter == "4"}
    assert len(test.revisions) == 3
    assert set(test.revisions) <= in_chapter
    token = page.path.split("/")[3]
    page = give(page, right[shown_revision(test, page)])
    assert "继续自测：第四章" in as_jiang.page("/practice/").text
    page = as_jiang.page(f"/practice/self-test/{token}")  # on another day, on another device
    assert page.path.endswith("/2")
    page = give(page, right[shown_revision(test, page)], right=False).follow("下一题")
    page = give(page, right[shown_revision(test, page)]).follow("查看结果")
    assert "共3题，答对2题，答错1题" in page.text
    assert "继续自测" not in as_jiang.page("/practice/").text
    assert "回答错误" in page.follow("2.").text
    assert as_luo.get(f"/practice/self-test/{token}").status_code == 404
    assert as_luo.get(f"/practice/self-test/{token}/1").status_code == 404


def test_a_self_test_answer_is_kept_once(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/").press("开始自测", scope="all", count="5")
    page.press("提交", answer=["A"])
    page.press("提交", answer=["B"])
    assert db.session.scalars(select(PracticeAnswer.chosen)).all() == ["A"]


def test_numbers_and_scopes_that_cannot_be_are_refused(morning, bank, cast, as_jiang):
    as_jiang.page("/practice/")
    for wrong in (
        {"other": "0"},
        {"other": "-3"},
        {"other": "1000"},
        {"other": "三"},
        {"count": "x"},
        {"scope": "nowhere:9"},
    ):
        data = {"scope": "all", "count": "5", "csrf_token": as_jiang.token} | wrong
        assert as_jiang.post("/practice/self-test", data=data).status_code == 422, wrong
    assert rows(SelfTest) == 0


def test_all_questions_of_an_article_are_asked(morning, bank, cast, as_jiang):
    page = as_jiang.page(f"/regulations/{SLUG}/24").follow("练习本条试题")
    count = int(re.search(r"有(\d+)题", page.text)[1])
    page.press("开始练习")
    test = db.session.scalars(select(SelfTest)).one()
    on_24 = {e.revision_id for e in queries.practice_pool() if (SLUG, "24") in e.places}
    assert set(test.revisions) == on_24
    assert (len(test.revisions), test.scope, test.source) == (count, "第二十四条", "article")
    assert as_jiang.get(f"/practice/article/{SLUG}/51").status_code == 404


def test_the_wrong_book_gathers_practises_and_lets_go(morning, bank, cast, as_jiang, at):
    page = as_jiang.page("/practice/").press("开始自测", scope=f"{SLUG}:3", other="2")
    test, right = db.session.scalars(select(SelfTest)).one(), keys()
    for onwards in ("下一题", "查看结果"):
        page = give(page, right[shown_revision(test, page)], right=False).follow(onwards)
    assert "共2题" in as_jiang.page("/practice/wrong").text
    for day, left in ((1, 2), (2, 0)):
        at(f"2026-11-{23 + day} 09:00")
        sign_in(as_jiang, cast.jiang)
        page = as_jiang.page("/practice/wrong").press("练习全部错题")
        again = db.session.scalars(select(SelfTest).order_by(SelfTest.id.desc())).first()
        assert again.scope == "错题"
        for onwards in ("下一题", "查看结果"):
            page = give(page, right[shown_revision(again, page)]).follow(onwards)
        assert len(queries.wrong_entries(cast.jiang)) == left
    assert "错题本是空的" in as_jiang.page("/practice/wrong").text


def test_mastery_is_shown_by_chapter_from_what_was_answered_right(morning, bank, cast, as_jiang):
    before = queries.states(cast.jiang, clock.now())[0]
    assert (before.mastery.thousandths, len(before.chapters)) == (0, 6)
    page = as_jiang.page("/practice/").press("开始自测", scope=f"{SLUG}:6", count="all")
    test, right = db.session.scalars(select(SelfTest)).one(), keys()
    while page.path.startswith("/practice/self-test/") and "提交" in page.html:
        page = give(page, right[shown_revision(test, page)])
        page = page.follow("查看结果" if "查看结果" in page.html else "下一题")
    text = as_jiang.page("/practice/").text
    assert re.search("第六章 附则 ?100%", text)
    assert re.search("第五章 监督和追责 ?0%", text)


@pytest.fixture
def exam_running(cast):
    """A formal exam of 江 is running."""
    lock = lambda person_id, now: person_id == cast.jiang  # noqa: E731
    access.practice_locks.append(lock)
    yield
    access.practice_locks.remove(lock)


def test_practice_is_closed_during_a_formal_exam(morning, bank, cast, as_jiang, as_luo, exam_running):
    """Hazard H37."""
    for address in ("/practice/", "/practice/daily", "/practice/wrong", f"/practice/article/{SLUG}/24"):
        reply = as_jiang.get(address)
        assert reply.status_code == 403, address
        assert "考试进行中，练习暂停" in reply.text
        assert as_luo.get(address).status_code == 200
    as_jiang.page("/help", status=None)
    reply = as_jiang.post("/practice/daily", data={"csrf_token": as_jiang.token})
    assert reply.status_code == 403
    assert rows(DailyQuiz) == 0


def test_without_questions_every_page_says_so(cast, as_jiang):
    assert "题库中还没有可以练习的试题" in as_jiang.page("/practice/").text
    assert "今天没有需要练习的题" in as_jiang.page("/practice/daily").text
    assert "错题本是空的" in as_jiang.page("/practice/wrong").text


def test_who_is_not_signed_in_is_asked_to(client, cast, bank):
    for address in ("/practice/", "/practice/daily", "/practice/wrong", f"/practice/article/{SLUG}/24"):
        reply = client.get(address)
        assert (reply.status_code, "/sign-in" in reply.headers["Location"]) == (303, True)


def test_home_is_told_what_is_left(morning, bank, cast, as_jiang):
    day = clock.today()
    assert quizzes.today(cast.jiang, day) == quizzes.Today(11, 0, False, 5, False)
    as_jiang.page("/practice/daily").press("开始今天的测验").press("提交", answer=["A"])
    assert quizzes.today(cast.jiang, day) == quizzes.Today(11, 1, False, 4, True)
    assert quizzes.today(cast.jiang, day + timedelta(days=1)).drawn is False


# 纠错 -------------------------------------------------------------------------------------------------------------


def test_a_mistake_is_reported_from_inside_the_answered_question(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/daily").press("开始今天的测验").press("提交", answer=["A"])
    quiz = db.session.scalars(select(DailyQuiz)).one()
    page = page.follow("本题有误？纠错")
    assert db.session.get(Revision, quiz.revisions[0]).stem.split("（")[0] in page.text
    refused = page.press("提交纠错", text="　 ")
    assert (refused.status, "请写明哪里有误" in refused.text) == (422, True)
    long = page.press("提交纠错", text="错" * 501)
    assert (long.status, "最多500字" in long.text, "错" * 501 in long.html) == (422, True, True)
    assert rows(ErrorReport) == 0
    done = page.press("提交纠错", text="选项A与条文不一致。")
    assert "已收到您对本题的纠错" in done.text
    report = db.session.scalars(select(ErrorReport)).one()
    assert (report.revision_id, report.person_id) == (quiz.revisions[0], cast.jiang)
    assert "选项A与条文不一致。" in done.follow("我的纠错").text
    assert "回答" in done.follow("返回本题").text
    again = page.press("提交纠错", text="再说一次。")  # the page that was left open
    assert (again.status, "没有重复提交" in again.text, rows(ErrorReport)) == (409, True, 1)


def test_in_a_self_test_too(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/").press("开始自测", scope="all", count="5")
    page.press("提交", answer=["A"]).follow("本题有误？纠错").press("提交纠错", text="题干有错字。")
    test = db.session.scalars(select(SelfTest)).one()
    assert db.session.scalars(select(ErrorReport.revision_id)).one() == test.revisions[0]


def test_only_what_one_has_answered_oneself_can_be_reported(morning, bank, cast, as_jiang, as_luo):
    page = as_jiang.page("/practice/").press("开始自测", scope="all", count="5")
    token = page.path.split("/")[3]
    page.press("提交", answer=["A"])
    as_jiang.page("/practice/daily").press("开始今天的测验")
    addresses = [f"/practice/self-test/{token}/{number}/report" for number in (2, 6, 0)]
    addresses += ["/practice/self-test/none/1/report"]
    addresses += [f"/practice/daily/2026-11-23/{number}/report" for number in (1, 9)]
    addresses += ["/practice/daily/2026-11-01/1/report"]
    as_luo.page("/practice/")
    for client, address in [(as_jiang, a) for a in addresses] + [
        (as_luo, f"/practice/self-test/{token}/1/report")
    ]:
        assert client.get(address).status_code == 404, address
        reply = client.post(address, data={"csrf_token": client.token, "text": "错"})
        assert reply.status_code == 404, address
    assert rows(ErrorReport) == 0


def test_nothing_is_reported_from_practice_during_an_exam(morning, bank, cast, as_jiang, exam_running):
    test = SelfTest(token="a-test", person_id=cast.jiang, scope="全部", revisions=[1], created_at=clock.now())
    db.session.add(test)
    as_jiang.page("/help", status=None)
    data = {"csrf_token": as_jiang.token, "text": "错"}
    assert as_jiang.post("/practice/self-test/a-test/1/report", data=data).status_code == 403
    assert rows(ErrorReport) == 0


def test_the_form_reads_no_key(morning, bank, cast, as_jiang):
    page = as_jiang.page("/practice/daily").press("开始今天的测验").press("提交", answer=["A"])
    with counted() as sent:
        page.follow("本题有误？纠错")
    assert not any("explanation" in statement or "revision.key" in statement for statement in sent)
