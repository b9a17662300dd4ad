"""What may be lost in an exam, and is not: every letter that the page called 已保存 is in the database, and once the
trouble ends the page comes back to 已保存 (protocol L2)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import BrowserContext, Page, Request, expect

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import Handset, Live, Watch
from tests.browser.sitting import answer, choose, expect_saved, go_to, open_exam, sign_in
from tests.cast import PASSWORD, PEOPLE
from tests.databases import SECRET_KEY
from tests.faults.link import BadLine

OFFLINE = "ERR_INTERNET_DISCONNECTED"
REFUSED = "ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET"


def test_h1_half_an_hour_without_network(
    live: Live, phone: BrowserContext, watch: Watch, shot: Callable[..., None]
) -> None:
    watch.expected.append(OFFLINE)
    sitting = open_exam(live)
    page = phone.new_page()
    page.clock.install()
    sitting.begin(page)
    phone.set_offline(True)
    sheet = ""
    for number, letter in enumerate("ABABABABAB", 1):
        go_to(page, number)
        choose(page, letter)
        sheet += ("." if sheet else "") + letter
        page.clock.fast_forward(180_000)
    expect(page.locator("[data-save-text]")).to_have_text("网络中断，答案已存本机")
    shot(page, "exam-offline", full=False)
    assert sitting.sheet() == "........."
    phone.set_offline(False)
    expect_saved(page)
    assert sitting.sheet() == sheet
    assert page.locator("[data-clock-text]").inner_text() > "40:00"  # the server's time, not the page's


def test_h18_reload_at_any_moment_and_back(live: Live, phone: BrowserContext) -> None:
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    sheet = answer(page, "BAB")
    page.reload()  # at once: nothing has been sent yet, or it is on its way
    expect_saved(page)
    assert sitting.sheet() == sheet
    assert page.locator("[data-progress-number]").inner_text() == "3"
    assert page.locator(".ask:not([hidden]) input:checked").get_attribute("value") == "B"
    choose(page, "A")
    page.goto("/my-exams/")
    page.go_back()
    expect_saved(page)
    assert sitting.sheet() == "B.A.A......."
    assert page.locator(".ask:not([hidden]) input:checked").get_attribute("value") == "A"


def test_h18_browser_killed_while_offline(live: Live, handset: Handset, watch: Watch) -> None:
    watch.expected.append(OFFLINE)
    sitting = open_exam(live)
    page = sitting.begin(handset.page)
    paper = page.url
    answer(page, "AB")
    expect_saved(page)
    assert handset.context
    handset.context.set_offline(True)
    sheet = answer(page, "ABAA")
    expect(page.locator("[data-save-text]")).to_have_text("网络中断，答案已存本机")
    handset.kill()
    page = handset.start()
    sign_in(page, "jiang")
    page.goto(paper.split("#")[0])
    expect_saved(page)
    assert sitting.sheet() == sheet
    assert page.locator("[data-progress-number]").inner_text() == "4"


def test_h8_server_killed_and_started_again(live: Live, phone: BrowserContext, watch: Watch) -> None:
    watch.expected.append(REFUSED)
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    answer(page, "AB")
    expect_saved(page)
    live.kill()
    sheet = answer(page, "ABBA")
    expect(page.locator("[data-save-text]")).to_have_text("网络中断，答案已存本机")
    live.start()
    expect_saved(page, seconds=30)
    assert sitting.sheet() == sheet


def test_h4_second_phone_takes_over(
    live: Live,
    phone: BrowserContext,
    browse: Callable[..., BrowserContext],
    watch: Watch,
    shot: Callable[..., None],
) -> None:
    watch.expected.append("status of 409")
    sitting = open_exam(live)
    old = sitting.begin(phone.new_page())
    answer(old, "AB")
    expect_saved(old)
    new = browse("phone").new_page()
    sign_in(new, "jiang")
    new.goto(old.url.split("#")[0])
    question = new.get_by_role("dialog", name="已在另一页面作答，在此继续？")
    expect(question).to_be_visible()
    new.keyboard.press("Escape")
    new.mouse.click(5, 5)
    expect(question).to_be_visible()
    new.get_by_role("button", name="在此继续", exact=True).click()
    expect_saved(new)
    sheet = answer(new, "ABB")
    expect_saved(new)
    go_to(old, 3)
    choose(old, "A")
    expect(old.get_by_role("heading", name="已在另一页面作答，本页已停止")).to_be_visible()
    expect(old.get_by_text("第3题：A", exact=True)).to_be_visible()
    shot(old, "exam-superseded", full=False)
    assert sitting.attempt()["held"] == ["A.B.A......."]
    assert sitting.sheet() == sheet


def test_h4_second_tab_of_one_browser_asks_too(live: Live, phone: BrowserContext, watch: Watch) -> None:
    watch.expected.append("status of 409")
    sitting = open_exam(live)
    first = sitting.begin(phone.new_page())
    second = phone.new_page()
    second.goto(first.url.split("#")[0])
    expect(second.get_by_role("dialog", name="已在另一页面作答，在此继续？")).to_be_visible()
    second.get_by_role("button", name="在此继续", exact=True).click()
    expect_saved(second)
    choose(second, "B")
    expect_saved(second)
    choose(first, "A")
    expect(first.get_by_role("heading", name="已在另一页面作答，本页已停止")).to_be_visible()
    second.reload()
    expect_saved(second)
    assert sitting.sheet() == "B........."


def test_an_opening_that_arrives_twice_stops_nobody(live: Live, phone: BrowserContext, watch: Watch) -> None:
    """The network delivers the page's own opening again, later: another epoch begins, and nobody else is there."""
    watch.expected.append("status of 409")
    sitting = open_exam(live)
    page = phone.new_page()
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.url.endswith("/open") else None)
    sitting.begin(page)
    answer(page, "AB")
    expect_saved(page)
    page.reload()
    expect_saved(page)
    twin = sent[-1]
    before = sitting.attempt()["epoch"]
    reply = phone.request.post(twin.url, data=twin.post_data, headers=twin.headers)
    assert (reply.json()["code"], sitting.attempt()["epoch"]) == ("opened", before + 1)
    sheet = answer(page, "ABB")
    expect_saved(page)
    assert sitting.sheet() == sheet


def test_h4_both_phones_online_and_no_letter_of_either_is_lost(
    live: Live, phone: BrowserContext, browse: Callable[..., BrowserContext], watch: Watch
) -> None:
    """The second takes over, both go on answering, the first takes it back: each keeps what the other had saved."""
    watch.expected.append("status of 409")
    sitting = open_exam(live)
    first = sitting.begin(phone.new_page())
    answer(first, "AB")
    expect_saved(first)
    second = browse("phone").new_page()
    sign_in(second, "jiang")
    second.goto(first.url.split("#")[0])
    second.get_by_role("button", name="在此继续", exact=True).click()
    expect_saved(second)
    go_to(second, 3)
    go_to(first, 4)
    choose(second, "A")
    choose(first, "B")
    expect_saved(second)
    expect(first.get_by_text("第4题：B", exact=True)).to_be_visible()
    assert sitting.attempt()["held"] == ["A.B..B......"]
    first.get_by_role("button", name="在此页继续").click()
    first.get_by_role("button", name="在此继续", exact=True).click()
    expect_saved(first)
    choose(second, "B")
    expect(second.get_by_role("heading", name="已在另一页面作答，本页已停止")).to_be_visible()
    assert sitting.sheet() == "A.B.A.B......"


def test_h15_session_ends_in_the_exam(
    live: Live, phone: BrowserContext, watch: Watch, shot: Callable[..., None]
) -> None:
    watch.expected.append("status of 401|status of 422")
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    sheet = answer(page, "ABA")
    expect_saved(page)
    live.run(_end_all_sessions)
    choose(page, "B")
    dialog = page.get_by_role("dialog", name="登录已过期，答案已保留，请重新登录")
    expect(dialog).to_be_visible()
    dialog.locator("[name=login]").fill(PEOPLE["jiang"][0])
    dialog.locator("[name=password]").fill("falsch-2026")
    dialog.get_by_role("button", name="登录").click()
    expect(page.locator("#sign-in-problem")).not_to_be_empty()
    shot(page, "exam-sign-in", full=False)
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="登录").click()
    expect_saved(page)
    assert page.locator("[data-progress-number]").inner_text() == "3"
    assert sitting.sheet() == sheet.replace("A.B.A", "A.B.B")


def _end_all_sessions() -> None:
    from sqlalchemy import update

    from quizapp.people.models import LoginSession

    db.session.execute(update(LoginSession).values(ended_at=clock.now()))


def test_h16_stale_token_is_replaced(live: Live, phone: BrowserContext, watch: Watch) -> None:
    watch.expected.append("status of 403")
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    page.evaluate("document.querySelector('meta[name=csrf-token]').content = 'stale'")
    sheet = answer(page, "A")
    expect_saved(page)
    assert sitting.sheet() == sheet


def test_h16_a_token_from_an_hour_ago_still_saves(live: Live, phone: BrowserContext) -> None:
    """Minute 61: the page has the token with which it was loaded. A refusal would stand in the console."""
    sitting = open_exam(live, minutes=90)
    page = sitting.begin(phone.new_page())
    signer = URLSafeTimedSerializer(SECRET_KEY, salt="wtf-csrf-token")
    token = signer.loads(page.locator("meta[name=csrf-token]").get_attribute("content") or "")
    with time_machine.travel(clock.now() - timedelta(minutes=61)):
        old = signer.dumps(token)
    page.evaluate("old => { document.querySelector('meta[name=csrf-token]').content = old }", old)
    sheet = answer(page, "A")
    expect_saved(page)
    assert sitting.sheet() == sheet


def test_h17_the_phone_changes_its_address(live: Live, browse: Callable[..., BrowserContext]) -> None:
    """As from the office's network to the mobile one: the server sees another address, nobody signs in again."""
    sitting = open_exam(live)
    with BadLine((live.host, live.port), seed=0, weather={"passed": 1}) as line:
        host, port = line.address
        page = sitting.begin(browse("phone", base_url=f"http://{host}:{port}").new_page())
        answer(page, "A")
        expect_saved(page)
        line.change_address("127.0.0.2")
        sheet = answer(page, "AB")
        expect_saved(page)
        page.reload()
        expect_saved(page)
        page.close()
    assert sitting.sheet() == sheet


@pytest.mark.parametrize("days", [-1, 1])
def test_h6_device_clock_a_day_off(live: Live, phone: BrowserContext, days: int) -> None:
    phone.add_init_script(
        f"const now = Date.now; Date.now = () => now() + {days} * 86400000;"
        f"const D = Date; Date = class extends D {{ constructor(...a) {{ super(...(a.length ? a : [Date.now()])) }} }};"
    )
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    assert "44:00" < page.locator("[data-clock-text]").inner_text() <= "45:00"
    sheet = answer(page, "A")
    expect_saved(page)
    assert sitting.sheet() == sheet


def test_h18_storage_cleared_while_offline(live: Live, phone: BrowserContext, watch: Watch) -> None:
    """As a cleaning program does, or a full device: the page still has its letters, and keeps them elsewhere."""
    watch.expected.append(OFFLINE)
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    answer(page, "AB")
    expect_saved(page)
    phone.set_offline(True)
    answer(page, "ABB")
    kinds = "indexeddb,local_storage,cache_storage,service_workers"
    devices = phone.new_cdp_session(page)
    devices.send("Storage.clearDataForOrigin", {"origin": live.url, "storageTypes": kinds})
    sheet = answer(page, "A", first=4).replace("...A", "A.B.B.A")
    expect(page.locator("[data-save-text]")).to_have_text("网络中断，答案已存本机")
    phone.set_offline(False)
    expect_saved(page)
    page.reload()
    expect_saved(page)
    assert sitting.sheet() == sheet


def test_h19_storage_blocked(live: Live, phone: BrowserContext, shot: Callable[..., None]) -> None:
    phone.add_init_script(
        "for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])"
        "Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } });"
    )
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    expect(page.get_by_text("本浏览器不能留存答案")).to_be_visible()
    sheet = answer(page, "AB")
    expect_saved(page)
    shot(page, "exam-no-storage", full=False)
    page.reload()
    expect_saved(page)
    assert sitting.sheet() == sheet


def test_h2_hand_in_pressed_twice_and_its_reply_lost(live: Live, phone: BrowserContext, watch: Watch) -> None:
    watch.expected.append("ERR_FAILED")
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    lost: list[str] = []

    def lose_the_first_reply(route: object) -> None:
        reply = route.fetch()  # type: ignore[attr-defined]
        lost.append(reply.json()["receipt"])
        if len(lost) == 1:
            route.abort()  # type: ignore[attr-defined]
        else:
            route.fulfill(response=reply)  # type: ignore[attr-defined]

    page.route("**/hand-in", lose_the_first_reply)
    sheet = answer(page, "ABAB")  # nothing of it needs to have been saved
    page.locator("a[data-open=answer-card]").click()
    expect(page.locator("#left-open")).to_have_text("还有6题未答（第5至10题）。交卷后不能修改。")
    page.evaluate("const button = document.getElementById('hand-in'); button.click(); button.click()")
    page.wait_for_url("**/receipt")
    assert lost == [lost[0], lost[0]]
    expect(page.get_by_text(lost[0])).to_be_visible()
    after = sitting.attempt()
    assert (after["state"], after["sheet"]) == ("submitted", sheet)
    assert _logs(page) == 0


def _logs(page: Page) -> int:
    """How many records the device still keeps."""
    return int(
        page.evaluate(
            """() => new Promise((done) => {
              const asked = indexedDB.open("exam", 1);
              asked.onsuccess = () => {
                const count = asked.result.transaction("log").objectStore("log").count();
                count.onsuccess = () => done(count.result);
              };
            })"""
        )
    )


def test_h11_deadline_while_offline_counts_within_the_grace(
    live: Live, phone: BrowserContext, watch: Watch, shot: Callable[..., None]
) -> None:
    watch.expected.append(OFFLINE)
    sitting = open_exam(live)
    page = sitting.begin(phone.new_page())
    sitting.time_is_up(within=6, grace=60)
    answer(page, "A")
    expect_saved(page)
    phone.set_offline(True)
    sheet = answer(page, "AB")
    expect(page.get_by_role("heading", name="时间到，已自动交卷")).to_be_visible(timeout=12_000)
    expect(page.get_by_text("还有1题的答案没有传到服务器")).to_be_visible()
    shot(page, "exam-time-is-up-offline", full=False)
    assert sitting.sheet() == "A........."
    phone.set_offline(False)
    expect(page.get_by_text("答案已全部保存，正在生成交卷回执。")).to_be_visible()
    assert sitting.sheet() == sheet


def test_h11_after_the_grace_the_letters_are_held(live: Live, phone: BrowserContext, watch: Watch) -> None:
    watch.expected.append(f"{OFFLINE}|status of 409")
    sitting = open_exam(live)
    page = phone.new_page()
    page.clock.install()
    sitting.begin(page)
    sitting.time_is_up(within=30, grace=1)
    answer(page, "A")
    expect_saved(page)
    phone.set_offline(True)
    sheet = answer(page, "AB")
    sitting.time_is_up(within=-2, grace=1)  # the server's own time
    page.clock.fast_forward(180_000)  # past the grace, which the page takes to be 120 s
    expect(page.get_by_role("heading", name="时间到，已自动交卷")).to_be_visible()
    phone.set_offline(False)
    page.wait_for_url("**/receipt")
    after = sitting.attempt()
    assert (after["state"], after["sheet"], after["held"]) == ("expired", "A.........", [sheet])
    assert _logs(page) == 0


def test_h11_letters_of_a_closed_browser_are_delivered_by_the_receipt(
    live: Live, handset: Handset, watch: Watch
) -> None:
    """Killed, not closed: the farewell of a page that is closed gets through once nobody pretends to be offline."""
    watch.expected.append(f"{OFFLINE}|status of 409")
    sitting = open_exam(live)
    page = sitting.begin(handset.page)
    answer(page, "A")
    expect_saved(page)
    assert handset.context
    handset.context.set_offline(True)
    sheet = answer(page, "AB")
    expect(page.locator("[data-save-text]")).to_have_text("网络中断，答案已存本机")
    paper = page.url.split("#")[0]
    handset.kill()
    sitting.time_is_up(within=-2, grace=1)
    page = handset.start()
    sign_in(page, "jiang")
    page.goto(paper)
    page.wait_for_url("**/receipt")
    expect(page.get_by_text("另有1份")).to_be_visible()
    after = sitting.attempt()
    assert (after["state"], after["sheet"], after["held"]) == ("expired", "A.........", [sheet])
    assert _logs(page) == 0
