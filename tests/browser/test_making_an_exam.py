"""何 makes an exam in a real browser: totals while typing, checks, preview, publishing, candidates."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp.db import db
from quizapp.people.models import Unit
from tests.browser.sitting import sign_in
from tests.cast import make_cast


def prepare() -> None:
    """The cast, and units enough for a tree with three levels."""
    first = db.session.scalars(select(Unit)).one()  # made by serve, with the first administrator
    first.lft, first.rgt = 2001, 2100  # beside the county of the cast
    cast = make_cast()
    names = ["接访股", "办信股", "督查股", "网信股"]
    sections = [
        Unit(
            code=f"QS-XF-{n}",
            name=name,
            parent_id=cast.office,
            lft=10_110 + 10 * n,
            rgt=10_115 + 10 * n,
            sort=n,
        )
        for n, name in enumerate(names)
    ]
    db.session.add_all(sections)


def test_from_a_draft_to_published(
    live: Any, screen: Any, shot: Callable[..., Any], axe: Callable[..., Any]
) -> None:
    live.run(prepare)
    page = screen.new_page()
    sign_in(page, "he")
    page.goto("/exams/")
    expect(page.get_by_text("还没有考试。")).to_be_visible()
    page.get_by_role("link", name="新建考试").first.click()
    total = page.locator("[data-total]")
    expect(total).to_contain_text("共100分")
    axe(page)
    shot(page, "exam-form")

    change_the_grid(page)
    page.get_by_label("开始日期").fill("2030-12-01")
    page.get_by_label("结束日期").fill("2030-12-25")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("年度考试")
    expect(page.get_by_text("按今天的名册，考生")).to_be_visible()
    axe(page)
    shot(page, "exam-draft")

    page.get_by_role("link", name="预览试卷").click()
    expect(page.locator("[data-question]").first).to_be_visible()
    axe(page)
    shot(page, "exam-preview", full=False)
    page.get_by_role("link", name="返回考试").click()

    page.locator("summary", has_text="发布考试").click()
    axe(page)
    shot(page, "exam-publish")
    page.get_by_label("已知悉以上提示").check()
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_text("考试已发布", exact=False)).to_be_visible()
    axe(page)
    shot(page, "exam-published")
    page.get_by_role("link", name="可抽试题").click()
    axe(page)
    shot(page, "exam-questions", full=False)
    page.go_back()

    page.get_by_role("link", name="考生名单").click()
    axe(page)
    shot(page, "exam-candidates")
    page.get_by_role("link", name="江映雪").click()
    page.get_by_label("延长分钟数").fill("15")
    page.locator("form", has_text="延长分钟数").get_by_label("原因").fill("视力障碍")
    page.get_by_role("button", name="延长时间").click()
    expect(page.get_by_text("另延长15分钟", exact=False)).to_be_visible()
    axe(page)
    shot(page, "exam-candidate")
    page.goto("/exams/")
    axe(page)
    shot(page, "exam-list")


def change_the_grid(page: Page) -> None:
    """Totals follow the typing, a cell that lacks questions says so; at the end the paper is worth 100 again."""
    total = page.locator("[data-total]")
    cell = page.locator("[name='count-single-1']")
    before = total.inner_text()
    cell.fill("150")
    expect(cell.locator("xpath=../span")).to_contain_text("缺")
    expect(total).not_to_have_text(before)
    cell.fill("")
    expect(total).to_have_text(before)
    expect(cell.locator("xpath=../span")).not_to_contain_text("缺")
