"""What the scripts that take the pictures of the guides share: the app with a demonstration county, a browser, a shot.

The app runs in a temporary folder of its own. On Debian the browser's own words in forms (dates, 选择文件) are Chinese
only with the package chromium-l10n; the pictures leave them out.
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
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "guide" / "pictures"
LAW = "xinfang-gongzuo-tiaoli"
CHROMIUM = "/usr/bin/chromium"
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "device_scale_factor": 1.25}
DESK = {"viewport": {"width": 1040, "height": 640}}


@contextmanager
def running(folder: str) -> Iterator[str]:
    """The app with a demonstration county on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "quizapp", "serve", "--demo", "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, env={"QUIZAPP_INSTANCE_DIR": folder, "PATH": "/usr/bin:/bin"}
    )
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
    return {
        m[1]: (m[2], m[3]) for m in re.finditer(r"^\s*(\S+?)（.*学法账号：(\d+)\s+口令：(\S+)", text, re.M)
    }


def shot(page: Page, name: str, height: int | None = None) -> None:
    """What the screen shows, or its upper part."""
    page.wait_for_timeout(300)
    size = page.viewport_size or {"width": 0, "height": 0}
    part = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]}
    page.screenshot(path=str(PICTURES / f"{name}.png"), animations="disabled", clip=part)


def press(page: Page, name: str) -> None:
    """Press a button of the page and wait for what it opens."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).locator("visible=true").first.click()


def signed_in(browser: Browser, url: str, who: tuple[str, str], screen: dict) -> Page:
    page = browser.new_context(base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", **screen).new_page()
    page.goto("/sign-in")
    page.fill("input[name=login]", who[0])
    page.fill("input[name=password]", who[1])
    press(page, "登录")
    if page.get_by_role("button", name="已阅读并同意").count():
        press(page, "已阅读并同意")
    return page


def at(page: Page, path: str, name: str) -> None:
    page.goto(path)
    shot(page, name)


@dataclass(frozen=True)
class County:
    """The running app and a browser in front of it. who: name of a person → account and password."""

    url: str
    browser: Browser
    who: dict[str, tuple[str, str]]


@contextmanager
def county() -> Iterator[County]:
    """A demonstration county, until the pictures are taken."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(folder) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if Path(CHROMIUM).exists() else None,
            args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"],
            env={
                "LANGUAGE": "zh_CN",
                "LANG": "zh_CN.UTF-8",
                "LC_ALL": "zh_CN.UTF-8",
                "PATH": "/usr/bin:/bin",
            },  # the browser's own words: 选择文件, dates
        )
        yield County(url, browser, accounts(folder))
        browser.close()
