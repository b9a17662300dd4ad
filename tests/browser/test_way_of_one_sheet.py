"""江 runs out of time in an outage: 何 asks to have her sheet opened again, 周 approves, and she goes on answering;
then it is voided."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from quizapp.db import db
from tests.browser.conftest import Live, Watch
from tests.browser.sitting import choose, expect_saved, go_to, open_exam, sign_in, sit_until_time_is_up

Shot = Callable[..., None]
Axe = Callable[[Page], None]


def test_the_way_of_one_sheet(
    live: Live,
    screen: BrowserContext,
    browse: Callable[..., BrowserContext],
    shot: Shot,
    axe: Axe,
    watch: Watch,
) -> None:
    watch.expected.append("status of 409")  # asked whether the new page takes over
    sitting = open_exam(live)
    hers = browse("narrow").new_page()
    sit_until_time_is_up(sitting, hers)
    page, other = screen.new_page(), browse("desktop").new_page()
    sign_in(page, "he")
    sign_in(other, "zhou")
    candidate = live.run(candidate_of_jiang)
    page.goto(f"/exams/{sitting.exam}/candidates/{candidate}")
    shot(page, "sheets-of-a-candidate")
    page.get_by_role("link", name="第1次考试").click()
    axe(page)
    page.get_by_role("link", name="补时重开").click()
    page.get_by_label("补时（分钟）").fill("20")
    page.get_by_label("理由").fill("机房停电")
    expect(page.get_by_role("table", name="办理以后")).to_be_visible()
    shot(page, "sheet-asking")
    axe(page)
    page.get_by_role("button", name="提请批准").click()
    expect(page.get_by_text("须由另一名考务管理员批准")).to_be_visible()
    approved(other, shot, axe)
    hers.goto(f"/my-exams/{sitting.exam}")
    expect(hers.get_by_text("补时20分钟，可以继续作答")).to_be_visible()
    shot(hers, "sheet-reopened-told")
    axe(hers)
    hers.get_by_role("link", name="继续答题").click()
    hers.locator("#take-over").click()  # her page was over with the time: this one is new, and says so
    go_to(hers, 3)
    choose(hers, "A")
    expect_saved(hers)
    sitting.time_is_up(within=-200, grace=1)
    void(page)
    approved(other, shot, axe)
    hers.goto(f"/my-exams/{sitting.exam}")
    expect(hers.get_by_text("作废，不计成绩。理由：由他人代答。")).to_be_visible()
    shot(hers, "sheet-voided-told")
    axe(hers)
    page.reload()
    expect(page.get_by_text("恢复答卷")).to_be_visible()
    expect(page.get_by_text("周明").first).to_be_visible()
    shot(page, "sheet-history")
    axe(page)


def candidate_of_jiang() -> Any:
    from quizapp.attempts.models import Attempt

    return db.session.query(Attempt.candidate_id).scalar()


def void(page: Page) -> None:
    page.reload()
    page.get_by_role("link", name="作废答卷").click()
    page.get_by_label("理由").fill("由他人代答。")
    page.get_by_label("证明材料").fill("监考记录第3号")
    page.get_by_role("button", name="提请批准").click()
    expect(page.get_by_text("须由另一名考务管理员批准")).to_be_visible()


def approved(page: Page, shot: Shot, axe: Axe) -> None:
    """What waits is found from 考试管理."""
    page.goto("/exams/")
    page.get_by_role("link", name="查看答卷").click()
    shot(page, "sheet-to-approve")
    axe(page)
    page.locator("summary", has_text="批准").first.click()
    page.locator("details[open]").get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_text("已批准并办理")).to_be_visible()
