"""Takes the pictures of the guides from the running app: `python docs/take_pictures.py`.

Starts the app with a demonstration county of its own in a temporary folder, walks through the ways of the four kinds
of people in Chromium, writes docs/guide/pictures/*.png, and stops the app.
"""

import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "guide" / "pictures"
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "device_scale_factor": 1.5}
DESK = {"viewport": {"width": 1280, "height": 860}}


@contextmanager
def running(folder: str) -> Iterator[str]:
    """The app with a demonstration county on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "quizapp", "serve", "--demo", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env={"QUIZAPP_INSTANCE_DIR": folder, "PATH": "/usr/bin:/bin"})
    try:
        for _ in range(300):
            time.sleep(0.5)
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz")
                break
            except OSError:
                continue
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def accounts(folder: str) -> dict[str, tuple[str, str]]:
    """Name: account and password of the four people."""
    text = (Path(folder) / "demo.txt").read_text(encoding="utf-8")
    return {m[1]: (m[2], m[3]) for m in re.finditer(r"(\S+?)（.*学法账号：(\d+)\s+口令：(\S+)", text)}


def shot(page: Page, name: str) -> None:
    page.wait_for_timeout(300)
    page.screenshot(path=str(PICTURES / f"{name}.png"))


def signed_in(browser: Browser, url: str, who: tuple[str, str], screen: dict) -> Page:
    page = browser.new_context(base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", **screen).new_page()
    page.goto("/sign-in")
    page.fill("input[name=login]", who[0])
    page.fill("input[name=password]", who[1])
    page.click("main button.primary")
    if page.locator("input[type=checkbox]").count():
        page.locator("input[type=checkbox]").first.check(force=True)
        page.click("main button.primary")
    return page


def cadre(browser: Browser, url: str, who: tuple[str, str]) -> None:
    door = browser.new_context(base_url=url, locale="zh-CN", **PHONE).new_page()
    door.goto("/sign-in")
    shot(door, "cadre-sign-in")
    page = signed_in(browser, url, who, PHONE)
    page.goto("/")
    shot(page, "cadre-home")
    page.goto("/regulations/xinfang-gongzuo-tiaoli/24")
    shot(page, "cadre-article")
    page.goto("/practice/daily")
    page.click("main button.primary")
    for _ in range(5):  # until an answer is wrong, which is what the picture shows
        page.locator("label.option").first.click()
        page.click(".dock button.primary, main button.primary")
        page.wait_for_load_state()
        if page.get_by_text("回答错误").count():
            break
        page.click(".dock .primary, main .primary")
        page.wait_for_load_state()
    shot(page, "daily-feedback")
    page.goto("/my-exams/")
    page.click("main a.primary")
    page.locator("main input[type=checkbox]").first.check(force=True)
    page.click("main button.primary")
    page.wait_for_url("**/attempts/**")
    page.wait_for_timeout(800)
    page.locator("label.option:visible").nth(1).click()
    page.wait_for_timeout(2500)
    shot(page, "cadre-exam")


def trainer(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, DESK)
    page.goto("/exams/new")
    shot(page, "trainer-exam")
    page.goto("/banks/xinfang-gongzuo-tiaoli/questions/XF-024-01")
    shot(page, "trainer-question")
    page.goto("/banks/new")
    page.fill("input[name=title]", "县信访局题库")
    page.fill("input[name=slug]", "xianxinfangju")
    page.click("main button.primary")
    page.goto("/banks/xianxinfangju/import")
    questions = (ROOT / "question_banks/xinfang-gongzuo-tiaoli/questions/06-fuze.md").read_text(encoding="utf-8")
    spoilt = questions.replace("答案：", "答案：E", 1)
    file = {"name": "第六章.md", "mimeType": "text/markdown", "buffer": BytesIO(spoilt.encode()).getvalue()}
    page.set_input_files("input[type=file]", file)
    page.click("main button.primary")
    shot(page, "trainer-import")


def leader(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, DESK)
    page.goto("/reports/")
    page.click("main table a")
    shot(page, "leader-report")
    page.goto("/reports/daily")
    shot(page, "leader-daily")


def administrator(browser: Browser, url: str, who: tuple[str, str]) -> None:
    page = signed_in(browser, url, who, DESK)
    page.goto("/people/import")
    sheet = "姓名,单位编码,工号,职务\n新同事,QS-Z02-1,00123,工作人员\n,QS-Z02-1,00124,\n又一位,QS-Z99,,\n"
    file = {"name": "人员.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    page.set_input_files("input[type=file]", file)
    page.click("main button.primary")
    shot(page, "administrator-import")
    page.goto("/settings")
    shot(page, "administrator-settings")
    page.goto("/people")
    for number in range(6):
        page.locator("main table input[type=checkbox]").nth(number).check(force=True)
    page.get_by_role("button", name=re.compile("口令条")).first.click()
    page.wait_for_load_state()
    page.locator("main button.primary, main button.danger").first.click()
    page.wait_for_load_state()
    shot(page, "administrator-slips")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder, running(folder) as url, sync_playwright() as playwright:
        path = chromium if Path(chromium).exists() else None
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        who = accounts(folder)
        cadre(browser, url, who["江映雪"])
        trainer(browser, url, who["何平"])
        leader(browser, url, who["李文"])
        administrator(browser, url, who["周明"])
        browser.close()


if __name__ == "__main__":
    main()
