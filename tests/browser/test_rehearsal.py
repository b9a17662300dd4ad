"""考前演练 in a real browser: from the rules to 演练完成 on the page and protocol of the exam itself."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from quizapp.attempts.rehearsal import questions
from tests.browser.conftest import Live
from tests.browser.sitting import choose, expect_saved, go_to, open_exam, sign_in


def test_a_candidate_rehearses_the_exam_screen(
    live: Live, screen: BrowserContext, shot: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sitting = open_exam(live)
    page = screen.new_page()
    sign_in(page, "jiang")
    page.goto(f"/my-exams/{sitting.exam}")
    page.get_by_role("button", name="开始演练").click()
    expect(page.get_by_text("这是考前演练")).to_be_visible()
    shot(page, "rehearsal", full=False)
    axe(page)
    for number, told in enumerate(questions(), start=1):
        go_to(page, number)
        for letter in told.key:
            choose(page, letter)
    expect_saved(page)
    page.get_by_role("button", name="检查并交卷").first.click()
    page.locator("#hand-in").click()
    expect(page.get_by_role("heading", name="演练完成").first).to_be_visible()
    expect(page.get_by_text("按提示作答10题")).to_be_visible()
    shot(page, "rehearsed")
    axe(page)
    page.get_by_role("link", name="返回考试").first.click()
    expect(page.get_by_text("共1次，已用0次")).to_be_visible()
