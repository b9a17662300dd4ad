"""何 finds a wrong key, sees what giving the question to all would do, 周 approves, and 江 reads what became of it."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from quizapp.attempts import layout as layouts
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import (
    Sitting,
    open_exam,
    sign_in,
    sit_until_time_is_up,
)

Shot = Callable[..., None]
Axe = Callable[[Page], None]


def first_question(sitting: Sitting) -> int:
    """The revision of the question that stands first on 江's paper."""

    def look() -> int:
        from quizapp.attempts.models import Attempt

        return layouts.from_text(db.session.query(Attempt.layout).scalar())[0].revision_id

    return int(sitting.live.run(look))


def test_the_way_of_a_wrong_key(
    live: Live,
    screen: BrowserContext,
    browse: Callable[..., BrowserContext],
    shot: Shot,
    axe: Axe,
) -> None:
    sitting = open_exam(live)
    hers = browse("narrow").new_page()
    sit_until_time_is_up(sitting, hers)
    page = screen.new_page()
    sign_in(page, "he")
    he_asks(page, sitting, shot, axe)
    other = browse("narrow").new_page()
    sign_in(other, "zhou")
    he_approves(other, shot, axe)
    hers.goto(f"/my-exams/{sitting.exam}")
    expect(hers.get_by_text("答案更正")).to_be_visible()
    expect(hers.get_by_text("您的得分由")).to_be_visible()
    shot(hers, "told")
    axe(hers)


def he_asks(page: Page, sitting: Sitting, shot: Shot, axe: Axe) -> None:
    page.goto(f"/exams/{sitting.exam}/corrections/new?question={first_question(sitting)}")
    page.get_by_label("送分，每人得满分").check()
    page.get_by_label("原因").fill("两个选项都对")
    shot(page, "asking")
    axe(page)
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_role("heading", name="谁的成绩变化")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("成绩还没有改动")).to_be_visible()
    expect(page.get_by_role("row", name="江映雪")).to_be_visible()
    shot(page, "rehearsed")
    axe(page)
    page.get_by_role("button", name="提交批准").click()
    expect(page.get_by_role("heading", name="等待批准")).to_be_visible()


def he_approves(page: Page, shot: Shot, axe: Axe) -> None:
    page.goto("/exams/")
    page.get_by_role("link", name="查看更正").click()
    expect(page.get_by_text("两个选项都对")).to_be_visible()
    shot(page, "to-approve")
    axe(page)
    page.locator("summary", has_text="批准").first.click()
    page.locator("details[open]").get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_text("生效，现行判分")).to_be_visible(timeout=60_000)
    shot(page, "in-effect")
    page.get_by_role("link", name="更正记录").click()
    expect(page.get_by_text("现行")).to_be_visible()
    shot(page, "record")
    axe(page)
