"""何 makes a whole exam: preset, grid, parallel forms, people, dry run, publishing, 免考, more time, its end, 补考."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import expect_saved, sign_in
from tests.browser.ways import h1, settle, take

Shot = Callable[..., Any]
TITLE = "年度条例考试"


def test_the_way_of_an_exam_from_preset_to_makeup(live: Live, screen: BrowserContext, shot: Shot) -> None:
    settle(live)
    page = screen.new_page()
    sign_in(page, "he")
    she_starts_from_a_preset(page, shot)
    she_fills_the_grid(page, shot)
    she_has_forms_made(page, shot)
    she_chooses_the_people(page, shot)
    she_tries_it(page)
    she_publishes(page, shot)
    she_makes_exceptions(page, shot)
    live.run(the_window_ends)
    she_arranges_the_makeup(live, page, shot)


def she_starts_from_a_preset(page: Page, shot: Shot) -> None:
    page.goto("/exams/")
    page.get_by_role("link", name="规则模板").click()
    h1(page, "规则模板")
    shot(page, "exam-presets")
    page.get_by_role("link", name="用模板“45题，两次机会”新建考试").click()
    h1(page, "新建考试")
    expect(page.get_by_label("作答时间（分钟）")).to_have_value("90")
    expect(page.get_by_label("可考次数")).to_have_value("2")
    today = clock.today().isoformat()
    page.get_by_label("考试名称").fill(TITLE)
    page.get_by_label("开始日期", exact=True).fill(today)
    page.get_by_label("结束日期").fill((clock.today() + timedelta(days=3)).isoformat())
    page.get_by_role("button", name="保存并设置题数").click()


def she_fills_the_grid(page: Page, shot: Shot) -> None:
    h1(page, "双向细目表")
    for kind, count in (("single", "25"), ("multiple", "10"), ("judge", "10")):
        expect(page.locator(f"[name='n-{kind}-all']")).to_have_value(count)
    page.get_by_role("button", name="按题库比例分到各章").click()
    expect(page.locator("[name='n-single-c3']")).not_to_have_value("")
    expect(page.locator("[data-paper]")).to_contain_text("45题，共100分")
    page.get_by_label("方式").select_option(label="平行试卷")
    page.get_by_label("试卷套数").fill("2")
    expect(page.locator("[data-problems] li")).to_have_count(0)
    shot(page, "exam-grid")
    page.get_by_role("button", name="保存并组卷").click()


def she_has_forms_made(page: Page, shot: Shot) -> None:
    h1(page, "组卷")
    page.get_by_role("button", name="开始组卷").click()
    page.wait_for_url("**/papers", timeout=60_000)
    expect(page.get_by_text("预计分最大差")).to_be_visible()
    expect(page.get_by_role("rowheader", name="B卷").first).to_be_visible()
    shot(page, "exam-forms")


def she_chooses_the_people(page: Page, shot: Shot) -> None:
    page.get_by_role("link", name=TITLE).first.click()
    h1(page, TITLE)
    page.get_by_role("link", name="考生范围").click()
    h1(page, "考生范围")
    page.get_by_label("选择何平").check()
    page.get_by_role("button", name="点名排除").click()
    expect(page.get_by_text("考生5人", exact=False)).to_be_visible()
    shot(page, "exam-people")
    page.get_by_role("link", name=TITLE).first.click()


def she_tries_it(page: Page) -> None:
    page.get_by_role("button", name="试考").click()
    expect(page.get_by_text("这是试考，不计成绩", exact=False)).to_be_visible()
    expect_saved(page)
    take(page, "A")
    expect_saved(page)
    page.locator("[data-open=answer-card]").locator("visible=true").click()
    page.get_by_role("dialog", name="答题卡").get_by_role("button", name="交卷").click()
    page.wait_for_url("**/receipt")
    page.get_by_role("link", name="返回考试").click()
    h1(page, TITLE)


def she_publishes(page: Page, shot: Shot) -> None:
    expect(page.get_by_role("list", name="考试进程")).to_contain_text("制作草稿")
    shot(page, "exam-checks")
    page.locator("summary", has_text="发布考试").click()
    page.get_by_label("已知悉以上提示").check()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("考试已发布：考生5人", exact=False)).to_be_visible()
    shot(page, "exam-running")


def she_makes_exceptions(page: Page, shot: Shot) -> None:
    """免考 for 李, a later end and more minutes for 江; both stand in the record."""
    candidate(page, "李文")
    page.locator("form", has_text="更新状态").get_by_label("考生状态").select_option(label="免考")
    page.locator("form", has_text="更新状态").get_by_label("原因").fill("产假")
    page.get_by_role("button", name="更新状态").click()
    expect(page.get_by_text("考生状态已更新。")).to_be_visible()
    page.get_by_role("link", name=TITLE).first.click()
    candidate(page, "江映雪")
    form = page.locator("form", has_text="延长后的结果")
    form.get_by_label("延长分钟数").fill("20")
    form.get_by_label("原因").fill("视力障碍")
    form.get_by_role("button", name="延长时间").click()
    expect(page.get_by_text("另延长20分钟", exact=False)).to_be_visible()
    shot(page, "exam-time")
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_role("link", name="例外处理").click()
    for words in ("产假", "视力障碍"):
        expect(page.get_by_text(words).first).to_be_visible()
    shot(page, "exam-record")
    page.get_by_role("link", name=TITLE).first.click()


def candidate(page: Page, name: str) -> None:
    page.get_by_role("link", name="考生名单").click()
    page.get_by_role("link", name=name).first.click()
    h1(page, name)


def the_window_ends() -> None:
    """A week goes by: the exam is over and nobody can be answering."""
    from quizapp.exams.models import Exam

    exam = db.session.scalars(select(Exam).where(Exam.title == TITLE)).one()
    exam.opens_at, exam.closes_at = (
        exam.opens_at - timedelta(days=7),
        clock.now() - timedelta(hours=1),
    )
    db.session.commit()


def she_arranges_the_makeup(live: Live, page: Page, shot: Shot) -> None:
    page.reload()
    page.get_by_role("link", name="安排补考").click()
    h1(page, "安排补考")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="李文")).to_have_count(0)
    page.get_by_label("列入罗成").uncheck()
    page.get_by_label("安排说明").fill("按通知安排一次补考")
    shot(page, "exam-makeup")
    page.get_by_role("button", name="生成补考草稿").click()
    h1(page, f"{TITLE}（补考）")
    for _ in range(20):
        if page.get_by_text("已组卷2套").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("已组卷2套")).to_be_visible()
    shot(page, "exam-makeup-draft")
    assert live.run(people_of_the_makeup) == ["周明", "方圆", "江映雪"]


def people_of_the_makeup() -> list[str]:
    from quizapp.exams.models import Exam, ExamPerson
    from quizapp.people.models import Person

    rows = db.session.scalars(
        select(Person.name)
        .join(ExamPerson, ExamPerson.person_id == Person.id)
        .join(Exam, Exam.id == ExamPerson.exam_id)
        .where(Exam.makeup_of_id.is_not(None), ExamPerson.excluded.is_(False))
    )
    return sorted(rows)
