"""何, a trainer: a bank from a file, reviewed by another; an exam from the shipped bank, tried, published, watched."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import Person, Unit
from tests.browser.conftest import Live
from tests.browser.sitting import expect_saved, sign_in
from tests.browser.ways import h1, menu, settle, take
from tests.cast import Cast

Shot = Callable[..., Any]
QUESTIONS = """## 单选题

1. 涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。
A. 共同的上一级机关、单位决定受理机关
B. 共同受理
C. 协商受理
答案：{key}
依据：第二十四条第一款 “由所涉及的机关、单位协商受理”
解析：第二十四条第一款先规定协商受理；A项是受理有争议时的办法，B项条文中没有。
编号：QS-01

## 判断题

2. 受理有争议且没有共同的上一级机关、单位的，由共同的信访工作联席会议协调处理。
答案：正确
依据：第二十四条第一款 “由共同的信访工作联席会议协调处理”
解析：第二十四条第一款原文。
编号：QS-02
"""


def test_the_way_of_a_trainer(
    live: Live, screen: BrowserContext, browse: Callable[..., BrowserContext], shot: Shot
) -> None:
    cast = settle(live)
    live.run(lambda: make_reviewer(cast))
    page = screen.new_page()
    sign_in(page, "he")
    she_opens_a_bank(page)
    she_imports(page, shot)
    her_own_question_waits_for_another(page)
    another_approves(browse("desktop").new_page())
    page.reload()
    expect(page.get_by_text("已发布").first).to_be_visible()
    she_makes_an_exam(page, shot)
    she_tries_it(live, page, shot)
    she_publishes(page, shot)


def make_reviewer(cast: Cast) -> None:
    """In a small county one person may hold several roles: 何 reviews as well, but never her own."""
    from quizapp.people.actions import grant

    he, county = db.session.get_one(Person, cast.he), db.session.get_one(Unit, cast.county)
    grant(he, "reviewer", county, now=clock.now(), actor_id=cast.zhou)


# The bank ---------------------------------------------------------------------------------------------------


def she_opens_a_bank(page: Page) -> None:
    page.locator("main").get_by_role("link", name="题库", exact=True).click()
    page.get_by_role("link", name="新建题库").click()
    page.get_by_label("题库名称").fill("县信访局题库")
    page.locator("[name=slug]").fill("qs-xinfang")
    page.get_by_role("button", name="新建题库").click()
    h1(page, "县信访局题库")


def bring(page: Page, text: str) -> None:
    file = {"name": "第三章.md", "mimeType": "text/markdown", "buffer": text.encode()}
    page.get_by_label("试题文件").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="检查试题").click()


def she_imports(page: Page, shot: Shot) -> None:
    """The key of the first question names no option: its line is said, and she mends it where it lies."""
    page.get_by_role("link", name="导入试题").first.click()
    bring(page, QUESTIONS.format(key="D"))
    expect(page.get_by_text("共2题，1题可导入，1题有错误，其中1题答案与条文不符。")).to_be_visible()
    wrong = page.locator(".desk", has_text="有错误")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("第7行，答案：答案中的D不在选项之内。")  # where the answer stands
    shot(page, "he-problems")
    wrong.get_by_role("link", name="编辑").click()
    page.get_by_label("答案").fill("C")
    page.get_by_role("button", name="保存并确认").click()
    expect(page.get_by_text("共2题，2题可导入。")).to_be_visible()
    expect(page.locator(".desk", has_text="已修改")).to_have_count(1)
    page.get_by_role("button", name="确认导入2题").click()
    expect(page.get_by_text("导入完成：新增2题", exact=False)).to_be_visible()


def her_own_question_waits_for_another(page: Page) -> None:
    page.goto("/banks/qs-xinfang/questions/QS-01")
    expect(page.locator(".law mark")).to_have_text("由所涉及的机关、单位协商受理")
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("已提交审核。")).to_be_visible()
    expect(page.get_by_text("这是您自己编写或导入的试题，由其他审题人员审核。")).to_be_visible()
    expect(page.get_by_role("button", name="审核通过")).to_have_count(0)


def another_approves(page: Page) -> None:
    sign_in(page, "zhou")
    page.goto("/banks/")
    page.get_by_role("row", name="县信访局题库").get_by_role("link", name="1").click()
    page.get_by_role("link", name="涉及两个或者两个以上机关", exact=False).click()
    page.get_by_role("button", name="审核通过").click()
    expect(page.get_by_text("已发布。")).to_be_visible()


# The exam ---------------------------------------------------------------------------------------------------


def she_makes_an_exam(page: Page, shot: Shot) -> None:
    """From the shipped bank, by type and chapter, twenty questions of five 分."""
    menu(page, "考试管理")
    page.get_by_role("link", name="新建考试").first.click()
    page.get_by_label("考试名称").fill("条例知识测试")
    page.get_by_label("用途").select_option(label="年度考试")
    page.get_by_label("县信访局题库").uncheck()
    page.get_by_label("开始日期", exact=True).fill("2030-12-01")
    page.get_by_label("结束日期").fill("2030-12-25")
    page.get_by_label("合格线").fill("60")
    shot(page, "he-form")
    page.get_by_role("button", name="保存并设置题数").click()
    h1(page, "双向细目表")
    for field in page.locator("[name^='n-']").all():
        field.fill("")
    wanted = {"single-all": 12, "single-c3": 6, "single-c4": 6, "multiple-all": 4, "judge-all": 4}
    for name, count in wanted.items():
        page.locator(f"[name='n-{name}']").fill(str(count))
    for kind in ("single", "multiple", "judge"):
        page.locator(f"[name='{kind}']").fill("5")
    expect(page.locator("[data-paper]")).to_contain_text("20题，共100分")
    page.locator("[name='n-single-c4']").fill("7")
    expect(page.locator("[data-problems]")).to_contain_text("以下要求不能同时满足")
    page.locator("[name='n-single-c4']").fill("6")
    expect(page.locator("[data-problems] li")).to_have_count(0)
    shot(page, "he-blueprint")
    page.get_by_role("button", name="保存草稿").click()
    h1(page, "条例知识测试")
    page.get_by_role("link", name="预览试卷").click()
    expect(page.locator("[data-question]")).to_have_count(20)
    page.get_by_role("link", name="返回考试").click()


def she_tries_it(live: Live, page: Page, shot: Shot) -> None:
    """A dry run to the receipt: it is said to count nowhere, and it does."""
    page.get_by_role("button", name="试考").click()
    expect(page.get_by_text("这是试考，不计成绩", exact=False)).to_be_visible()
    expect_saved(page)
    take(page, "A")
    expect_saved(page)
    page.locator("[data-open=answer-card]").locator("visible=true").click()
    card = page.get_by_role("dialog", name="答题卡")
    expect(card.get_by_text("还有19题未答", exact=False)).to_be_visible()
    card.get_by_role("button", name="交卷").click()
    page.wait_for_url("**/receipt")
    expect(page.get_by_text("试考，不计成绩", exact=False)).to_be_visible()
    shot(page, "he-trial")
    assert live.run(counted) == 0
    page.get_by_role("link", name="返回考试").click()
    h1(page, "条例知识测试")


def counted() -> int:
    """Results of candidates, and 实考 of all tallies."""
    from quizapp.exams.models import Candidate, Tally

    results = db.session.scalars(select(Candidate.id).where(Candidate.sat)).all()
    return len(results) + sum(db.session.scalars(select(Tally.submitted)).all())


def she_publishes(page: Page, shot: Shot) -> None:
    page.locator("summary", has_text="发布考试").click()
    warned = page.get_by_label("已知悉以上提示")
    if warned.count():
        warned.check()
    shot(page, "he-publish")
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("考试已发布：考生6人", exact=False)).to_be_visible()
    expect(page.locator(".kpis")).to_contain_text("实考人数0人")
    page.get_by_role("link", name="考生名单").click()
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(6)
    for name in ("江映雪", "罗成", "何平", "李文", "周明", "方圆"):
        expect(rows.filter(has_text=name)).to_contain_text("未开始")
    expect(rows.filter(has_text="方圆")).to_contain_text("云岭镇")
    shot(page, "he-candidates")
