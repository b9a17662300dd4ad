"""Writing a question: the preview follows the typing, and words of the law become a citation."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live, Watch
from tests.browser.sitting import sign_in
from tests.browser.ways import settle

WRITE = "/banks/xinfang-gongzuo-tiaoli/new-question"


def test_the_preview_follows_what_is_typed_and_quotes_the_law(
    live: Live, screen: BrowserContext, watch: Watch
) -> None:
    watch.expected.append("ERR_INTERNET_DISCONNECTED")
    settle(live)
    page = screen.new_page()
    sign_in(page, "he")
    reply = page.goto(WRITE)
    assert reply
    assert reply.status == 200
    beside = page.get_by_role("region", name="预览")
    expect(beside.get_by_text("填写后在这里显示")).to_be_visible()
    page.get_by_label("题干").fill("由所涉及的机关、单位（　　）。")
    expect(beside.get_by_text("没有答案。").first).to_be_visible()
    page.get_by_label("选项A").fill("<b>协商</b>受理")
    expect(beside.get_by_text("<b>协商</b>受理")).to_be_visible()
    page.get_by_label("对照条文").select_option("24")
    beside.get_by_role("button", name="引为依据，第二十四条第二款").click()
    page_says = page.get_by_label("依据", exact=True)
    expect(page_says).to_have_value("第二十四条第二款 “" + second_paragraph(page) + "”")
    expect(beside.locator(".phone .law mark")).to_have_text(second_paragraph(page))
    page.context.set_offline(True)
    page.get_by_label("题干").fill("断网时写的（　　）。")
    expect(page.get_by_text("预览暂时不能更新，已填写的内容不受影响。")).to_be_visible()


def second_paragraph(page: Page) -> str:
    return page.locator("[data-provision=第二十四条第二款] [data-words]").inner_text()


def test_without_script_a_half_written_question_is_previewed_by_button(
    live: Live, browse: Callable[..., BrowserContext]
) -> None:
    settle(live)
    page = browse("desktop", java_script_enabled=False).new_page()
    sign_in(page, "he")
    page.goto(WRITE)
    page.get_by_label("题干").fill("由所涉及的机关、单位（　　）。")
    page.get_by_label("对照条文").select_option("24")
    page.get_by_role("button", name="查看条文").click()
    page.wait_for_url("**/new-question/preview#preview")
    expect(page.locator("#article-text")).to_contain_text("由所涉及的机关、单位协商受理")
    expect(page.get_by_role("button", name="引为依据")).to_have_count(0)
    expect(page.get_by_label("题干")).to_have_value("由所涉及的机关、单位（　　）。")
    page.get_by_label("选项A").fill("协商受理")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".phone")).to_contain_text("协商受理")


def test_all_of_a_page_are_chosen_with_one_press(live: Live, screen: BrowserContext) -> None:
    settle(live)
    page = screen.new_page()
    sign_in(page, "he")
    page.goto("/banks/xinfang-gongzuo-tiaoli?article=24&status=published")
    picks = page.locator("[name=pick]")
    page.get_by_label("范围").select_option("all" if page.locator("option[value=all]").count() else "page")
    page.get_by_label("本页全选").check()
    expect(page.get_by_text(f"已选{picks.count()}题")).to_be_visible()
    expect(page.get_by_label("范围")).to_have_value("picked")
    picks.first.uncheck()
    expect(page.get_by_text(f"已选{picks.count() - 1}题")).to_be_visible()
    page.get_by_label("操作", exact=True).select_option("tag")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text(f"加标签{page.url.count('pick=')}题？")).to_be_visible()
