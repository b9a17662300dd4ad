"""江, a cadre: from the slip in her hand through reading, practice and the annual exam to the released answers."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp import clock, config
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import expect_saved, go_to
from tests.browser.ways import LAW, first_sign_in, h1, keys, mistaken, settle, slip, tab, take
from tests.cast import Cast
from tests.papers import totals

OWN = "Jiangnan-0451"
PLEDGE = "本人承诺独立完成本次考试，不请他人代考，不传播试题和答案。"
WRONG = (3, 8)  # questions of the exam that she gets wrong: 10 + 10 分 of 100
DOUBTED = 5
Shot = Callable[..., Any]


def test_the_way_of_a_cadre(live: Live, screen: BrowserContext, shot: Shot) -> None:
    walk(live, screen, shot)


@pytest.mark.parametrize("live", ["postgresql"], indirect=True)
def test_the_way_of_a_cadre_on_postgresql(live: Live, desktop: BrowserContext, shot: Shot) -> None:
    walk(live, desktop, shot)


def walk(live: Live, context: BrowserContext, shot: Shot) -> None:
    cast = settle(live)
    exam = live.run(lambda: publish(cast))
    page = context.new_page()
    she_comes_in(live, page, shot)
    she_reads(page, shot)
    she_tries_an_article(live, page)
    missed = she_does_the_daily_quiz(live, page, shot)
    she_tests_herself(live, page)
    tab(page, "练习")
    page.get_by_role("link", name="错题本").click()
    expect(page.locator(".item .t")).to_have_count(len(missed))
    shot(page, "jiang-wrong")
    she_sits_the_exam(live, page, exam, shot)
    she_sees_the_answers(live, page, exam, shot)
    she_writes_and_leaves(page)


def publish(cast: Cast) -> int:
    """The annual exam of 县信访局, six days before its end."""
    from quizapp.bank.models import Bank
    from quizapp.exams import actions

    now = clock.now()
    rules = {
        "title": "2026年度《信访工作条例》考试",
        "purpose": "annual",
        "bank_ids": list(db.session.scalars(select(Bank.id))),
        "blueprint": totals(single=6, multiple=2, judge=2),
        "points": {"single": 100, "multiple": 100, "judge": 100},
        "minutes": 45,
        "opens_at": now - timedelta(days=1),
        "closes_at": clock.end_of(clock.today(now) + timedelta(days=6)),
        "pass_mark": 600,
        "excellent_mark": 900,
        "bands": [["优秀", 900], ["良好", 800], ["合格", 600]],
        "show_score": "at_once",
        "show_key": "released",
        "show_right": "released",
        "show_explanation": "released",
        "notice": config.value("EXAM_NOTICE"),
        "pledge": PLEDGE,
    }
    exam = actions.create(
        unit_id=cast.county, values=rules, audience=[(cast.office, True)], now=now, actor_id=cast.he
    )
    actions.publish(exam, now, actor_id=cast.he)
    return exam.id


# Signing in -------------------------------------------------------------------------------------------------


def she_comes_in(live: Live, page: Page, shot: Shot) -> None:
    first_sign_in(page, *slip(live, "jiang"), OWN)
    page.get_by_role("button", name="生成备用码").click()
    expect(page.locator(".codes code")).to_have_count(5)
    shot(page, "jiang-codes")
    page.get_by_role("link", name="已保存，继续").click()
    expect(page.get_by_role("heading", name="2026年度《信访工作条例》考试")).to_be_visible()
    expect(page.get_by_text("24:00截止，还剩6天")).to_be_visible()
    expect(page.get_by_text(re.compile(r"今天\d+题，约5分钟"))).to_be_visible()
    shot(page, "jiang-home")


# Reading ----------------------------------------------------------------------------------------------------


def she_reads(page: Page, shot: Shot) -> None:
    tab(page, "条例")
    page.get_by_role("link", name="《信访工作条例》").click()
    page.locator("summary", has_text="第三章").click()
    page.get_by_role("link", name="阅读本章").locator("visible=true").click()
    h1(page, "第三章　信访事项的提出和受理")
    page.get_by_role("link", name="返回目录").click()
    page.get_by_label("查找条文").fill("复查")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_text("找到3条，含有“复查”")).to_be_visible()
    assert set(page.locator(".hit mark").all_inner_texts()) == {"复查"}
    shot(page, "jiang-search")
    page.get_by_role("link", name="第三十五条").click()
    expect(page.locator(".article mark").first).to_have_text("复查")
    page.goto(f"/regulations/{LAW}/24")
    h1(page, "第二十四条")
    expect(page.get_by_text("由所涉及的机关、单位协商受理", exact=False)).to_be_visible()
    shot(page, "jiang-article")


# Practice ---------------------------------------------------------------------------------------------------


def she_tries_an_article(live: Live, page: Page) -> None:
    """The question printed in the newspaper is among those on 第二十四条; its answer is C."""
    page.get_by_role("link", name="练习本条试题").click()
    page.get_by_role("button", name="开始练习").click()
    for key, *_ in questions_of(live, page, "SelfTest"):
        printed = page.get_by_text("涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位（").count()
        if printed:
            assert key == "C"
        answer(page, key)
        expect(page.get_by_role("heading", name="回答正确")).to_be_visible()
        onwards(page)
    h1(page, "自测结果")


def she_does_the_daily_quiz(live: Live, page: Page, shot: Shot) -> list[int]:
    """Two right, one wrong, and so on; gives the numbers of the wrong ones."""
    tab(page, "首页")
    page.get_by_role("link", name="开始答题").click()
    page.get_by_role("button", name="开始今天的测验").click()
    missed = []
    asked = questions_of(live, page, "DailyQuiz")
    for number, question in enumerate(asked, 1):
        wrong = number in (2, 4)
        expect(page.locator("[data-progress-number]")).to_have_text(str(number))
        answer(page, mistaken(*question) if wrong else question[0])
        if wrong:
            missed.append(number)
        feedback = page.locator("#feedback")
        expect(feedback).to_be_focused()
        expect(feedback.get_by_role("heading", name="回答错误" if wrong else "回答正确")).to_be_visible()
        expect(feedback.locator(".law mark").first).to_be_visible()
        if number == 2:
            shot(page, "jiang-wrong-answer")
        onwards(page)
    expect(page.get_by_role("heading", name="今天的测验已完成")).to_be_visible()
    expect(page.get_by_text(f"共{len(asked)}题，答对{len(asked) - 2}题。今天不需要再练习。")).to_be_visible()
    page.get_by_role("link", name="返回首页").click()
    expect(page.get_by_text(f"今天的{len(asked)}题已完成。")).to_be_visible()
    return missed


def she_tests_herself(live: Live, page: Page) -> None:
    tab(page, "练习")
    h1(page, "练习")
    page.get_by_label("范围").select_option(label=next(o for o in options(page) if o.startswith("第四章")))
    page.locator(".choice", has=page.locator("[value='5']")).click()
    page.get_by_role("button", name="开始自测").click()
    for key, *_ in questions_of(live, page, "SelfTest"):
        answer(page, key)
        onwards(page)
    expect(page.get_by_text("共5题，答对5题。")).to_be_visible()


def options(page: Page) -> list[str]:
    return page.get_by_label("范围").locator("option").all_inner_texts()


def answer(page: Page, letters: str) -> None:
    take(page, letters)
    page.get_by_role("button", name="提交").click()


def onwards(page: Page) -> None:
    page.locator(".dock a.primary").click()


def questions_of(live: Live, page: Page, what: str) -> list[tuple[str, str, int]]:
    expect(page.locator("[data-progress-number]")).to_have_text("1")  # it has been drawn
    return live.run(lambda: drawn(what))  # type: ignore[no-any-return]


def drawn(what: str) -> list[tuple[str, str, int]]:
    """(key, kind, options) of the questions that were drawn last, in their order."""
    from quizapp.practice import models

    table = getattr(models, what)
    newest = db.session.scalars(select(table).order_by(table.id.desc()).limit(1)).one()
    known = keys(newest.revisions)
    return [known[revision] for revision in newest.revisions]


# The exam ---------------------------------------------------------------------------------------------------


def she_sits_the_exam(live: Live, page: Page, exam: int, shot: Shot) -> None:
    tab(page, "首页")
    page.get_by_role("link", name="查看考试").click()
    expect(page.get_by_text("到时系统自动交卷")).to_be_visible()
    shot(page, "jiang-rules")
    page.get_by_label(PLEDGE).check()
    page.get_by_role("button", name="开始答题").click()
    expect_saved(page)
    right = live.run(lambda: right_sheet(exam))
    for number, question in enumerate(right, 1):
        go_to(page, number)
        take(page, mistaken(*question) if number in WRONG else question[0])
        if number == DOUBTED:
            page.locator(".ask:not([hidden]) .flag").click()
    expect_saved(page)
    shot(page, "jiang-exam", full=False)
    page.locator("#next").click()
    card = page.get_by_role("dialog", name="答题卡")
    expect(card.get_by_label(f"第{DOUBTED}题，已答，待检查")).to_be_visible()
    shot(page, "jiang-card", full=False)
    card.get_by_role("button", name="交卷").click()
    page.wait_for_url("**/receipt")
    expect(page.get_by_text(receipt(live, exam), exact=True)).to_be_visible()
    expect(page.get_by_text("截图或抄下这8位即可备查。")).to_be_visible()
    expect(page.locator(".figure").last).to_have_text("80分")
    expect(page.get_by_text("合格，良好")).to_be_visible()
    shot(page, "jiang-receipt")
    assert live.run(lambda: stored(exam)) == (PLEDGE, 1)


def right_sheet(exam_id: int) -> list[tuple[str, str, int]]:
    """(key as displayed, kind, options) for each place of the one paper of this exam."""
    from quizapp.attempts import layout
    from quizapp.attempts.models import Attempt

    text = db.session.scalars(select(Attempt.layout).where(Attempt.exam_id == exam_id)).one()
    places = layout.from_text(text)
    known = keys(place.revision_id for place in places)
    return [
        (layout.displayed_letters(place, known[place.revision_id][0]), *known[place.revision_id][1:])
        for place in places
    ]


def receipt(live: Live, exam_id: int) -> str:
    def read() -> str:
        from quizapp.attempts.models import Attempt, Closing

        mine = select(Closing.receipt).join(Attempt, Attempt.id == Closing.attempt_id)
        return db.session.scalars(mine.where(Attempt.exam_id == exam_id)).one()

    return live.run(read)  # type: ignore[no-any-return]


def stored(exam_id: int) -> tuple[str, int]:
    """The wording that she promised, and how many of 应考人数 have sat it."""
    from quizapp.attempts.models import Attempt
    from quizapp.exams.models import Tally

    pledge = db.session.scalars(select(Attempt.pledge).where(Attempt.exam_id == exam_id)).one()
    sat = db.session.scalars(select(Tally.submitted).where(Tally.exam_id == exam_id)).all()
    return pledge, sum(sat)


def she_sees_the_answers(live: Live, page: Page, exam: int, shot: Shot) -> None:
    page.get_by_role("link", name="查看成绩").click()
    expect(page.get_by_text("80分，满分100分")).to_be_visible()
    expect(page.get_by_text("正确答案")).to_have_count(0)
    live.run(lambda: release(exam))
    page.reload()
    expect(page.get_by_text("答对8题，共10题")).to_be_visible()
    first_wrong = page.locator(f"#q{WRONG[0]}")
    expect(first_wrong.get_by_text("得0分，满分10分")).to_be_visible()
    expect(first_wrong.get_by_text("正确答案：")).to_be_visible()
    expect(first_wrong.locator(".law mark").first).to_be_visible()
    shot(page, "jiang-result")
    tab(page, "首页")
    expect(page.get_by_text("目前没有需要完成的考试。")).to_be_visible()


def release(exam_id: int) -> None:
    """The end comes, and 何 releases the answers."""
    from quizapp.exams import actions
    from quizapp.exams.models import Exam

    exam = db.session.get_one(Exam, exam_id)
    exam.closes_at = clock.now() - timedelta(minutes=10)
    db.session.flush()
    actions.release(exam, clock.now(), actor_id=None)


# The rest ---------------------------------------------------------------------------------------------------


def she_writes_and_leaves(page: Page) -> None:
    page.locator("summary[aria-label=字号]").click()
    page.get_by_role("button", name="特大").click()
    expect(page.locator("html")).to_have_attribute("data-size", "xlarge")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("contentinfo").get_by_role("link", name="投诉建议").click()
    page.get_by_label("内容").fill("希望增加第五章的试题。")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收到。请记下查询码", exact=False)).to_be_visible()
    tab(page, "我的")
    page.locator("main").get_by_role("button", name="退出登录").click()
    h1(page, "登录")
    page.goto("/")
    h1(page, "登录")
