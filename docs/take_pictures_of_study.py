"""Takes the pictures of reading and practising in the guides: `python docs/take_pictures_of_study.py`.

Beside `take_pictures.py`, since it changes the regulations of its demonstration county.
"""

from camera import DESK, LAW, PHONE, ROOT, county, press, shot, signed_in
from playwright.sync_api import Browser, Page

WAIT = 90  # looks, two seconds apart, until the job has counted the figures of units
ROOMY = {"viewport": {"width": 1180, "height": 760}}
DRAFT = """青石县信访
工作办法
（2026年10月8日青石县人民政府批准　2026年10月15日青石县人民政府发布　自2027年1月1日起施行）
目　录
第一章　总则…………1
第二章　受理…………2
第一章　总　则
第一条　为了做好信访工作，保障群众合法权益，根据《信访工作条例》，制定本办法。
第二条　本办法适用于下列单位：
（一）县级机关；
（二）乡镇人民政府；
（三）街道办事处。
第二章　受理
第四条　受理单位应当自收到信访事项之日起15日内，书面告知信访人。
法律、法规另有规定的，从其规定。
第五条　本办法自2027年1月1日起施行。
"""


def cadre(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, PHONE)
    page.goto("/practice/daily")
    page.locator("[name=minutes]").first.evaluate(
        "e => e.closest('section, form').scrollIntoView({block: 'center'})"
    )
    shot(page, "cadre-minutes")
    some_answers(page)
    page.goto(f"/practice/mastery/{LAW}")
    shot(page, "cadre-mastery")
    page.goto("/practice/wrong")
    shot(page, "cadre-wrong")
    page.goto("/practice/mock")
    press(page, "开始模拟")
    page.locator(".option").nth(1).click()
    shot(page, "cadre-mock")


def some_answers(page: Page) -> None:
    """A self-test of ten questions, always the first option or two."""
    page.goto("/practice/")
    press(page, "开始自测")
    for _ in range(10):
        page.locator(".option").first.click()
        if page.locator(".question.many").count():
            page.locator(".option").nth(1).click()
        press(page, "提交")
        page.goto(page.locator(".dock a.primary").get_attribute("href") or "/practice/")


def plan(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, DESK)
    page.goto("/practice/plans")
    shot(page, "trainer-plan")


def leader(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, ROOMY)
    for _ in range(WAIT):
        page.goto("/reports/mastery?sort=weakest")
        if page.locator("main table").count():
            break
        page.wait_for_timeout(2000)
    page.evaluate("scrollTo(0, 0)")
    shot(page, "leader-mastery")
    page.goto("/reports/briefing")
    page.locator("main table").first.wait_for()
    shot(page, "leader-briefing")


def trainer(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, ROOMY)
    checked(page, "青石县信访工作办法.txt", DRAFT)
    shot(page, "trainer-regulation")
    page.locator("#tree").evaluate("e => e.scrollIntoView()")
    shot(page, "trainer-regulation-tree")
    text = (ROOT / "question_banks" / LAW / "regulation.md").read_text(encoding="utf-8")
    amended = text.replace("2022-05-01", "2026-11-01").replace("十五日", "十日").replace("15日", "10日")
    checked(page, "信访工作条例（修订）.md", amended)
    press(page, "下一步")
    press(page, "确认入库")
    page.goto(f"/regulations/{LAW}/compare")
    page.locator("ins, del").first.evaluate("e => e.scrollIntoView({block: 'center'})")
    shot(page, "trainer-compare")


def checked(page: Page, name: str, text: str) -> None:
    page.goto("/regulations/import")
    page.set_input_files(
        "input[type=file]", {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    )
    press(page, "识别结构")


def main() -> None:
    with county() as here:
        browser, url, who = here.browser, here.url, here.who
        cadre(browser, url, who["江映雪"])
        plan(browser, url, who["何平"])
        leader(browser, url, who["李文"])
        trainer(browser, url, who["何平"])


if __name__ == "__main__":
    main()
