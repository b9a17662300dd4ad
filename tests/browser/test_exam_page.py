"""The page on which an exam is sat: how it looks on every screen, by keyboard, without script, and its merge rule."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live, Watch
from tests.browser.sitting import QUESTIONS, answer, choose, expect_saved, go_to, open_exam, sign_in
from tests.papers import totals

SCREENS: dict[str, tuple[str, dict[str, Any], str]] = {
    "320": ("phone", {"viewport": {"width": 320, "height": 640}}, "standard"),
    "320-xlarge": ("phone", {"viewport": {"width": 320, "height": 640}}, "xlarge"),
    "360-dark": ("narrow", {"color_scheme": "dark"}, "standard"),
    "390-large": ("phone", {}, "large"),
    "1280": ("desktop", {}, "standard"),
    "1280-dark-xlarge": ("desktop", {"color_scheme": "dark"}, "xlarge"),
}


def test_every_screen_is_clean(
    live: Live,
    phone: BrowserContext,
    browse: Callable[..., BrowserContext],
    watch: Watch,
    shot: Callable[..., None],
    axe: Callable[[Page], None],
) -> None:
    watch.expected.append("status of 409")
    sitting = open_exam(live)
    first = sitting.begin(phone.new_page())
    answer(first, "ABABA")
    first.locator(".ask:not([hidden]) .flag").click()
    expect_saved(first)
    signed_in = phone.storage_state()
    for name, (kind, options, size) in SCREENS.items():
        page = browse(kind, storage_state=signed_in, reduced_motion="reduce", **options).new_page()
        page.goto(first.url.split("#")[0] + "#q3")
        page.evaluate("size => document.documentElement.dataset.size = size", size)
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_role("button", name="在此继续", exact=True).click()
        expect_saved(page)
        shot(page, f"exam-{name}", full=False)
        if size == "standard":
            axe(page)
        page.evaluate("page.openSheet('answer-card')")
        if size != "standard":
            axe(page)
        shot(page, f"card-{name}", full=False)
        page.close()


def test_keyboard_alone_and_focus_returns(live: Live, desktop: BrowserContext) -> None:
    sitting = open_exam(live, blueprint=totals(multiple=QUESTIONS))
    page = sitting.begin(desktop.new_page())
    for key in ("b", "d", "ArrowRight", "1", "c", "ArrowRight", "ArrowLeft", "3"):
        page.keyboard.press(key)
    expect_saved(page)
    assert sitting.sheet() == "BD.A........"
    opener = page.locator("aside .scripted")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="答题卡")).to_be_visible()
    page.keyboard.press("a")  # chooses nothing behind a dialog
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    go_to(page, QUESTIONS)
    expect(page.locator("#next")).to_have_text("检查并交卷")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog", name="答题卡")).to_be_visible()
    page.locator("dialog [data-cell='2']").click()
    expect(page.locator("#q2")).to_be_focused()
    assert sitting.sheet() == "BD.A........"


def test_doubts_are_shown_and_come_back(live: Live, phone: BrowserContext) -> None:
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    answer(page, "AB")
    page.locator(".ask:not([hidden]) .flag").click()
    expect_saved(page)
    page.evaluate("indexedDB.deleteDatabase('exam')")  # another day, another browser: the server knows them
    page.reload()
    expect_saved(page)
    page.locator("a[data-open=answer-card]").click()
    expect(page.get_by_role("dialog").get_by_label("第2题，已答，待检查")).to_be_visible()
    expect(page.locator("#left-open")).to_have_text(
        "还有8题未答（第3至10题）。待检查1题（第2题）。交卷后不能修改。"
    )


def test_last_minutes_are_said_once_and_more_time_opens_the_paper_again(
    live: Live, phone: BrowserContext, axe: Callable[[Page], None], shot: Callable[..., None]
) -> None:
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    sitting.time_is_up(within=62, grace=60)
    answer(page, "A")
    expect_saved(page)
    expect(page.locator("[data-clock]")).to_have_class("clock late")
    expect(page.locator("#announce")).to_have_text("距离考试结束还有1分钟", timeout=8000)
    sitting.time_is_up(within=1, grace=60)
    choose(page, "B")
    expect(page.get_by_role("heading", name="时间到，已自动交卷")).to_be_visible()
    expect(page.locator("#ended-lines")).to_contain_text("已答1题，共10题")
    axe(page)
    shot(page, "exam-time-is-up", full=False)
    sitting.time_is_up(within=600, grace=60)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#q1")).to_be_visible()


def test_without_script_it_is_one_form(live: Live, browse: Callable[..., BrowserContext]) -> None:
    sitting = open_exam(live)
    page = browse("phone", java_script_enabled=False).new_page()
    sign_in(page, "jiang")
    page.goto(f"/my-exams/{sitting.exam}")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="开始答题").click()
    expect(page.locator(".ask")).to_have_count(QUESTIONS)
    expect(page.locator(".ask").last).to_be_visible()
    page.locator("#q1 .option").first.click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert sitting.sheet() == "A........."
    page.locator("#q2 .option").nth(1).click()
    page.locator(".dock").get_by_role("button", name="检查并交卷").click()
    expect(page.get_by_text("还有8题未答")).to_be_visible()
    page.get_by_role("button", name="交卷", exact=True).click()
    assert (sitting.attempt()["state"], sitting.sheet()) == ("submitted", "A.B........")


@pytest.mark.parametrize("mine", [True, False])
def test_scripts_that_do_not_load_leave_the_form(
    live: Live, phone: BrowserContext, watch: Watch, mine: bool
) -> None:
    watch.expected.append("ERR_FAILED")
    phone.route("**/exam/saving.js" if mine else "**/exam/paper.js*", lambda route: route.abort())
    sitting = open_exam(live)
    page = phone.new_page()
    sign_in(page, "jiang")
    page.goto(f"/my-exams/{sitting.exam}")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="开始答题").click()
    page.locator("#q2 .option").first.click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert sitting.sheet() == ".A........"


def test_without_dialogs_the_questions_are_sections(
    live: Live, phone: BrowserContext, browse: Callable[..., BrowserContext], watch: Watch
) -> None:
    """Safari before 15.4 knows no showModal."""
    watch.expected.append("status of 409")
    sitting = open_exam(live)
    first = sitting.begin(phone.new_page())
    old = browse("phone", storage_state=phone.storage_state())
    old.add_init_script("delete HTMLDialogElement.prototype.showModal; delete window.BroadcastChannel;")
    page = old.new_page()
    page.goto(first.url.split("#")[0])
    expect(page.get_by_role("heading", name="登录已过期")).to_be_hidden()
    page.get_by_role("button", name="在此继续", exact=True).click()
    expect_saved(page)
    expect(page.get_by_role("heading", name="已在另一页面作答，在此继续？")).to_be_hidden()
    choose(page, "A")
    expect_saved(page)
    page.locator("dialog [data-cell='2']").click()
    expect(page.locator("#q2")).to_be_visible()
    page.locator("#hand-in").click()
    page.wait_for_url("**/receipt")
    assert sitting.sheet() == "A........."


MERGED = [  # base, log, server, saved_as → sheet, numbers that became the server's
    (".", "A.", ".", [1, 5], "A.", []),  # nobody wrote since
    (".", "A.", "B.C", [1, 4], "A.", []),  # the server lost something: the log is newer
    (".", "A.", ".C", [2, 1], "A.C", [2]),  # each changed another slot
    (".", "A.", "B.", [2, 1], "B.", [1]),  # both changed one: the server
    ("A.B", ".B", "A.B", [2, 1], ".B", []),  # taken back in the log
    ("A.B", "A.B", "C.D", [1, 6], "C.D", [1, 2]),
]


def test_merge_takes_slot_by_slot_what_changed(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/sign-in")
    merged = page.evaluate(
        """async (rows) => {
          const { merge } = await import("/static/js/exam/sheet.js");
          return rows.map(([base, sheet, stored, saved_as]) => {
            const found = merge({ base, sheet, epoch: 1, revision: 5 }, { sheet: stored, saved_as });
            return [found.sheet, found.theirs];
          });
        }""",
        MERGED,
    )
    assert merged == [[sheet, theirs] for *_, sheet, theirs in MERGED]
