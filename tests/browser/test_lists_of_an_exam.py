"""The pages around the list of an exam, for the trainer: readable by everybody, on a phone and at a desk."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.sitting import open_exam, sign_in


def test_audience_roster_and_voiding(
    live: Live, screen: BrowserContext, shot: Callable[..., None], axe: Callable[[Page], None]
) -> None:
    sitting = open_exam(live)
    page = screen.new_page()
    sign_in(page, "he")
    for address, name in (("list-changes", "名册变动"), ("void", "作废考试")):
        page.goto(f"/exams/{sitting.exam}/{address}")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        shot(page, address)
        axe(page)
    page.goto("/exams/new")
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_role("link", name="考生范围").first.click()
    expect(page.get_by_text("考生是怎样确定的")).to_be_visible()
    shot(page, "audience")
    axe(page)
    page.get_by_role("checkbox", name="选择江映雪").check()
    page.get_by_role("button", name="点名排除").click()
    expect(page.get_by_text("已点名排除1人")).to_be_visible()
