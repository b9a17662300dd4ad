"""Takes the pictures of the guides from the running app: `python docs/take_pictures.py`.

Walks through the ways of the four kinds of people of a demonstration county in Chromium and writes
docs/guide/pictures/*.png; `camera.py` starts and stops both.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from camera import DESK, LAW, PHONE, ROOT, at, county, press, shot, signed_in
from playwright.sync_api import Browser, Page


def cadre(browser: Browser, url: str, who: tuple[str, str]) -> None:
    door = browser.new_context(base_url=url, locale="zh-CN", **PHONE).new_page()
    at(door, "/sign-in", "cadre-sign-in")
    page = signed_in(browser, url, who, PHONE)
    at(page, "/", "cadre-home")
    at(page, f"/regulations/{LAW}/24", "cadre-article")
    wrong_answer(page)
    page.goto("/my-exams/")
    page.get_by_role("link", name="查看考试").first.click()
    page.get_by_role("checkbox").first.check(force=True)
    press(page, "开始答题")
    page.locator(".option:visible").nth(1).click()
    page.get_by_text("已保存", exact=True).wait_for()
    shot(page, "cadre-exam")


def wrong_answer(page: Page) -> None:
    """Of a self-test, one after the other, until an answer is wrong, which is what the picture shows."""
    page.goto("/practice/")
    press(page, "开始自测")
    for _ in range(10):
        page.locator(".option").first.click()
        if page.locator(".question.many").count():
            page.locator(".option").nth(1).click()
        press(page, "提交")
        if page.get_by_text("回答错误").count():
            break
        with page.expect_navigation():
            page.locator(".dock a.primary").click()
    shot(page, "daily-feedback", height=660)


def trainer(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, DESK)
    exam_of_forms(page)
    questions_of_an_exam(page)
    page.goto(f"/banks/{LAW}/questions/XF-024-01")
    shot(page, "trainer-question", height=555)
    page.goto("/banks/new")
    page.fill("input[name=title]", "县信访局题库")
    page.fill("input[name=slug]", "xianxinfangju")
    press(page, "新建题库")
    page.goto("/banks/xianxinfangju/import")
    questions = (ROOT / "question_banks" / LAW / "questions" / "06-fuze.md").read_text(encoding="utf-8")
    spoilt = questions.replace("答案：", "答案：E", 1)
    file = {"name": "第六章.md", "mimeType": "text/markdown", "buffer": spoilt.encode()}
    page.set_input_files("input[type=file]", file)
    press(page, "检查试题")
    page.get_by_text("尚未写入任何内容").evaluate("e => e.scrollIntoView()")
    shot(page, "trainer-import")
    correction(page)
    over(page)


def over(page: Page) -> None:
    """The page of an exam that is over, with what comes after it."""
    page.goto("/exams/")
    page.get_by_role("link", name="业务测验").first.click()
    page.locator("#life").evaluate("e => scrollBy(0, e.closest('section').getBoundingClientRect().top - 24)")
    shot(page, "trainer-over")


def correction(page: Page) -> None:
    """What the rehearsal of a corrected key shows: the latest exam, its first question."""
    page.goto("/exams/")
    page.get_by_role("link", name="2026年度").first.click()
    page.get_by_role("link", name="更正答案").click()
    page.get_by_role("link", name="更正答案").click()
    press(page, "更正本题")
    answer = page.locator("input[name^=answer-]")
    answer.fill("A" if answer.input_value() != "A" else "B")
    page.select_option("[name=policy]", "new")
    page.fill("[name=reason]", "标准答案有误")
    press(page, "试算")
    page.get_by_role("heading", name="谁的成绩变化").wait_for(timeout=60_000)
    page.locator(".kpis").evaluate("e => e.scrollIntoView()")
    shot(page, "trainer-correction")


def questions_of_an_exam(page: Page) -> None:
    """The annual exam as far as it has been sat, the questions that discriminate least first."""
    page.goto("/analysis/")
    page.get_by_role("link", name="年度").first.click()
    press(page, "开始计算")
    page.get_by_role("heading", name="各题情况").wait_for(timeout=120_000)
    page.goto(f"{page.url}?sort=discrimination")
    page.locator("#items").evaluate("e => e.closest('section').scrollIntoView()")
    shot(page, "trainer-analysis")


def exam_of_forms(page: Page) -> None:
    """A draft with two parallel forms."""
    page.goto("/exams/new")
    page.fill("[name=title]", "2027年度考试")
    page.fill("[name=opens_on]", "2027-11-01")
    page.fill("[name=closes_on]", "2027-11-15")
    press(page, "保存并设置题数")
    press(page, "按题库比例分到各章")
    shot(page, "trainer-blueprint")
    page.select_option("[name=mode]", "forms")
    page.fill("[name=forms_wanted]", "2")
    press(page, "保存并组卷")
    press(page, "开始组卷")
    page.get_by_text("预计分最大差").wait_for(timeout=60_000)
    shot(page, "trainer-papers")
    page.get_by_role("link", name="2027年度考试").first.click()
    page.get_by_role("heading", name="发布前检查").wait_for()
    shot(page, "trainer-exam")


def hall(browser: Browser, url: str, maker: tuple[str, str], candidate: tuple[str, str]) -> None:
    """A session that began a few minutes ago, arranged by who makes exams, and a candidate at its door."""
    page = signed_in(browser, url, maker, DESK)
    page.goto("/exams/")
    page.get_by_role("link", name="年度考试").first.click()
    page.get_by_role("link", name="集中考试").click()
    began = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(minutes=5)
    for name, value in {
        "title": "第一场",
        "hall": "县委党校机房",
        "seats": "30",
        "day": f"{began:%Y-%m-%d}",
        "opens_time": f"{began:%H:%M}",
        "closes_time": "23:59",
    }.items():
        page.fill(f"main [name={name}]", value)
    press(page, "新建场次")
    page.locator("summary", has_text="按账号安排").click()
    page.fill("[name=accounts]", candidate[0])
    press(page, "安排这些考生")
    press(page, "按单位顺序自动安排")
    code = page.locator(".hall-code").inner_text()
    desk = page.get_by_role("link", name="监考页面").get_attribute("href") or ""
    door = browser.new_context(base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", **DESK).new_page()
    at(door, "/hall", "hall-door")
    door.fill("[name=account]", candidate[0])
    door.fill("[name=code]", code)
    press(door, "登录")
    if door.get_by_role("button", name="已阅读并同意").count():
        press(door, "已阅读并同意")
    at(page, desk, "hall-desk")


def leader(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, DESK)
    page.goto("/reports/")
    with page.expect_navigation():
        page.locator("main table a").first.click()
    shot(page, "leader-report")
    page.get_by_role("link", name="单位进度").first.click()
    page.locator(".heat").first.wait_for()
    shot(page, "leader-progress")
    page.go_back()
    page.get_by_role("link", name="上报材料").click()
    page.get_by_role("link", name="预览和下载").click()
    page.locator(".official").evaluate("e => e.scrollIntoView()")
    shot(page, "leader-circular")
    page.goto("/reports/daily")
    page.locator(".kpis").evaluate("e => e.scrollIntoView()")
    shot(page, "leader-daily")


def unit_administrator(browser: Browser, url: str, maker: tuple[str, str], who: tuple[str, str]) -> None:
    """Somebody of 县信访局 who administers it from now on."""
    page = signed_in(browser, url, maker, DESK)
    page.goto(f"/grants?login={who[0]}")
    page.select_option("[name=role]", "unit_administrator")
    page.select_option("[name=unit]", label="\u3000县信访局")
    press(page, "授予角色")
    page = signed_in(browser, url, who, DESK)
    at(page, "/", "unit-desk")
    page.goto("/people/slips?only=none")
    shot(page, "unit-slips")


def administrator(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, DESK)
    page.goto("/people/import")
    sheet = "姓名,单位编码,工号,职务\n新同事,QS-Z02-1,00123,工作人员\n,QS-Z02-1,00124,\n又一位,QS-Z99,,\n"
    file = {"name": "人员.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    page.set_input_files("input[type=file]", file)
    press(page, "检查文件")
    shot(page, "administrator-import")
    at(page, "/settings", "administrator-settings")
    page.goto("/people")
    for number in (2, 3):
        page.locator("main .pick").nth(number).click()
    press(page, "打印所选人员口令条")
    press(page, "生成并显示口令条")
    shot(page, "administrator-slips", height=420)


def main() -> None:
    with county() as here:
        browser, url, who = here.browser, here.url, here.who
        hall(browser, url, who["何平"], who["江映雪"])
        cadre(browser, url, who["江映雪"])
        trainer(browser, url, who["何平"])
        leader(browser, url, who["李文"])
        administrator(browser, url, who["周明"])
        unit_administrator(browser, url, who["周明"], who["江映雪"])


if __name__ == "__main__":
    main()
