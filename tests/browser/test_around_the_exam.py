"""What stands before and after the paper: my exams, the rules, the receipt, the result, without script too."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.sitting import answer, expect_saved, open_exam, sign_in

Shot = Callable[..., None]
Axe = Callable[[Page], None]


def test_from_my_exams_to_the_result(live: Live, screen: BrowserContext, shot: Shot, axe: Axe) -> None:
    sitting = open_exam(
        live, purpose="annual", show_right="at_once", show_key="at_once", show_explanation="at_once"
    )
    page = screen.new_page()
    sign_in(page, "jiang")
    page.goto("/my-exams/")
    shot(page, "my-exams")
    axe(page)
    page.get_by_role("link", name="查看考试").click()
    shot(page, "rules")
    axe(page)
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="开始答题").click()
    expect_saved(page)
    answer(page, "ABABA")
    expect_saved(page)
    page.goto("/my-exams/")
    expect(page.get_by_role("link", name="继续答题")).to_be_visible()
    sitting.time_is_up(within=-200, grace=1)
    page.get_by_role("link", name="继续答题").click()
    page.get_by_role("button", name="查看交卷回执").click()
    expect(page.get_by_text("截图或抄下这8位即可备查")).to_be_visible()
    shot(page, "receipt")
    axe(page)
    page.get_by_role("link", name="查看成绩和解析").click()
    expect(page.get_by_text("正确答案").first).to_be_visible()
    axe(page)
    shot(page, "result", full=False)
    page.locator("#q2").scroll_into_view_if_needed()
    page.locator("#q2 .law").first.scroll_into_view_if_needed()
    shot(page, "result-article", full=False)
    assert sitting.attempt()["state"] == "expired"


def test_the_way_without_script(live: Live, browse: Callable[..., BrowserContext], shot: Shot) -> None:
    sitting = open_exam(live)
    page = browse("phone", java_script_enabled=False).new_page()
    sign_in(page, "jiang")
    page.goto(f"/my-exams/{sitting.exam}")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="开始答题").click()
    page.locator("#q1 .option").first.click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert sitting.sheet() == "A........."
    page.locator("#q2 .option").nth(1).click()
    page.get_by_role("button", name="检查并交卷").first.click()
    expect(page.get_by_text("还有8题未答")).to_be_visible()
    shot(page, "check")
    page.get_by_role("button", name="交卷", exact=True).click()
    expect(page.get_by_text("截图或抄下这8位即可备查")).to_be_visible()
    assert sitting.attempt()["state"] == "submitted"
    assert sitting.sheet() == "A.B........"
