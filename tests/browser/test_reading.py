"""Reading on a phone and a desktop: the contents at hand, links to a provision, and reading aloud.

Chromium here has no voice: the test puts one in its place that says what it is told and waits.
"""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live
from tests.browser.sitting import sign_in
from tests.browser.ways import LAW, settle

VOICE = """
  const voices = VOICES;
  window.said = [];
  class Utterance { constructor(text) { this.text = text; } }
  const speech = {
    getVoices: () => voices, addEventListener() {},
    speak(utterance) { window.said.push(utterance); },
    cancel() { window.cancelled = (window.cancelled || 0) + 1; },
  };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = Utterance;
  window.spoken = () => window.said[window.said.length - 1];
"""


def opened(live: Live, context: BrowserContext, address: str, voices: str = "[{ lang: 'zh-CN' }]") -> Page:
    settle(live)
    page = context.new_page()
    page.add_init_script(VOICE.replace("VOICES", voices))
    sign_in(page, "jiang")
    page.goto(f"/regulations/{LAW}/{address}")
    return page


def spoken(page: Page) -> dict[str, object]:
    return page.evaluate("({ text: spoken().text, rate: spoken().rate, lang: spoken().lang })")


def test_a_chinese_voice_reads_sentence_by_sentence(live: Live, narrow: BrowserContext) -> None:
    page = opened(live, narrow, "35")
    page.get_by_role("button", name="朗读").click()
    assert spoken(page) == {"text": "第三十五条", "rate": 1, "lang": "zh-CN"}
    page.evaluate("spoken().onend()")
    first = "信访人对信访处理意见不服的，可以自收到书面答复之日起30日内请求原办理机关、单位的上一级机关、单位复查。"
    assert spoken(page)["text"] == first
    assert "".join(page.locator(".saying").all_inner_texts()) == first
    page.get_by_role("button", name="下一句").click()
    expect(page.locator(".saying")).to_have_text(re.compile("^收到复查请求"))
    expect(page.locator(".saying")).to_be_in_viewport()
    page.get_by_role("button", name="上一句").click()
    assert spoken(page)["text"] == first


def test_it_pauses_goes_on_stops_and_begins_where_one_presses(live: Live, desktop: BrowserContext) -> None:
    page = opened(live, desktop, "35")
    page.get_by_role("button", name="朗读").click()
    page.evaluate("window.late = spoken()")
    page.get_by_role("button", name="暂停").click()
    page.evaluate("late.onend()")  # what was cancelled may still report its end
    assert page.evaluate("said.length") == 1
    page.get_by_role("button", name="继续").click()
    assert page.evaluate("said.length") == 2
    page.locator("[data-sentence]").last.click()
    last = spoken(page)["text"]
    assert str(last).startswith("收到复查请求")
    page.evaluate("spoken().onend()")
    expect(page.locator(".saying")).to_have_count(0)
    expect(page.get_by_role("button", name="停止朗读")).to_be_hidden()


def test_the_speed_is_kept_on_the_device(live: Live, desktop: BrowserContext) -> None:
    page = opened(live, desktop, "35")
    page.get_by_label("语速").select_option("较快")
    page.goto(f"/regulations/{LAW}/36")
    page.get_by_role("button", name="朗读").click()
    assert spoken(page)["rate"] == 1.25


def test_reading_begins_at_the_provision_that_is_pointed_out(live: Live, desktop: BrowserContext) -> None:
    page = opened(live, desktop, "36.2")
    page.get_by_role("button", name="朗读").click()
    assert str(spoken(page)["text"]).startswith("复核机关、单位可以按照本条例第三十一条第六项的规定举行听证")


@pytest.mark.parametrize("voices", ["[]", "[{ lang: 'en-US' }]"])
def test_without_a_chinese_voice_nothing_is_offered(live: Live, desktop: BrowserContext, voices: str) -> None:
    page = opened(live, desktop, "35", voices)
    expect(page.get_by_role("heading", name="第三十五条")).to_be_visible()
    expect(page.get_by_role("button", name="朗读")).to_be_hidden()


def test_the_contents_are_a_sheet_on_phones_and_stand_beside_on_desktops(
    live: Live, narrow: BrowserContext
) -> None:
    page = opened(live, narrow, "31")
    aside = page.locator("[data-contents]")
    expect(aside).to_be_hidden()
    page.get_by_role("link", name="目录", exact=True).click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("link", name="第三十一条")).to_have_attribute("aria-current", "page")
    sheet.get_by_role("link", name="第四十五条").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("第四十五条")
    page.set_viewport_size({"width": 1280, "height": 860})
    expect(aside).to_be_visible()
    expect(page.get_by_role("link", name="目录", exact=True)).to_be_hidden()


def test_a_provision_is_opened_pointed_out_and_its_link_copied(live: Live, desktop: BrowserContext) -> None:
    desktop.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(live, desktop, "31")
    page.get_by_role("link", name="第三十一条第六项", exact=True).click()
    pointed = page.locator(".at")
    expect(pointed).to_be_in_viewport()
    expect(pointed).to_have_attribute("id", "31.1.6")
    page.get_by_role("button", name="复制链接").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{live.url}/regulations/{LAW}/31.1.6"
