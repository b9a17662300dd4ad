"""成绩复核 from the phone to the desk and back: 江 appeals, 何 answers from what was saved when, 江 reads; and a sheet
that a phone held when the network was away comes to count after two people have said so."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live, Watch
from tests.browser.sitting import QUESTIONS, answer, choose, expect_saved, go_to, open_exam, sign_in

Shot = Callable[..., None]
Axe = Callable[[Page], None]
WIDE = {"width": 1280, "height": 860}
SHOWN = dict.fromkeys(("show_right", "show_key", "show_explanation"), "at_once")


def on_a_phone(page: Page, name: str, shot: Shot, axe: Axe) -> None:
    """The same page where the trainer has no desk."""
    page.set_viewport_size({"width": 320, "height": 740})
    shot(page, name)
    axe(page)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def test_an_appeal_from_the_phone_is_answered_at_the_desk(
    live: Live, narrow: BrowserContext, desktop: BrowserContext, shot: Shot, axe: Axe
) -> None:
    sitting = open_exam(live, purpose="annual", **SHOWN)
    page = sitting.begin(narrow.new_page())
    answer(page, "AB")
    expect_saved(page)
    go_to(page, 1)
    choose(page, "C")
    expect_saved(page)
    go_to(page, QUESTIONS)
    page.locator(".dock").get_by_role("button", name="检查并交卷").click()
    page.get_by_role("button", name="交卷", exact=True).click()
    page.get_by_role("link", name="查看成绩和解析").click()
    expect(page.get_by_role("heading", name="成绩复核")).to_be_visible()
    shot(page, "result", full=False)
    page.locator("#q1").get_by_role("link", name="申请复核").click()
    page.get_by_label("复核的理由").fill("我选的是A，不是C，请核对保存记录。")
    shot(page, "appeal")
    axe(page)
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("待答复")).to_be_visible()
    shot(page, "appeal-sent")
    axe(page)

    desk = desktop.new_page()
    sign_in(desk, "he")
    desk.goto(f"/exams/{sitting.exam}")
    desk.get_by_role("link", name="成绩复核（1）").click()
    shot(desk, "appeals")
    axe(desk)
    on_a_phone(desk, "appeals", shot, axe)
    desk.get_by_role("link", name="江映雪").click()
    expect(desk.get_by_role("cell", name="由A改为C")).to_be_visible()
    expect(desk.get_by_role("cell", name="交卷", exact=True)).to_be_visible()
    shot(desk, "one-appeal")
    shot(desk, "one-appeal-top", full=False)
    axe(desk)
    on_a_phone(desk, "one-appeal", shot, axe)
    desk.get_by_role("radio", name="维持原成绩").check()
    desk.get_by_label("常用答复").select_option("经核对保存记录，交卷时的答案与成绩页面所列一致。")
    desk.get_by_role("textbox", name="答复").fill("第1题先选A，后改为C并已保存。")
    desk.get_by_role("button", name="提交答复").click()
    expect(desk.get_by_text("已答复1份申请")).to_be_visible()
    shot(desk, "one-answered", full=False)
    axe(desk)

    page.get_by_role("link", name="返回考试成绩").first.click()
    page.get_by_role("link", name="复核申请：维持原成绩").click()
    expect(page.get_by_text("第1题先选A，后改为C并已保存。")).to_be_visible()
    shot(page, "answer")
    shot(page, "answer-top", full=False)
    axe(page)


def test_what_a_phone_held_without_network_counts_after_two_have_said_so(
    live: Live,
    narrow: BrowserContext,
    browse: Callable[..., BrowserContext],
    shot: Shot,
    axe: Axe,
    watch: Watch,
) -> None:
    watch.expected += ["ERR_INTERNET_DISCONNECTED", "status of 409"]
    sitting = open_exam(live, purpose="annual", **SHOWN)
    page = sitting.begin(narrow.new_page())
    answer(page, "A")
    expect_saved(page)
    narrow.set_offline(True)
    sheet = "A.B.A......."
    go_to(page, 2)
    choose(page, "B")
    go_to(page, 3)
    choose(page, "A")
    expect(page.locator("[data-save-text]")).to_contain_text("已存本机")
    sitting.time_is_up(within=-200, grace=1)
    narrow.set_offline(False)
    expect(page.get_by_text("交卷回执").first).to_be_visible(timeout=40_000)
    assert sitting.attempt()["held"] == [sheet]

    first, second = browse("desktop").new_page(), browse("desktop").new_page()
    sign_in(first, "he")
    first.goto(f"/exams/{sitting.exam}")
    first.get_by_role("link", name="成绩复核（1）").click()
    shot(first, "held-sheets")
    axe(first)
    first.get_by_role("link", name="江映雪").click()
    shot(first, "one-held")
    axe(first)
    on_a_phone(first, "one-held", shot, axe)
    first.get_by_label("常用理由").first.select_option(index=1)
    first.get_by_role("button", name="提请采用").click()
    expect(first.get_by_text("须由另一名考务管理员批准")).to_be_visible()
    sign_in(second, "zhou")
    second.goto(first.url)
    second.locator("summary", has_text="批准采用").click()
    shot(second, "approving")
    axe(second)
    second.locator(".panel").get_by_role("button", name="批准采用").click()
    expect(second.get_by_text("已采用这份滞留答卷")).to_be_visible()
    assert sitting.sheet() == sheet

    page.goto(f"/attempts/{sitting.attempt()['token']}/receipt")
    expect(page.get_by_text("已经批准采用")).to_be_visible()
    shot(page, "told")
    axe(page)
